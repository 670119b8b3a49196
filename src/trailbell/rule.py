"""Rules, checked and typed: what deserves an alert, and how it is said."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from dataclasses import fields as dataclass_fields
from typing import Any, Literal, TypeVar, get_args

from trailbell.codec import Fields
from trailbell.named_values import known_names, named_values, present_names
from trailbell.pattern import Pattern
from trailbell.summary_template import present_summary, stored_summary

Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Mildest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dedupe:
    """Repeats of a finding with the same key within the window are counted, not sent."""

    by: tuple[str, ...]
    """What may be named for a key (`named_values`), here and below. The rule's id is always part of the key."""
    window_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """Alert once `count` findings with the same key fall in one window."""

    count: int
    by: tuple[str, ...]
    window_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSeen:
    """Alert when a key's value was not seen within the window before."""

    by: tuple[str, ...]
    window_seconds: int
    warm_up_seconds: int = 0
    """How long the rule only learns, from the first time that it saw anything at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule, ready to match."""

    id: str
    title: str
    severity: Severity
    match: Pattern
    exceptions: tuple[Pattern, ...] = ()
    """Any of these patterns: no alert (`except` in the file)."""
    description: str = ""
    summary: str | None = None
    """Sentence with placeholders (`summary_template.placeholders`); None leaves them to `words.sentence`."""
    runbook: str | None = None
    """A URL or a few numbered steps."""
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dedupe: Dedupe | None = None
    threshold: Threshold | None = None
    first_seen: FirstSeen | None = None
    routes: tuple[str, ...] = ()
    """Destinations of this rule's alerts; empty leaves the choice to the config's routes."""
    pack: str | None = None
    """The pack it ships in; None for the account's own rules."""

    def to_json(self) -> dict[str, Any]:
        """Return the compiled form: plain JSON that `from_json` reads back without YAML or pydantic."""
        document: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "severity": self.severity,
            "match": self.match.source,
            "except": [pattern.source for pattern in self.exceptions],
            "description": self.description,
            "summary": self.summary and stored_summary(self.summary),
            "runbook": self.runbook,
            "references": list(self.references),
            "tags": list(self.tags),
            "dedupe": _window_to_json(self.dedupe),
            "threshold": _window_to_json(self.threshold),
            "first_seen": _window_to_json(self.first_seen),
            "routes": list(self.routes),
            "pack": self.pack,
        }
        return {key: value for key, value in document.items() if value}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Rule":
        """Read the compiled form. Raises ConfigError with rule and field."""
        fields = Fields(document, "rule", _COMPILED_FIELDS)
        severity = fields.text("severity")
        if severity not in SEVERITIES:
            raise fields.error("severity", f"there is no {severity!r}; use one of {', '.join(SEVERITIES)}")
        summary = fields.optional_text("summary")
        return cls(
            id=fields.text("id"),
            title=fields.text("title"),
            severity=severity,
            match=fields.read("match", fields.value("match"), Pattern.parse),
            exceptions=fields.each("except", Pattern.parse),
            description=fields.text("description", ""),
            summary=summary and present_summary(summary),
            runbook=fields.optional_text("runbook"),
            references=fields.texts("references"),
            tags=fields.texts("tags"),
            dedupe=_read_window(fields, "dedupe", Dedupe),
            threshold=_read_window(fields, "threshold", Threshold),
            first_seen=_read_window(fields, "first_seen", FirstSeen),
            routes=fields.texts("routes"),
            pack=fields.optional_text("pack"),
        )


_COMPILED_FIELDS = frozenset({"except", *(each.name for each in dataclass_fields(Rule))} - {"exceptions"})

_Window = TypeVar("_Window", Dedupe, Threshold, FirstSeen)
_WINDOW_FIELDS: Mapping[type, tuple[set[str], set[str]]] = {
    kind: ({each.name for each in all_ if each.default is MISSING}, {each.name for each in all_})
    for kind in (Dedupe, Threshold, FirstSeen)
    for all_ in [dataclass_fields(kind)]
}
"""The fields that a window must have, and all that it may have."""


def _window_to_json(window: Dedupe | Threshold | FirstSeen | None) -> dict[str, Any] | None:
    if window is None:
        return None
    names = [known_names("key")[name].stored_as("key") for name in window.by]
    document: dict[str, Any] = {"by": names, "window_seconds": window.window_seconds}
    if isinstance(window, Threshold):
        return document | {"count": window.count}
    if isinstance(window, FirstSeen) and window.warm_up_seconds:
        return document | {"warm_up_seconds": window.warm_up_seconds}
    return document


def _read_window(fields: Fields, name: str, kind: type[_Window]) -> _Window | None:
    document = fields.value(name, None)
    return None if document is None else fields.read(name, document, lambda value: _window(value, kind))


def _window(document: Any, kind: type[_Window]) -> _Window:
    """Raise TypeError or ValueError where it is no such window."""
    wanted, known = _WINDOW_FIELDS[kind]
    if not isinstance(document, Mapping) or not wanted <= document.keys() <= known:
        raise TypeError(f"it must be an object with {', '.join(sorted(wanted))}")
    by = document["by"]
    if not isinstance(by, list) or not all(isinstance(key, str) and key in known_names("key") for key in by):
        raise ValueError(f"by: it must be a list of these: {', '.join(sorted(named_values('key')))}")
    for number in sorted(set(document) - {"by"}):
        value = document[number]
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"{number}: it must be a whole number above 0")
    return kind(**{**document, "by": present_names("key", by)})
