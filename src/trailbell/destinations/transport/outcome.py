"""What became of one attempt to hand over an alert."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt."""

    kind: Literal["delivered", "try-later", "refused"]
    """`try-later`: the same may be taken another time. `refused`: it never will."""
    reason: str = ""
    """The destination's own word for it; never holds the alert or a secret."""
    retry_after_seconds: int | None = None
    """What the destination asked to wait."""


DELIVERED = Outcome(kind="delivered")
