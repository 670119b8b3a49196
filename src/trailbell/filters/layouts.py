"""Ways to write terms as patterns, from tight to wide."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from trailbell.contract.limits import MAX_PATTERN_WILDCARDS
from trailbell.contract.names import AWS_SOURCE_PREFIX, TEST_SOURCE
from trailbell.filters.terms import NAME, READ_ONLY, SOURCE, Expected, Term

ENVELOPE: Mapping[str, Any] = {
    "source": [{"prefix": AWS_SOURCE_PREFIX}, TEST_SOURCE],
    "detail-type": [{"suffix": "via CloudTrail"}],
}
"""What every filter demands: no one but AWS can put `aws.*` on the bus, and `trailbell.test` is for test alerts."""

Branch = Mapping[str, Any]
"""A pattern on the record; several of them become one `$or`."""
Layout = list[list[Branch]]
"""The branches of each filter."""

MOST_BRANCHES = 500
"""Of one `$or`: half of what EventBridge takes (1,000 combinations)."""
EVERYTHING = 99
"""The width of a filter that lets everything through."""

_COMMA = len('"",')


def to_pattern(branches: Sequence[Branch]) -> dict[str, Any]:
    """Return a whole EventBridge pattern."""
    if any(not branch for branch in branches):
        return {key: list(values) for key, values in ENVELOPE.items()}
    detail = branches[0] if len(branches) == 1 else {"$or": list(branches)}
    return {**{key: list(values) for key, values in ENVELOPE.items()}, "detail": dict(detail)}


def count_chars(branches: Sequence[Branch]) -> int:
    """Return how long the pattern is as JSON."""
    return len(_write(to_pattern(branches)))


def _write(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def fit(terms: Sequence[Term], *, slots: int, max_chars: int) -> tuple[int, Layout]:
    """Return the tightest layout that fits the slots, and how wide it is: 0 says all that the terms say."""
    if not terms:
        return 0, []
    listed = [term for term in terms if term.sources and term.names]
    others = _full_branches([term for term in terms if not (term.sources and term.names)])
    if {} in others:
        return EVERYTHING, [[{}]]
    names_of = _names_by_source(listed)
    steps: list[Callable[[], Layout | None]] = [
        lambda: _pack(_full_branches(terms), max_chars),
        lambda: _pack([*_source_branches(names_of), *others], max_chars),
        lambda: _pack([*_product_branches(names_of, max_chars), *others], max_chars),
        lambda: _pack_wholesale(names_of, others, slots, max_chars),
        lambda: _pack([*_product_branches(names_of, max_chars), *_plainest(others)], max_chars),
        lambda: _pack_wholesale(names_of, _plainest(others), slots, max_chars),
    ]
    for width, step in enumerate(steps):
        layout = step()
        if layout is not None and len(layout) <= slots:
            return width, layout
    return EVERYTHING, [[{}]]


def _full_branches(terms: Iterable[Term]) -> list[Branch]:
    """Keep every condition; terms that differ only in their names share a branch."""
    shared: dict[str, tuple[Term, set[str]]] = {}
    for term in terms:
        key = repr((sorted(term.sources or ()), term.names is None, term.rest))
        shared.setdefault(key, (term, set()))[1].update(term.names or ())
    free = {
        source: names for term, names in shared.values() if term.sources and not term.rest for source in term.sources
    }
    branches = []
    for term, names in shared.values():
        left = names
        if term.rest and term.sources and names:
            # What a branch without further conditions lets through needs no second one.
            left = {name for name in names if not all(name in free.get(source, ()) for source in term.sources)}
            if not left:
                continue
        branches.append(_branch(term.sources, left or None, term.rest))
    return branches


def _branch(
    sources: Iterable[str] | None, names: Iterable[str] | None, rest: Iterable[tuple[tuple[str, ...], Expected]] = ()
) -> Branch:
    detail: dict[str, Any] = {}
    if sources:
        detail["eventSource"] = sorted(sources)
    if names:
        detail["eventName"] = sorted(names)
    for path, expected in rest:
        place = detail
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = list(expected)
    return detail


def _names_by_source(terms: Iterable[Term]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for term in terms:
        for source in term.sources or ():
            found.setdefault(source, set()).update(term.names or ())
    return found


def _source_branches(names_of: Mapping[str, set[str]]) -> list[Branch]:
    """One branch a source, with all its names."""
    return [_branch([source], names) for source, names in sorted(names_of.items())]


def _product_branches(names_of: Mapping[str, set[str]], max_chars: int) -> list[Branch]:
    """Few branches of many sources and all their names: wider only by names that two sources share."""
    room = max_chars - count_chars([_branch(["-"], ["-"])])
    branches: list[Branch] = []
    sources: set[str] = set()
    names: set[str] = set()
    left = room
    for source, own in sorted(names_of.items()):
        for part in _parts(sorted(own), room - len(source) - _COMMA):
            cost = sum(len(name) + _COMMA for name in part if name not in names)
            cost += 0 if source in sources else len(source) + _COMMA
            if sources and cost > left:
                branches.append(_branch(sources, names))
                sources, names, left = set(), set(), room
                cost = len(source) + _COMMA + sum(len(name) + _COMMA for name in part)
            sources.add(source)
            names.update(part)
            left -= cost
    return [*branches, _branch(sources, names)] if sources else branches


def _parts(names: list[str], room: int) -> Iterator[list[str]]:
    """Split a source's names until each part has room in a pattern of its own."""
    if len(names) > 1 and sum(len(name) + _COMMA for name in names) > room:
        middle = len(names) // 2
        yield from _parts(names[:middle], room)
        yield from _parts(names[middle:], room)
    else:
        yield names


