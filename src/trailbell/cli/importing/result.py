"""What an import comes to: rules, and what could not be carried over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Effect = Literal["not imported", "fires more", "fires less", "fires differently"]
"""What a loss does: to a rule as a whole, or to when the imported rule alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Something that could not be carried over."""

    file: str
    line: int
    """From 1."""
    rule: str
    """Its title or name; empty where the whole file is meant."""
    what: str
    """The part that is lost: a field, a modifier, a key."""
    why: str
    effect: Effect

    def __str__(self) -> str:
        """Say it in one line."""
        named = f"{self.rule}: " if self.rule else ""
        return f"{self.file}:{self.line}: {self.effect}: {named}{self.what}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A rule as it will be written, and where it comes from."""

    document: Mapping[str, Any]
    """The rule as our YAML has it, without tests."""
    file: str
    line: int
    origin: str
    """What it was made of, for the comment above it."""

    @property
    def id(self) -> str:
        """The rule's id."""
        return str(self.document["id"])

    def with_fields(self, **fields: Any) -> "Draft":
        """Return it with fields changed; None takes one out."""
        document = {key: value for key, value in {**self.document, **fields}.items() if value is not None}
        return replace(self, document=document)


@dataclass(slots=True, kw_only=True)
class Imported:
    """All that was read."""

    drafts: list[Draft] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    """What Trailbell's own check says of the imported rules."""

    def extend(self, drafts: Sequence[Draft], losses: Sequence[Loss]) -> None:
        """Add what one file came to."""
        self.drafts.extend(drafts)
        self.losses.extend(losses)
