"""Fills in commands of the AWS CLI with values that it takes as values and nothing else."""

from collections.abc import Iterable, Iterator, Mapping

from trailbell.call.lookup import Call
from trailbell.call.values import ABSENT

MOST_IDS = 20
"""More ids than this make a command that nobody checks: none is offered."""
LONGEST_VALUE = 512


def fill_command(template: str, call: Call) -> list[str] | None:
    """Return the words of a command as `Service.undo` has it; None where a value is missing or unsafe, or too many."""
    words: list[str] = []
    for word in template.split():
        if not word.startswith("{"):
            words.append(word)
            continue
        path = word[1:-1]
        root = call.response if path.startswith(">") else call.request
        found = list(_values(root, path.lstrip(">?").split(".")))
        if not found and path.startswith("?"):
            words.pop()  # the option goes with its value
            continue
        values = safe_values(found)
        if not values or len(values) != len(found) or len(values) > MOST_IDS:
            return None
        words += values
    return words


def safe_values(found: Iterable[object]) -> list[str]:
    """Return those that the CLI takes as values: not an option, and no `file://` or `http://` that it would fetch."""
    return [value for value in found if isinstance(value, str) and _is_safe(value)]


def _is_safe(value: str) -> bool:
    loaded = value.lower().startswith(("file:", "fileb:", "http:", "https:"))
    return (
        value not in ABSENT and value[0] != "-" and not loaded and len(value) <= LONGEST_VALUE and value.isprintable()
    )


def _values(root: object, names: list[str]) -> Iterator[object]:
    found: list[object] = [root]
    for name in names:
        holders = [inner for value in found for inner in (value if isinstance(value, list) else [value])]
        found = [holder[name] for holder in holders if isinstance(holder, Mapping) and name in holder]
    for value in found:
        yield from value if isinstance(value, list) else [value]
