"""Conditions joined by and, or, not as the patterns of rules: `match`, and `except` for what is negated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from trailbell.cli.importing.conditions import CannotCombineError, Field, conjoin

MOST_WAYS = 200
"""Ways in which a rule can match, or be silenced."""


class TooManyWaysError(ValueError):
    """The conditions can be met in more ways than a rule should have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A condition that could not be carried over."""

    what: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All parts hold."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """A part holds."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """The part does not hold."""

    part: "Expression"


Expression = Field | Lost | And | Or | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Conditions that hold together."""

    fields: tuple[Field, ...] = ()
    """One for each path."""
    refused: tuple[Expression, ...] = ()
    """Expressions without `Not`, none of which may hold."""
    lost: tuple[Lost, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The patterns of one rule."""

    match: Mapping[str, Any]
    exceptions: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """The rules that an expression comes to, and what of it is lost."""

    plans: tuple[Plan, ...]
    never: tuple[Lost, ...]
    """Lost in what must hold: the ways that need it are left out."""
    unexcepted: tuple[Lost, ...]
    """Lost in what must not hold: the exceptions that need it are left out."""


def make_plans(expression: Expression) -> Plans:
    """Return the rules that together match what the expression does. Raises TooManyWaysError."""
    ways = find_ways(expression)
    never = _once(lost for way in ways for lost in way.lost)
    groups: dict[tuple[str, ...], list[Way]] = {}
    for way in ways:
        if not way.lost:
            groups.setdefault(tuple(sorted(set(map(repr, way.refused)))), []).append(way)
    plans: list[Plan] = []
    unexcepted: list[Lost] = []
    for members in groups.values():
        excepted = [found for part in members[0].refused for found in find_ways(part)]
        unexcepted += [lost for found in excepted for lost in found.lost]
        exceptions = _merge([found.fields for found in excepted if not found.lost])
        plans.append(
            Plan(
                match=_pattern(_merge([way.fields for way in members])),
                exceptions=tuple(_pattern([fields]) for fields in exceptions),
            )
        )
    return Plans(plans=tuple(plans), never=tuple(never), unexcepted=tuple(_once(unexcepted)))


def _once(items: Sequence[Lost] | Iterator[Lost]) -> list[Lost]:
    return list(dict.fromkeys(items))


def find_ways(expression: Expression) -> list[Way]:
    """Return the ways in which an expression holds. Raises TooManyWaysError."""
    match expression:
        case Field():
            return [Way(fields=(expression,))]
        case Lost():
            return [Way(lost=(expression,))]
        case Or(parts=parts):
            ways = [way for part in _gather(parts) for way in find_ways(part)]
        case And(parts=parts):
            sets = [find_ways(part) for part in parts]
            _check_count([len(found) for found in sets])
            ways = [way for combination in product(*sets) for way in _join(combination)]
        case Not(part=part):
            ways = _negate(part)
    _check_count([len(ways)])
    return ways


def _gather(parts: Sequence[Expression]) -> list[Expression]:
    """Make one field of alternatives for the same one."""
    found: dict[Any, Expression] = {}
    for number, part in enumerate(parts):
        if not isinstance(part, Field):
            found[number] = part
            continue
        known = found.get(part.path)
        union = _union((known,), (part,)) if isinstance(known, Field) else None
        found[part.path] = union[0] if union else part
    return list(found.values())


def _check_count(counts: Sequence[int]) -> None:
    total = 1
    for count in counts:
        total *= count
    if total > MOST_WAYS:
        raise TooManyWaysError(f"its condition holds in more than {MOST_WAYS} ways")


def _negate(part: Expression) -> list[Way]:
    """Keep what is negated whole, where nothing in it is negated again."""
    match part:
        case Not(part=inner):
            return find_ways(inner)
        case And(parts=parts) if _negates(part):
            return find_ways(Or(parts=tuple(Not(part=inner) for inner in parts)))
        case Or(parts=parts) if _negates(part):
            return find_ways(And(parts=tuple(Not(part=inner) for inner in parts)))
        case _:
            return [Way(refused=(part,))]


def _negates(expression: Expression) -> bool:
    match expression:
        case Not():
            return True
        case And(parts=parts) | Or(parts=parts):
            return any(_negates(part) for part in parts)
        case _:
            return False


def _join(ways: Sequence[Way]) -> list[Way]:
    """Return the one way in which all hold; none where they exclude one another."""
    fields: dict[tuple[str, ...], Field] = {}
    lost = [item for way in ways for item in way.lost]
    for field in (field for way in ways for field in way.fields):
        known = fields.get(field.path)
        if known is None:
            fields[field.path] = field
            continue
        try:
            values = conjoin(known.values, field.values)
        except CannotCombineError as error:
            lost.append(Lost(what=".".join(field.path), why=str(error)))
            continue
        if not values:
            return []
        fields[field.path] = Field(path=field.path, values=values)
    refused = tuple(part for way in ways for part in way.refused)
    return [Way(fields=tuple(fields.values()), refused=refused, lost=tuple(lost))]


Fields = tuple[Field, ...]


def _merge(ways: Sequence[Fields]) -> list[Fields]:
    """Make one of ways that differ in the values of one field alone."""
    merged: list[Fields] = []
    for fields in ways:
        for place, known in enumerate(merged):
            union = _union(known, fields)
            if union is not None:
                merged[place] = union
                break
        else:
            merged.append(fields)
    return merged if len(merged) == len(ways) else _merge(merged)


def _union(one: Fields, other: Fields) -> Fields | None:
    first, second = ({field.path: field for field in fields} for fields in (one, other))
    if first.keys() != second.keys():
        return None
    different = [path for path in first if repr(first[path].values) != repr(second[path].values)]
    if len(different) > 1:
        return None
    if not different:
        return one
    (path,) = different
    known = {repr(value) for value in first[path].values}
    added = tuple(value for value in second[path].values if repr(value) not in known)
    joined = Field(path=path, values=(*first[path].values, *added))
    return tuple(joined if field.path == path else field for field in one)


def _pattern(ways: Sequence[Fields]) -> dict[str, Any]:
    """Write ways as a pattern: what they share once, the rest as its `$or`."""
    shared = [field for field in ways[0] if all(repr(field) in map(repr, way) for way in ways)]
    known = {repr(field) for field in shared}
    branches = [[field for field in way if repr(field) not in known] for way in ways]
    pattern = _nest(shared)
    if len(branches) > 1 and all(branches):
        pattern["$or"] = [_nest(branch) for branch in branches]
    # Nothing is asked of the record: every one has a name.
    return pattern or {"eventName": [{"exists": True}]}


_FIRST = (("eventSource",), ("eventName",))


def _nest(fields: Sequence[Field]) -> dict[str, Any]:
    """Write fields within their objects, source and name first; a field within a value is written with dots."""
    pattern: dict[str, Any] = {}
    ordered = sorted(fields, key=lambda field: _FIRST.index(field.path) if field.path in _FIRST else len(_FIRST))
    for field in ordered:
        place = pattern
        for step in field.path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise TooManyWaysError(f"{'.'.join(field.path)} and a field around it are both compared")
        if field.path[-1] in place:
            raise TooManyWaysError(f"{'.'.join(field.path)} and a field within it are both compared")
        place[field.path[-1]] = list(field.values)
    return pattern
