"""Tests of strings: without regard to case, and with wildcards. Each is linear in the string."""

from collections.abc import Callable, Sequence

TextTest = Callable[[str], bool]


def equals_ignoring_case(wanted: str) -> TextTest:
    """Return a test for the string in any case."""
    if wanted.isascii():
        folded = wanted.lower()
        # Only ASCII: U+212A KELVIN SIGN lowers to k, but a pattern's k stands for k and K alone.
        return lambda value: value.isascii() and value.lower() == folded
    characters = _alternatives(wanted)
    return lambda value: len(value) in _ends(characters, value)


def starts_ignoring_case(wanted: str) -> TextTest:
    """Return a test for strings that begin so in any case."""
    size = len(wanted)
    if wanted.isascii():
        folded = wanted.lower()
        return lambda value: value[:size].isascii() and value[:size].lower() == folded
    characters = _alternatives(wanted)
    return lambda value: bool(_ends(characters, value))


def ends_ignoring_case(wanted: str) -> TextTest:
    """Return a test for strings that end so in any case."""
    if not wanted:
        return lambda _: True
    size = len(wanted)
    if wanted.isascii():
        folded = wanted.lower()
        return lambda value: value[-size:].isascii() and value[-size:].lower() == folded
    backwards = [tuple(way[::-1] for way in ways) for ways in reversed(_alternatives(wanted))]
    longest = sum(max(map(len, ways)) for ways in backwards)
    return lambda value: bool(_ends(backwards, value[: -longest - 1 : -1]))


def _alternatives(wanted: str) -> list[tuple[str, ...]]:
    """Return, per character, its lower and upper form: the engine goes character by character (`ß` has `SS`)."""
    return [tuple({character.lower(), character.upper()}) for character in wanted]


def _ends(characters: Sequence[tuple[str, ...]], value: str) -> set[int]:
    """Return the offsets at which the characters, read from the start, can end."""
    ends = {0}
    for ways in characters:
        ends = {end + len(way) for end in ends for way in ways if value.startswith(way, end)}
        if not ends:
            break
    return ends


def split_wildcard(pattern: str) -> list[str] | None:
    r"""Return the literal texts between the stars, None where the pattern is not one.

    `\*` and `\\` are a star and a backslash; any other backslash, and two stars in a row, are refused.
    """
    texts = [""]
    position, after_star = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "*":
            if after_star:
                return None
            texts.append("")
        elif character == "\\":
            position += 1
            if pattern[position : position + 1] not in ("*", "\\"):
                return None
            texts[-1] += pattern[position]
        else:
            texts[-1] += character
        after_star = character == "*"
        position += 1
    return texts


def matches_wildcard(texts: Sequence[str]) -> TextTest:
    """Return a test for strings that hold the texts in order, with anything between them."""
    if len(texts) == 1:
        return texts[0].__eq__
    first, *middle, last = texts
    shortest = len(first) + len(last)

    def holds(value: str) -> bool:
        if len(value) < shortest or not value.startswith(first) or not value.endswith(last):
            return False
        start, end = len(first), len(value) - len(last)
        for text in middle:
            # The leftmost place leaves the most room for the rest, so no other needs to be tried.
            found = value.find(text, start, end)
            if found < 0:
                return False
            start = found + len(text)
        return True

    return holds


def matches_wildcard_ignoring_case(texts: Sequence[str]) -> TextTest:
    """Return a test as `matches_wildcard` does, in any case."""
    holds = matches_wildcard([_fold(text) for text in texts])
    return lambda value: holds(_fold(value))


def _fold(text: str) -> str:
    """Lower each letter that has one lower and one upper form; `ß` and U+212A KELVIN SIGN stay as they are."""
    return text.lower() if text.isascii() else "".join(map(_fold_character, text))


def _fold_character(character: str) -> str:
    lower = character.lower()
    return lower if lower.upper() == character else character
