"""Sigma's values, as pySigma reads them, in values of an event pattern. Loads pySigma: import it late."""

import re
from collections.abc import Sequence
from typing import Any

from sigma.types import (
    CompareOperators,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaRegularExpressionFlag,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from trailbell.authoring.reachability.catalog import Path
from trailbell.cli.importing.conditions import (
    ABSENT,
    EVERYWHERE,
    PRESENT,
    Field,
    Tokens,
    UnknownFieldError,
    boolean_values,
    exact_names,
    find_field,
    null_values,
    number_values,
    star,
    text_values,
)
from trailbell.cli.importing.logic import Expression, Lost, Not, Or
from trailbell.pattern.condition import LARGEST_NUMBER

_SIGNS = {
    CompareOperators.LT: "<",
    CompareOperators.LTE: "<=",
    CompareOperators.GT: ">",
    CompareOperators.GTE: ">=",
}


class Values:
    """Turns Sigma's comparisons into conditions, and keeps what they were widened by."""

    def __init__(self, *, aws_names: bool) -> None:
        """With `aws_names`, write known event sources and names as AWS spells them."""
        self._aws_names = aws_names
        self.widened: list[tuple[Lost, bool]] = []
        """What is less exact than Sigma had it, and whether it stands under a `not`."""

    def compare(self, field: str, value: SigmaType, *, negated: bool) -> Expression:
        """Return the condition that a field has a value."""
        try:
            path = find_field(field)
        except UnknownFieldError as error:
            return Lost(what=field, why=str(error))
        match value:
            case SigmaExpansion():
                found: Expression = Or(
                    parts=tuple(self.compare(field, inner, negated=negated) for inner in value.values)
                )
            case SigmaCompareExpression():
                found = self._compare_number(field, path, value)
            case SigmaString():
                found = self._compare_text(field, path, value, negated=negated)
            case SigmaRegularExpression():
                found = self._compare_regex(field, path, value, negated=negated)
            case _:
                values = _plain_values(path, value)
                why = f"Trailbell has no {_NAMES.get(type(value), type(value).__name__)}"
                found = Lost(what=field, why=why) if values is None else Field(path=path, values=tuple(values))
        return found

    def search(self, value: SigmaType, *, negated: bool) -> Expression:
        """Return the condition that a keyword stands anywhere in the record."""
        if isinstance(value, SigmaExpansion):
            return Or(parts=tuple(self.search(inner, negated=negated) for inner in value.values))
        if isinstance(value, SigmaNumber):
            value = SigmaString(str(value.number))
        if not isinstance(value, SigmaString):
            return Lost(what="keywords", why=f"Trailbell has no {_NAMES.get(type(value), 'such value')} as keyword")
        tokens = self._tokens("keywords", value, negated=negated)
        if isinstance(tokens, Lost):
            return tokens
        cased = isinstance(value, SigmaCasedString)
        return Field(path=EVERYWHERE, values=text_values(EVERYWHERE, _around(tokens), cased=cased))

    def _compare_text(self, field: str, path: Path, value: SigmaString, *, negated: bool) -> Expression:
        tokens = self._tokens(field, value, negated=negated)
        if isinstance(tokens, Lost):
            return tokens
        if path[:2] == EVERYWHERE[:2] and tokens != (None,):
            # An object is compared by its text, which has braces around what is named.
            tokens = _around(tokens)
        values = text_values(path, tokens, cased=isinstance(value, SigmaCasedString))
        return Field(path=path, values=exact_names(path, values) if self._aws_names else values)

    def _compare_regex(self, field: str, path: Path, value: SigmaRegularExpression, *, negated: bool) -> Expression:
        """Return a wildcard for an expression that is no more than one."""
        written = str(value.regexp.original)
        flags = value.flags - {SigmaRegularExpressionFlag.DOTALL}
        tokens = None if flags - {SigmaRegularExpressionFlag.IGNORECASE} else read_regex(written)
        if tokens is None:
            return Lost(what=field, why=f"Trailbell has no {_NAMES[SigmaRegularExpression]}")
        if ".+" in written:
            lost = Lost(what=f"{field}: the .+ in {written}", why="it is taken for .*")
            self.widened.append((lost, negated))
        tokens = star(None, *tokens, None) if path[:2] == EVERYWHERE[:2] else tokens
        return Field(path=path, values=text_values(path, tokens, cased=not flags))

    def _tokens(self, field: str, value: SigmaString, *, negated: bool) -> Tokens | Lost:
        parts: list[str | None] = []
        for part in value.s:
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, SpecialChars):
                parts.append(None)
                if part is SpecialChars.WILDCARD_SINGLE:
                    lost = Lost(what=f"{field}: the ? in {value}", why="it is taken for any number of characters")
                    self.widened.append((lost, negated))
            else:
                return Lost(what=field, why=f"nobody has filled in the placeholder %{part.name}%")
        return star(*parts)

    def _compare_number(self, field: str, path: Path, value: SigmaCompareExpression) -> Expression:
        number = value.number.number
        if isinstance(value.number, SigmaTimestampPart):
            return Lost(what=field, why="Trailbell compares no parts of a time")
        if abs(number) > LARGEST_NUMBER:
            return Lost(what=field, why=f"event patterns compare numbers up to {LARGEST_NUMBER:,} only")
        if value.op in _SIGNS:
            return Field(path=path, values=({"numeric": [_SIGNS[value.op], number]},))
        return Not(part=Field(path=path, values=number_values(path, number)))


def _plain_values(path: Path, value: SigmaType) -> Sequence[Any] | None:
    """Return the values for what is neither text nor comparison; None where patterns have nothing for it."""
    found: Sequence[Any] | None = None
    match value:
        case SigmaNull():
            found = null_values(path)
        case SigmaExists():
            found = (PRESENT if value.exists else ABSENT,)
        case SigmaCIDRExpression():
            found = ({"cidr": str(value.network)},)
        case SigmaBool():
            found = boolean_values(path, value.boolean)
        case SigmaNumber() if not isinstance(value, SigmaTimestampPart):
            found = number_values(path, value.number)
    return found


_NAMES = {
    SigmaRegularExpression: "regular expressions (its rules must not be slow on any record)",
    SigmaTimestampPart: "parts of a time",
}


_REGEX = re.compile(r"(?P<any>\.[*+])|\\(?P<escaped>[^A-Za-z0-9])|(?P<plain>[^\\.*+?()\[\]{}|^$])")


def read_regex(written: str) -> Tokens | None:
    """Return the text with stars that a regular expression comes to; None where it is more than that."""
    inner = written.removeprefix("^")
    ended = inner.endswith("$") and not inner.endswith("\\$")
    inner = inner[:-1] if ended else inner
    parts: list[str | None] = [] if written.startswith("^") else [None]
    place = 0
    while place < len(inner):
        found = _REGEX.match(inner, place)
        if found is None:
            return None
        parts.append(None if found["any"] else found["escaped"] or found["plain"])
        place = found.end()
    return star(*parts, *([] if ended else [None]))


def _around(tokens: Tokens) -> Tokens:
    """Let a text stand anywhere."""
    return star(None, *tokens, None)
