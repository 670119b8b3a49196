"""Sigma's correlations as thresholds: so many events of a rule within a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sigma.correlations import SigmaCorrelationTimespan
from sigma.exceptions import SigmaError

from trailbell.authoring.shape.values import MAX_WINDOW_SECONDS
from trailbell.cli.importing.logic import Lost, Plan
from trailbell.cli.importing.naming import Ids, spell_duration
from trailbell.cli.importing.places import Document
from trailbell.cli.importing.result import Draft, Effect, Loss
from trailbell.cli.importing.sigma.meta import read_meta

_KEYS = {
    "awsregion": "region",
    "errorcode": "error_code",
    "eventname": "event_name",
    "eventsource": "event_source",
    "recipientaccountid": "account",
    "sourceipaddress": "source_ip",
    "useridentity.accesskeyid": "access_key",
    "useridentity.arn": "session",
    "useridentity.principalid": "session",
    "useridentity.sessioncontext.sessionissuer.arn": "principal",
    "useridentity.username": "principal",
}
"""Fields in small letters, and the keys that tell the same events apart."""
_MOST_COUNTED = 1_000


class _NotOursError(ValueError):
    """A correlation that Trailbell has nothing for."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(why)
        self.lost = Lost(what=what, why=why)


def draft_correlation(
    document: Document, plans_of: Mapping[str, Sequence[Plan]], ids: Ids
) -> tuple[list[Draft], list[Loss]]:
    """Return the rule that a correlation comes to, and what is lost of it. `plans_of` has the rules by id and name."""
    meta, place = read_meta(document.value), document.place
    losses: list[Loss] = []

    def lose(lost: Lost, effect: Effect) -> None:
        line = place.line_of(lost.what)
        losses.append(Loss(file=place.file, line=line, rule=meta.title, what=lost.what, why=lost.why, effect=effect))

    try:
        correlation = document.value["correlation"] if isinstance(document.value["correlation"], Mapping) else {}
        plan = _counted_plan(correlation, plans_of)
        threshold, lost = _threshold(correlation)
    except _NotOursError as error:
        lose(error.lost, "not imported")
        return [], losses
    for item, effect in lost:
        lose(item, effect)
    more = {"threshold": threshold} if threshold["count"] > 1 else {}
    return meta.draft([plan], place, ids, **more), losses


def _counted_plan(correlation: Mapping[str, Any], plans_of: Mapping[str, Sequence[Plan]]) -> Plan:
    if correlation.get("type") != "event_count":
        raise _NotOursError("type", f"Trailbell counts events, and has nothing for {correlation.get('type')}")
    listed = correlation.get("rules")
    names = [str(name) for name in (listed if isinstance(listed, list) else [listed])]
    if not names:
        raise _NotOursError("rules", "it names no rule to count")
    missing = [name for name in names if name not in plans_of]
    if missing:
        raise _NotOursError("rules", f"the rule {missing[0]} is not among those that were imported")
    plans = [plan for name in names for plan in plans_of[name]]
    if len({repr(plan.exceptions) for plan in plans}) > 1:
        raise _NotOursError("rules", "what it counts has exceptions that do not hold for all of it")
    if len(plans) == 1:
        return plans[0]
    return Plan(match={"$or": [plan.match for plan in plans]}, exceptions=plans[0].exceptions)


def _threshold(correlation: Mapping[str, Any]) -> tuple[dict[str, Any], list[tuple[Lost, Effect]]]:
    lost: list[tuple[Lost, Effect]] = []
    count = _count(correlation.get("condition"), lost)
    try:
        seconds = SigmaCorrelationTimespan(str(correlation.get("timespan"))).seconds
    except SigmaError as error:
        raise _NotOursError("timespan", str(error)) from error
    if seconds > MAX_WINDOW_SECONDS:
        raise _NotOursError("timespan", f"the longest window is {MAX_WINDOW_SECONDS // 86_400}d")
    return {"count": count, "by": _keys(correlation, lost), "window": spell_duration(seconds)}, lost


def _count(condition: Any, lost: list[tuple[Lost, Effect]]) -> int:
    items = dict(condition) if isinstance(condition, Mapping) else {}
    operator = next((name for name in ("gte", "gt", "eq") if type(items.get(name)) is int), None)
    if operator is None:
        raise _NotOursError("condition", "Trailbell alerts when at least so many events came: gte, gt or eq")
    count = int(items[operator]) + (operator == "gt")
    if operator == "eq":
        lost.append((Lost(what="condition", why=f"eq is taken for gte: {count} events or more"), "fires more"))
    if not 1 <= count <= _MOST_COUNTED:
        raise _NotOursError("condition", f"a threshold counts from 2 to {_MOST_COUNTED:,}")
    return count


def _keys(correlation: Mapping[str, Any], lost: list[tuple[Lost, Effect]]) -> list[str]:
    fields = correlation.get("group-by")
    keys: list[str] = []
    for field in (fields if isinstance(fields, list) else [fields]) if fields else []:
        key = _KEYS.get(str(field).lower())
        if key is None:
            why = f"no key of a threshold is {field}: it counts without"
            lost.append((Lost(what="group-by", why=why), "fires more"))
        elif key not in keys:
            keys.append(key)
    return keys or ["rule"]
