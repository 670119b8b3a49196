"""Takes out of a record whatever is or may be a secret: by the name of its field, by its event and by its shape.

CloudTrail itself hides many secrets (`HIDDEN_DUE_TO_SECURITY_REASONS`), but not what services it does not know, what
users put into free text, or the session credentials in a response. Ids stay: of access keys, of secrets, of tokens.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from trailbell.call.values import MAX_DEPTH, text
from trailbell.redact.secret_names import flatten, holds_secret, holds_secret_number, is_bundle, is_harmless
from trailbell.redact.secret_shapes import REDACTED, names_key, redact_text

__all__ = ["REDACTED", "TOO_DEEP", "redact"]

TOO_DEEP = "[left out: nested too deep]"
LONGEST_JSON = 131_072
"""Characters of a string that is read as JSON; longer ones are searched by shape only."""
LONGEST_HARMLESS_KEY = 16
"""Characters; no secret with a shape of its own is shorter."""

_NAME_FIELDS = (
    "name", "key", "parameterkey", "parametername", "optionname", "headername", "attributename", "attribute", "variable",
    "field", "option", "propertyname", "settingname",
)  # fmt: skip
_VALUE_FIELD = re.compile(
    r"^values?$|(?:parameter|option|header|attribute|string|binary|property|setting|resolved)values?$"
)
"""Of a pair such as `{"parameterKey": "DBPassword", "parameterValue": ...}`: the one gives the other away."""
_ENVIRONMENT_NAMESPACE = "aws:elasticbeanstalk:application:environment"
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
_REFERENCE = re.compile(
    r"arn:aws[a-z-]*:(?:secretsmanager|ssm|kms|iam|acm|acm-pca|s3|sts|rds|codeconnections|codestar-connections):[^\s\"']+"
    r"|(?:AKIA|ASIA)[A-Z0-9]{12,28}|alias/[A-Za-z0-9/_-]+"
    r"|\{\{resolve:(?:ssm|ssm-secure|secretsmanager):[^\s{}]+\}\}"
)
"""Values that point at a secret and are none."""
_EVENT_SECRETS: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = (
    ("apigateway.amazonaws.com", re.compile("ApiKey"), frozenset({"value"})),
    ("ssm.amazonaws.com", re.compile("Parameter"), frozenset({"value"})),
    ("appsync.amazonaws.com", re.compile("ApiKey"), frozenset({"id"})),
)
"""Event source, part of the event's name, fields (flat) that are secrets in that event only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in the record a value stands."""

    depth_left: int = MAX_DEPTH
    event_secrets: frozenset[str] = frozenset()
    within_secret: bool = False
    """Whether a field above is named like a secret."""
    within_bundle: bool = False
    """Whether users keep settings of their own here."""
    beside_key: bool = False
    """Whether an access key id is in the same object."""

    def below(self) -> "_Place":
        # By hand: `replace` takes three times as long, and every object of a record asks.
        return _Place(
            depth_left=self.depth_left - 1,
            event_secrets=self.event_secrets,
            within_secret=self.within_secret,
            within_bundle=self.within_bundle,
            beside_key=self.beside_key,
        )


def redact(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of the record without its secrets; the record itself stays as it is."""
    source, name = text(record.get("eventSource")) or "", text(record.get("eventName")) or ""
    secrets: frozenset[str] = frozenset().union(
        *(fields for service, part, fields in _EVENT_SECRETS if service == source and part.search(name))
    )
    place = _Place()
    own = replace(place, event_secrets=secrets)
    bodies = {"requestParameters", "responseElements"}
    return {key: _redact(flatten(key), value, own if key in bodies else place) for key, value in record.items()}


def _redact(flat: str, value: object, place: _Place) -> Any:
    if isinstance(value, str):  # first: it is what most values are
        return _redact_string(flat, value, place)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return REDACTED if place.within_bundle or holds_secret_number(flat) else value
    if place.depth_left == 0:
        return TOO_DEEP
    below = place.below()
    if isinstance(value, list):
        return [_redact(flat, item, below) for item in value]
    return _redact_mapping(flat, value, below) if isinstance(value, Mapping) else value


def _redact_string(flat: str, value: str, place: _Place) -> str:
    if not value:
        return value
    if place.within_bundle or flat in place.event_secrets:
        return REDACTED
    if (holds_secret(flat) or (place.within_secret and not is_harmless(flat))) and not _REFERENCE.fullmatch(value):
        return REDACTED
    return redact_text(_redact_json(flat, value, place), beside_key=place.beside_key)


def _redact_json(flat: str, value: str, place: _Place) -> str:
    """Return a string that holds JSON without the secrets that its names give away; any other string as it is."""
    if not value.lstrip()[:2].startswith(("{", "[", '"{', '"[')) or len(value) > LONGEST_JSON or not place.depth_left:
        return value
    try:
        held = json.loads(value)
    except (ValueError, RecursionError):
        return value
    clean = _redact(flat, held, place.below())
    return value if clean == held else json.dumps(clean, ensure_ascii=False)


def _redact_mapping(flat: str, value: Mapping[str, Any], place: _Place) -> dict[str, Any]:
    if flat == "userdata":
        return dict.fromkeys(map(_clean_key, value), REDACTED)
    flats = {key: flatten(key) for key in value}
    inside = _place_inside(flat, value, place)
    pair_name = next((value[key] for key, short in flats.items() if short in _NAME_FIELDS and text(value[key])), None)
    secret_pair = pair_name is not None and _is_secret_pair(flat, str(pair_name), value)
    clean: dict[str, Any] = {}
    for key, short in flats.items():
        # Of {name: DB_HOST, value: ...} the name may stay; of {DB_HOST: ...} it is the key.
        kept = pair_name is not None and (short in _NAME_FIELDS or short == "type")
        goes = (
            (secret_pair and _VALUE_FIELD.search(short) is not None)
            or (flat == "environment" and _is_variable(key))
            or place.within_bundle
            or is_bundle(flat)
        )
        there = replace(inside, within_bundle=True) if goes and not kept else inside
        clean[_clean_key(key)] = _redact(short, value[key], there)
    return clean


def _place_inside(flat: str, value: Mapping[str, Any], place: _Place) -> _Place:
    """Return where an object's fields stand."""
    return _Place(
        depth_left=place.depth_left,
        event_secrets=frozenset() if flat == "tags" else place.event_secrets,
        within_secret=place.within_secret or holds_secret(flat),
        beside_key=any(isinstance(item, str) and names_key(item) for item in value.values()),
    )


def _is_secret_pair(flat: str, name: str, pair: Mapping[str, Any]) -> bool:
    """Tell whether the value of a name and value pair is a secret."""
    return (
        holds_secret(flatten(name))
        or flat == "environment"  # ECS lists pairs under it; CodeBuild's `environment` is an object of other settings
        or pair.get("isValueSecret") is True
        or pair.get("noEcho") is True
        or pair.get("type") == "SecureString"
        or pair.get("namespace") == _ENVIRONMENT_NAMESPACE
    )


def _is_variable(key: object) -> bool:
    return isinstance(key, str) and _VARIABLE.fullmatch(key) is not None


def _clean_key(key: str) -> str:
    return redact_text(key) if isinstance(key, str) and len(key) > LONGEST_HARMLESS_KEY else key
