"""Names for imported rules, and the words around them."""

import re
from collections.abc import Iterable

_LONGEST_ID = 60
_UNITS_SECONDS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def make_id(kind: str, name: str) -> str:
    """Return a rule id: where it is from, and its name in small letters, digits and hyphens."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    for noise in ("aws-cloudtrail-", "aws-"):
        words = words.removeprefix(noise)
    return f"{kind}-{words}"[:_LONGEST_ID].rstrip("-") if words else kind


class Ids:
    """Gives each id once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str) -> str:
        """Return the id, with a number where it is taken."""
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._taken.add(found)
        return found


def spell_duration(seconds: int) -> str:
    """Spell seconds as a config does: 90s, 15m, 2h, 30d."""
    return next(f"{seconds // size}{unit}" for unit, size in _UNITS_SECONDS if seconds % size == 0)


def sentences(parts: Iterable[str]) -> str:
    """Join texts, each as one or more sentences."""
    texts = [" ".join(part.split()) for part in parts]
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts if text)
