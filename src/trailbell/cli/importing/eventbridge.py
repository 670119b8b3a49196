"""EventBridge event patterns as rules: `detail` is the rule's pattern already, the envelope becomes record fields."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from trailbell.cli.importing.naming import Ids, make_id, sentences
from trailbell.cli.importing.result import Draft, Effect, Imported, Loss
from trailbell.cli.importing.templates import FoundPattern, find_patterns
from trailbell.contract.names import API_CALL
from trailbell.operations import load_operations

_EVENT_TYPES = {
    API_CALL: "AwsApiCall",
    "AWS Console Action via CloudTrail": "AwsConsoleAction",
    "AWS Console Sign In via CloudTrail": "AwsConsoleSignIn",
    "AWS Console Signin via CloudTrail": "AwsConsoleSignIn",
    "AWS Insight via CloudTrail": "AwsCloudTrailInsight",
    "AWS Service Event via CloudTrail": "AwsServiceEvent",
}
"""`detail-type` (EventBridge's guide, "AWS service events delivered via CloudTrail") and the record's `eventType`."""
_SAME = {"account": "recipientAccountId", "region": "awsRegion"}
"""Fields of the envelope that the record has, too."""


class _NotOursError(ValueError):
    """A pattern for events that are no CloudTrail records."""


class _Reader:
    """Reads one pattern, and keeps what is lost of it."""

    def __init__(self, found: FoundPattern, file: str) -> None:
        self.title = found.name or PurePath(file).stem
        self._found, self._file = found, file
        self.losses: list[Loss] = []

    def lose(self, what: str, why: str, effect: Effect) -> None:
        self.losses.append(Loss(file=self._file, line=1, rule=self.title, what=what, why=why, effect=effect))

    def match(self) -> dict[str, Any]:
        """Return the pattern on the record. Raises _NotOursError."""
        pattern = self._found.pattern
        if "$or" in pattern:
            raise _NotOursError("$or: it joins patterns on the envelope; make a rule of each")
        detail = pattern.get("detail", {})
        if not isinstance(detail, Mapping):
            raise _NotOursError("detail: it is no object of fields")
        named = set(_top_fields(detail))
        envelope = {
            "eventSource": self._sources(pattern.get("source"), named=named),
            "eventType": self._event_types(pattern.get("detail-type")),
            **{record: self._same(field, pattern.get(field)) for field, record in _SAME.items()},
        }
        for field in pattern.keys() - {"source", "detail-type", "detail", *_SAME}:
            self.lose(field, "a CloudTrail record has no such field of the envelope", "fires more")
        added = {field: values for field, values in envelope.items() if values and field not in named}
        return {**added, **detail} or {"eventName": [{"exists": True}]}

    def _sources(self, values: Any, *, named: set[str]) -> list[Any]:
        """Return event sources: `aws.ec2` is ec2.amazonaws.com, but where the service's name differs."""
        known = load_operations().sources
        found: list[Any] = []
        for value in values if isinstance(values, list) else []:
            if isinstance(value, Mapping) and str(value.get("prefix", "-")) in ("", "aws", "aws."):
                return []
            if not isinstance(value, str):
                return [] if "eventSource" in named else self._open("source", f"{value} has no form in the record")
            if not value.startswith("aws."):
                self.lose("source", f"{value} sends no CloudTrail records", "fires less")
                continue
            source = f"{value.removeprefix('aws.')}.amazonaws.com"
            if source not in known and "eventSource" not in named:
                return self._open("source", f"the event source of {value} is not known")
            found.append(source)
        if values and not found:
            raise _NotOursError("source: no CloudTrail record comes from there")
        return found

    def _open(self, field: str, why: str) -> list[Any]:
        self.lose(field, why, "fires more")
        return []

    def _event_types(self, values: Any) -> list[Any]:
        found: list[str] = []
        for value in values if isinstance(values, list) else []:
            if not isinstance(value, str):
                return []  # such as a suffix `via CloudTrail`
            if value in _EVENT_TYPES:
                found.append(_EVENT_TYPES[value])
            else:
                self.lose("detail-type", f"{value} is no event of CloudTrail", "fires less")
        if values and not found:
            raise _NotOursError("detail-type: it asks for no events of CloudTrail")
        return list(dict.fromkeys(found))

    def _same(self, field: str, values: Any) -> list[Any]:
        if not isinstance(values, list):
            return []
        if any(isinstance(value, Mapping) and {"Ref", "Fn::Sub"} & value.keys() for value in values):
            return self._open(field, "CloudFormation fills it in at deployment")
        return list(values)


def _top_fields(detail: Mapping[str, Any]) -> list[str]:
    """Return the fields that a pattern speaks of, those in `$or` too."""
    names = []
    for key, value in detail.items():
        if key == "$or" and isinstance(value, list):
            names += [name for branch in value if isinstance(branch, Mapping) for name in _top_fields(branch)]
        else:
            names.append(key.split(".")[0])
    return names


def import_eventbridge(files: Sequence[tuple[str, str]]) -> Imported:
    """Import the event patterns of files, each a name and its text."""
    imported, ids = Imported(), Ids()
    for file, text in files:
        try:
            patterns = find_patterns(text)
        except ValueError as error:
            why = f"it is neither JSON nor YAML: {error}"
            imported.losses.append(Loss(file=file, line=1, rule="", what="the file", why=why, effect="not imported"))
            continue
        if not patterns:
            imported.losses.append(
                Loss(
                    file=file, line=1, rule="", what="the file", why="it holds no event pattern", effect="not imported"
                )
            )
        for found in patterns:
            _import(found, file, ids, imported)
    return imported


def _import(found: FoundPattern, file: str, ids: Ids, imported: Imported) -> None:
    reader = _Reader(found, file)
    try:
        match = reader.match()
    except _NotOursError as error:
        what, _, why = str(error).partition(": ")
        imported.losses.append(Loss(file=file, line=1, rule=reader.title, what=what, why=why, effect="not imported"))
        return
    document = {
        "id": ids.take(make_id("eventbridge", reader.title)),
        "title": sentences((found.description,)).rstrip(".") or reader.title,
        "severity": "medium",
        "match": match,
        **({} if found.enabled else {"enabled": False}),
    }
    origin = f"EventBridge rule {found.name}" if found.name else "EventBridge event pattern"
    imported.drafts.append(Draft(document=document, file=file, line=1, origin=origin))
    imported.losses += reader.losses