def _pack_wholesale(
    names_of: Mapping[str, set[str]], others: list[Branch], slots: int, max_chars: int
) -> Layout | None:
    """Give up the names of as few sources as will do, beginning with those whose names take the most room."""
    by_room = sorted(names_of, key=lambda source: (-sum(len(name) + _COMMA for name in names_of[source]), source))

    def pack(count: int) -> Layout | None:
        whole = set(by_room[:count])
        kept = {source: names for source, names in names_of.items() if source not in whole}
        return _pack([*_product_branches(kept, max_chars), *_chunks(sorted(whole), max_chars), *others], max_chars)

    def fits(count: int) -> bool:
        layout = pack(count)
        return layout is not None and len(layout) <= slots

    return pack(bisect_left(range(len(by_room)), True, key=fits))


def _chunks(sources: list[str], max_chars: int) -> Iterator[Branch]:
    """Return branches of whole sources."""
    chunk: list[str] = []
    for source in sources:
        if chunk and count_chars([_branch([*chunk, source], None)]) > max_chars:
            yield _branch(chunk, None)
            chunk = []
        chunk.append(source)
    if chunk:
        yield _branch(chunk, None)


def _plainest(branches: list[Branch]) -> list[Branch]:
    """Keep of each branch its source, name and `readOnly`; where it has no source, its tellingest field and `readOnly`.

    Some conditions of a way are never narrower than the way.
    """
    plain: dict[str, Branch] = {}
    for branch in branches:
        keys = [*SOURCE, *NAME] if SOURCE[0] in branch else [min(branch, key=lambda key: _vagueness(key, branch[key]))]
        kept = {key: branch[key] for key in branch if key in keys or key == READ_ONLY[0]}
        plain.setdefault(_write(kept), kept)
    return list(plain.values())


def _vagueness(field: str, condition: Any) -> tuple[bool, int]:
    """Rank what a field's condition lets through, then its length."""
    text = _write(condition)
    return field == READ_ONLY[0] or '"anything-but"' in text or '{"exists":true}' in text, len(text)


def _pack(branches: list[Branch], max_chars: int) -> Layout | None:
    """Put branches, largest first, into the first filter with room; None where one alone is too much."""
    sized = sorted(((len(_write(branch)), place) for place, branch in enumerate(branches)), reverse=True)
    bins: list[list[Branch]] = []
    rooms: list[int] = []
    overhead = count_chars([{"": 0}, {"": 0}]) - 2 * len(_write({"": 0})) - 1
    for size, place in sized:
        branch = branches[place]
        if count_chars([branch]) > max_chars or _wildcards(branch) > MAX_PATTERN_WILDCARDS:
            return None
        for number, room in enumerate(rooms):
            if (
                size + 1 <= room
                and len(bins[number]) < MOST_BRANCHES
                and (_wildcards(branch) + sum(map(_wildcards, bins[number])) <= MAX_PATTERN_WILDCARDS)
            ):
                bins[number].append(branch)
                rooms[number] -= size + 1
                break
        else:
            bins.append([branch])
            rooms.append(max_chars - overhead - size)
    return bins


def _wildcards(branch: Branch) -> int:
    return _write(branch).count('{"wildcard":')
