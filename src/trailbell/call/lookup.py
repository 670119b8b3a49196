"""Looks into one call's request and response for sentences and commands: by path, whatever the wrapping."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.call.values import MAX_DEPTH, listed, mapping, text
from trailbell.names import Names
from trailbell.record import Record

LONGEST_VALUE = 80
"""Characters of one value in a sentence."""
NAMED = 3
"""How many values of a list a sentence names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Call:
    """A record, as sentences look at it."""

    record: Record
    names: Names

    @property
    def request(self) -> Mapping[str, Any]:
        """`requestParameters`, empty where there are none."""
        return mapping(self.record.raw.get("requestParameters"))

    @property
    def response(self) -> Mapping[str, Any]:
        """`responseElements`, empty where there are none."""
        return mapping(self.record.raw.get("responseElements"))

    def values(self, path: str) -> tuple[str, ...]:
        """Return every value at a path, each once: `a.b` in the request, `>a.b` in the response.

        `{"items": [...]}`, EC2's way to write a list, is looked through; so is a list of objects.
        """
        root = self.response if path.startswith(">") else self.request
        found = _at(root, tuple(path.removeprefix(">").split(".")), MAX_DEPTH)
        return tuple(dict.fromkeys(found))

    def value(self, path: str) -> str | None:
        """Return the first value at a path."""
        return next(iter(self.values(path)), None)

    def first(self, *paths: str) -> str | None:
        """Return the first value at the first path that has one."""
        return next((value for path in paths if (value := self.value(path)) is not None), None)

    def account(self, account_id: str) -> str:
        """Name an account, and say so where it is not one's own."""
        if account_id in self.names.accounts:
            return f"account {account_id} ({self.names.accounts[account_id]})"
        own = account_id == self.record.event.account_id
        return f"account {account_id}" if own else f"account {account_id} (not one of yours)"


def clip(value: str) -> str:
    """Cut a value that is too long for a sentence."""
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"


def join(values: tuple[str, ...]) -> str:
    """Name the first values and count the rest."""
    named = ", ".join(clip(value) for value in values[:NAMED])
    rest = len(values) - NAMED
    return f"{named} and {rest} more" if rest > 0 else named


def _at(node: object, path: tuple[str, ...], depth: int) -> Iterator[str]:
    if depth == 0:
        return
    if isinstance(node, list):
        for item in node:
            yield from _at(item, path, depth - 1)
    elif isinstance(node, Mapping):
        if path and path[0] in node:
            yield from _at(node[path[0]], path[1:], depth - 1)
        elif (path and "items" in node) or (not path and "items" in node):
            yield from _at(listed(node["items"]), path, depth - 1)
    elif not path:
        yield from _plain(node)


def _plain(node: object) -> Iterator[str]:
    if isinstance(node, bool):
        yield "true" if node else "false"
    elif isinstance(node, int | float):
        yield str(node)
    elif said := text(node):
        yield said
