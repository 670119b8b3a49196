"""Ways to write terms as patterns, from tight to wide."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from trailbell.filters.terms import NAME, SOURCE, Expected, Term

ENVELOPE: Mapping[str, Any] = {
    "source": [{"prefix": "aws."}, "trailbell.test"],
    "detail-type": [{"suffix": "via CloudTrail"}],
}
"""What every filter demands: no one but AWS can put `aws.*` on the bus, and `trailbell.test` is for test alerts."""

Branch = Mapping[str, Any]
"""A pattern on the record; several of them become one `$or`."""
Layout = list[list[Branch]]
"""The branches of each filter."""

MOST_BRANCHES = 500
"""Of one `$or`: half of what EventBridge takes (1,000 combinations)."""
MOST_WILDCARDS = 10
"""In one pattern: their number adds to its complexity."""


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


def fit(terms: Sequence[Term], *, slots: int, max_chars: int) -> Layout:
    """Return the tightest layout that fits the slots; none for no terms."""
    return next(layout for layout in layouts(terms, max_chars) if len(layout) <= slots) if terms else []


def layouts(terms: Sequence[Term], max_chars: int) -> Iterator[Layout]:
    """Yield layouts, ever wider; the last is one filter that lets everything through."""
    yield from _packed(_full_branches(terms), max_chars)
    listed = [term for term in terms if term.sources and term.names]
    others = _full_branches([term for term in terms if not (term.sources and term.names)])
    names_of = _names_by_source(listed)
    yield from _packed([*_source_branches(names_of), *others], max_chars)
    yield from _packed([*_product_branches(names_of, max_chars), *others], max_chars)
    yield from _wholesale_layouts(names_of, others, max_chars)
    yield from _wholesale_layouts(names_of, _plainest(others), max_chars)
    yield [[{}]]


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
    """Few branches of many sources and all their names: wider by names that two sources share."""
    branches: list[Branch] = []
    sources: list[str] = []
    names: set[str] = set()
    for source, own in sorted(names_of.items()):
        for part in _halves(source, sorted(own), max_chars):
            wider = _branch([*sources, source], names.union(part))
            if sources and count_chars([wider]) > max_chars:
                branches.append(_branch(sources, names))
                sources, names = [], set()
            sources.append(source)
            names.update(part)
    return [*branches, _branch(sources, names)] if sources else branches


def _halves(source: str, names: list[str], max_chars: int) -> Iterator[list[str]]:
    """Split a source's names until each part fits a pattern of its own."""
    if len(names) > 1 and count_chars([_branch([source], names)]) > max_chars:
        middle = len(names) // 2
        yield from _halves(source, names[:middle], max_chars)
        yield from _halves(source, names[middle:], max_chars)
    else:
        yield names


def _wholesale_layouts(names_of: Mapping[str, set[str]], others: list[Branch], max_chars: int) -> Iterator[Layout]:
    """Give up the names of one source after the other, those first that take the most room."""
    by_room = sorted(names_of, key=lambda source: (-sum(len(name) + 3 for name in names_of[source]), source))
    for count in range(1, len(by_room) + 1):
        whole = frozenset(by_room[:count])
        kept = {source: names for source, names in names_of.items() if source not in whole}
        branches = [*_product_branches(kept, max_chars), *_chunks(sorted(whole), max_chars), *others]
        yield from _packed(branches, max_chars)
    if not by_room:
        yield from _packed(others, max_chars)


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
    """Keep of each branch its source and name, or, where it has neither, its shortest condition.

    One condition of a way is never narrower than the way.
    """
    plain: dict[str, Branch] = {}
    for branch in branches:
        kept = {key: branch[key] for key in (*SOURCE, *NAME) if key in branch}
        if not kept and branch:
            kept = dict([min(branch.items(), key=lambda item: len(_write(item)))])
        plain.setdefault(_write(kept), kept)
    return list(plain.values())


def _packed(branches: list[Branch], max_chars: int) -> Iterator[Layout]:
    """Yield the layout of these branches, largest first into the first filter with room.

    Nothing where one is too long, or lets everything through.
    """
    if any(not branch for branch in branches):
        return
    sized = sorted(((len(_write(branch)), place) for place, branch in enumerate(branches)), reverse=True)
    bins: list[list[Branch]] = []
    rooms: list[int] = []
    overhead = count_chars([{"": 0}, {"": 0}]) - 2 * len(_write({"": 0})) - 1
    for size, place in sized:
        branch = branches[place]
        if count_chars([branch]) > max_chars or _wildcards(branch) > MOST_WILDCARDS:
            return
        for number, room in enumerate(rooms):
            if (
                size + 1 <= room
                and len(bins[number]) < MOST_BRANCHES
                and (_wildcards(branch) + sum(map(_wildcards, bins[number])) <= MOST_WILDCARDS)
            ):
                bins[number].append(branch)
                rooms[number] -= size + 1
                break
        else:
            bins.append([branch])
            rooms.append(max_chars - overhead - size)
    yield bins


def _wildcards(branch: Branch) -> int:
    return _write(branch).count('{"wildcard":')
