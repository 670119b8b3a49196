"""A finding: a rule matched a record. And what becomes of it."""

from dataclasses import dataclass

from trailbell.contract.outcomes import Outcome
from trailbell.record import Record
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule matched a record."""

    rule: Rule
    record: Record
    """Redacted."""
    test: bool
    """Whether it came from `trailbell.test`. Tests share no state with what AWS sent: they could hide it."""
    suppression_id: str | None = None
    """The suppression that holds it back; None where none does."""

    @property
    def id(self) -> str:
        """Return `<event id>/<rule id>`, which is the alert's id too."""
        return f"{self.record.event.id}/{self.rule.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindow:
    """A window that a finding opened: until it ends, repeats are counted and not sent."""

    key: str
    ends_at_ms: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a finding."""

    outcome: Outcome
    repeats: int = 0
    """Findings of the same key that were counted, not sent, and not told by a follow-up either."""
    occurrences: int = 1
    """How many findings made this alert: more than one for a threshold."""
    within_seconds: int | None = None
    """The time they fell in: the threshold's window; None without a threshold."""
    examples: tuple[str, ...] = ()
    """Event ids of the latest of them."""
    opened: tuple[OpenWindow, ...] = ()
    """The windows that it opened, to be told of when they are over."""
