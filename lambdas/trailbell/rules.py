"""Rules, checked and typed: what deserves an alert, and how it is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from trailbell.pattern import Pattern

Severity = Literal["info", "low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""Mildest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dedupe:
    """Repeats of a finding with the same key within the window are counted, not sent."""

    by: tuple[str, ...]
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
    """Sentence with placeholders (`alert.PLACEHOLDERS`); None leaves the words to `normalise.summary`."""
    runbook: str | None = None
    """A URL or a few numbered steps."""
    references: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dedupe: Dedupe | None = None
    threshold: Threshold | None = None
    first_seen: FirstSeen | None = None
    pack: str | None = None
    """The pack it ships in; None for the account's own rules."""

    def to_json(self) -> dict[str, Any]:
        """Return the compiled form: plain JSON that `from_json` reads back without YAML or pydantic."""
        raise NotImplementedError

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Rule":
        """Read the compiled form. Raises ConfigError where it is not one."""
        raise NotImplementedError
