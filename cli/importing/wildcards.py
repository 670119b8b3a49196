"""Two texts with stars as one: what both match."""

from collections.abc import Sequence

Tokens = tuple[str | None, ...]
"""Characters; None is a star."""

MOST_TOKENS = 600
"""Of both texts together: more than a policy's phrases have, and less than Python's stack."""
MOST_TEXTS = 120
"""That a conjunction may come to: all orders of five words."""


class TooManyTextsError(ValueError):
    """The conjunction of texts would take too many of them to write."""


def star(*parts: str | None) -> Tokens:
    """Make tokens of texts, with None for a star."""
    tokens: list[str | None] = []
    for part in parts:
        for token in part if part is not None else (None,):
            if token is not None or not tokens or tokens[-1] is not None:
                tokens.append(token)
    return tuple(tokens)


def meet(one: Tokens, other: Tokens) -> list[Tokens]:
    """Return texts with stars that together match what both match. Raises TooManyTextsError."""
    if len(one) + len(other) > MOST_TOKENS:
        raise TooManyTextsError
    found = sorted(_Meeting(one, other).at(0, 0), key=lambda tokens: (len(tokens), str(tokens)))
    kept: list[Tokens] = []
    for tokens in found:
        if not any(covers(wider, tokens) for wider in kept):
            kept = [narrower for narrower in kept if not covers(tokens, narrower)] + [tokens]
    if len(kept) > MOST_TEXTS:
        raise TooManyTextsError
    return kept


def covers(wider: Tokens, narrower: Tokens) -> bool:
    """Tell whether all that one matches, the other does: its stars take characters and stars alike."""
    reached = {0}
    for token in narrower:
        reached = _after_stars(wider, reached)
        reached = {
            place if wider[place] is None else place + 1
            for place in reached
            if place < len(wider) and (wider[place] is None or wider[place] == token)
        }
    return len(wider) in _after_stars(wider, reached)


def _after_stars(tokens: Tokens, places: Sequence[int] | set[int]) -> set[int]:
    """Add the places behind stars that take nothing."""
    found = set(places)
    for place in sorted(places):
        if place < len(tokens) and tokens[place] is None:
            found.add(place + 1)
    return found


class _Meeting:
    """Works out what is left to match from a place in each text on."""

    def __init__(self, one: Tokens, other: Tokens) -> None:
        self._one, self._other = one, other
        self._known: dict[tuple[int, int], frozenset[Tokens]] = {}

    def at(self, first: int, second: int) -> frozenset[Tokens]:
        key = (first, second)
        if key not in self._known:
            self._known[key] = frozenset(self._work_out(first, second))
            if len(self._known[key]) > MOST_TEXTS * 10:
                raise TooManyTextsError
        return self._known[key]

    def _work_out(self, first: int, second: int) -> set[Tokens]:
        one, other = self._one[first:], self._other[second:]
        if not one or not other:
            rest = one or other
            return {()} if rest in ((), (None,)) else set()
        if one[0] is None and other[0] is None:
            # Either star may be the one that ends first; the other still holds from there on.
            ends = self.at(first + 1, second) | self.at(first, second + 1)
            return {star(None) if end == () else _prepend(None, end) for end in ends}
        if one[0] is None:
            return set(self.at(first + 1, second)) | {_prepend(other[0], end) for end in self.at(first, second + 1)}
        if other[0] is None:
            return set(self.at(first, second + 1)) | {_prepend(one[0], end) for end in self.at(first + 1, second)}
        return {_prepend(one[0], end) for end in self.at(first + 1, second + 1)} if one[0] == other[0] else set()


def _prepend(token: str | None, tokens: Tokens) -> Tokens:
    return tokens if token is None and tokens and tokens[0] is None else (token, *tokens)
