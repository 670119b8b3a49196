"""The JSON alert."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from trailbell.alert import Alert, RuleInfo
from trailbell.errors import RecordError
from trailbell.record import Event, Origin, Principal, Resource


def to_document(alert: Alert) -> dict[str, Any]:
    """Return the JSON alert."""
    document = asdict(alert)
    document["event"]["time"] = alert.event.time.isoformat()
    document["alerted_at"] = alert.alerted_at.isoformat()
    return document


def from_document(document: Mapping[str, Any]) -> Alert:
    """Read the JSON alert."""
    try:
        fields = dict(document)
        fields["event"] = Event(**{**document["event"], "time": datetime.fromisoformat(document["event"]["time"])})
        fields["principal"] = Principal(**document["principal"])
        fields["origin"] = Origin(**document["origin"])
        fields["rule"] = RuleInfo(**document["rule"])
        fields["resources"] = tuple(Resource(**resource) for resource in document["resources"])
        fields["alerted_at"] = datetime.fromisoformat(document["alerted_at"])
        return Alert(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise RecordError(f"not an alert: {error!r}") from error
