"""What EventBridge can see of the rules: one term for each way that one of them can match."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from trailbell.operations import load_operations
from trailbell.pattern import Condition, Conjunction
from trailbell.rule import Rule

ReadOnly = Callable[[str, str], bool | None]
"""Event source (empty: any) and event name -> whether CloudTrail calls it read-only; None: unknown."""

Expected = Sequence[Any]

SOURCE, NAME, READ_ONLY = ("eventSource",), ("eventName",), ("readOnly",)
_FACTS = "trailbell"

_WITHHELD = ("Describe", "Get", "List")
_DELIVERED = frozenset({"GetFederationToken", "GetSessionToken"})
"""EventBridge keeps names that begin so from rules in the state ENABLED, but for two of STS."""
_MOST_STARS = 2
"""In one wildcard. EventBridge refuses patterns whose wildcards are `too complex`, without telling the measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Conditions that hold together, as EventBridge will get them."""

    sources: frozenset[str] | None
    """`eventSource`, where the rule lists it."""
    names: frozenset[str] | None
    """`eventName`, where the rule lists it."""
    rest: tuple[tuple[tuple[str, ...], Expected], ...]
    """Every other condition: path and list of values."""
    read_only: bool
    """Whether it can match events that only the state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS gets."""


class Reads:
    """What is known of read-only events."""

    def __init__(self, read_only: ReadOnly) -> None:
        self._ask = read_only

    @cached_property
    def _known(self) -> frozenset[str]:
        """Every listed name that some source reads by."""
        listed = load_operations().sources.items()
        return frozenset(name for source, names in listed for name in names if self.may_be(source, name))

    def may_be(self, source: str, name: str) -> bool:
        """Tell whether the event may be kept from rules in the state ENABLED."""
        return _is_withheld(name) or (name not in _DELIVERED and self._ask(source, name) is not False)

    def may_be_of(self, sources: Iterable[str] | None, name: str) -> bool:
        """Tell it of an event of any of the sources; None: of all."""
        if sources is None:
            return name in self._known or self.may_be("", name)
        return any(self.may_be(source, name) for source in sources)

    def may_take(self, condition: Condition) -> bool:
        """Tell whether a condition on `eventName`, operators among its values, can hold for a read-only event."""
        if condition.absent or any(map(condition.test, self._known)):
            return True
        return any(self._may_take_unknown(value) for value in condition.expected)

    def _may_take_unknown(self, value: Any) -> bool:
        """Tell whether one value can take a reading name that nobody has listed yet."""
        if isinstance(value, str):
            return self.may_be("", value)
        if not isinstance(value, Mapping):
            return False  # a name is a string
        if "all-of" in value:
            return all(map(self._may_take_unknown, value["all-of"]))
        if "equals-ignore-case" in value:
            return self._may_be_in_any_case(value["equals-ignore-case"])
        start = value.get("prefix", value.get("wildcard"))
        start = start.partition("*")[0] if isinstance(start, str) and "\\" not in start else ""
        # With nothing fixed in front, any name is possible; with something, a word of reading may go on from it.
        return any(word.startswith(start) for word in _WITHHELD) or self.may_be("", f"{start}Thing")

    def _may_be_in_any_case(self, name: str) -> bool:
        """Tell whether a name that is spelled so, but for its case, may be a read: AWS has one spelling of most."""
        return any(self.may_be_of(None, spelling) for spelling in self._spellings.get(name.lower(), [name]))

    @cached_property
    def _spellings(self) -> Mapping[str, Sequence[str]]:
        """Every listed name, by its small letters."""
        found: dict[str, list[str]] = {}
        for names in load_operations().sources.values():
            for name in names:
                found.setdefault(name.lower(), []).append(name)
        return found


def make_terms(rules: Iterable[Rule], read_only: ReadOnly) -> list[Term]:
    """Return the terms of all rules. A way that names both reads and writes makes two."""
    reads = Reads(read_only)
    terms: dict[str, Term] = {}
    for rule in rules:
        for way in rule.match.conjunctions:
            for term in _split(_make_term(way), {condition.path: condition for condition in way}, reads):
                terms.setdefault(repr(term), term)
    return list(terms.values())


def _make_term(way: Conjunction) -> Term:
    sources, names = (
        next((condition.exact for condition in way if condition.path == path), None) for path in (SOURCE, NAME)
    )
    rest = tuple(
        (condition.path, widened)
        for condition in way
        if condition.path[0] != _FACTS
        and not (condition.path == SOURCE and sources)
        and not (condition.path == NAME and names)
        and _can_be_written(condition.path, way)
        and (widened := _widen(condition.expected))
    )
    return Term(sources=sources, names=names, rest=_without_loose_absences(way, rest), read_only=False)


def _can_be_written(path: tuple[str, ...], way: Conjunction) -> bool:
    """Tell whether a pattern can hold the path beside the others: one field is a list of values or an object."""
    if len(path) > 1 and path[:1] in (SOURCE, NAME):
        return False
    return not any(len(other.path) > len(path) and other.path[: len(path)] == path for other in way)


def _without_loose_absences(
    way: Conjunction, rest: tuple[tuple[tuple[str, ...], Expected], ...]
) -> tuple[tuple[tuple[str, ...], Expected], ...]:
    """Drop `exists: false` beside a condition that was dropped.

    Within an array it asks the element that the others settled on; without one of them it might ask all, and so be
    narrower than the rule.
    """
    kept = {path for path, _ in rest}
    dropped = {
        condition.path[0]
        for condition in way
        if condition.path not in kept and condition.path not in (SOURCE, NAME) and condition.path[0] != _FACTS
    }
    absent = {condition.path for condition in way if condition.absent and len(condition.path) > 1}
    return tuple((path, expected) for path, expected in rest if not (path in absent and path[0] in dropped))


def _widen(expected: Expected) -> list[Any] | None:
    """Return values that EventBridge takes and that let no less through; None where that is everything.

    A list with null is dropped: a CloudFormation template cannot hold one (docs/decisions/0004-null-in-filters.md).
    """
    widened = {repr(one): one for one in map(_widen_value, expected)}
    return None if None in widened.values() else list(widened.values())


def _widen_value(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "cidr" in value:
        address, _, length = value["cidr"].partition("/")
        widest = "127" if ":" in address else "31"
        # EventBridge takes no block of one address.
        return {"cidr": f"{address}/{min(length, widest, key=int)}"}
    if "all-of" in value:
        # Each of them is wider than all; the one that EventBridge takes nearly as it is, is the tightest.
        return min(map(_widen_value, value["all-of"]), key=_looseness)
    if "wildcard" in value:
        return _widen_wildcard(value["wildcard"])
    but = value.get("anything-but")
    if isinstance(but, Mapping) and "wildcard" in but:
        return {"exists": True}
    return value


def _looseness(widened: Any) -> int:
    return 2 if widened is None else int(widened == {"exists": True})


def _widen_wildcard(wildcard: Any) -> Any:
    """Return what EventBridge takes for a wildcard: it has none in any case, and does not like many stars."""
    if isinstance(wildcard, str):
        if wildcard.count("*") <= _MOST_STARS:
            return {"wildcard": wildcard}
        start = wildcard.partition("*")[0]
        return {"prefix": start} if start and "\\" not in start else None
    text = wildcard["equals-ignore-case"]
    start, end = text.partition("*")[0], text.rpartition("*")[2]
    if start == text and "\\" not in text:
        return {"equals-ignore-case": text}
    if start and "\\" not in start:
        return {"prefix": {"equals-ignore-case": start}}
    if end and "\\" not in text:
        return {"suffix": {"equals-ignore-case": end}}
    return {"exists": True}


def _split(term: Term, conditions: Mapping[tuple[str, ...], Condition], reads: Reads) -> list[Term]:
    """Part the reads from the writes."""
    flag = conditions.get(READ_ONLY)
    if flag is not None and not (flag.test(True) or flag.absent or flag.test("true")):
        return _split_changes(term, conditions.get(NAME))
    if term.names is None:
        name = conditions.get(NAME)
        return [replace(term, read_only=name is None or reads.may_take(name))]
    reading = frozenset(name for name in term.names if reads.may_be_of(term.sources, name))
    parts = ((reading, True), (term.names - reading, False))
    return [replace(term, names=names, read_only=read_only) for names, read_only in parts if names]


def _split_changes(term: Term, name: Condition | None) -> list[Term]:
    """Part a rule for changes alone by name: EventBridge withholds Describe, Get and List whatever `readOnly` says.

    The extra term costs nothing: hardly any such event is not read-only.
    """
    if term.names is not None:
        withheld = frozenset(event for event in term.names if _is_withheld(event))
        parts = ((withheld, True), (term.names - withheld, False))
        return [replace(term, names=names, read_only=read_only) for names, read_only in parts if names]
    if name is None:
        begins = ((NAME, tuple({"prefix": word} for word in _WITHHELD)),)
        return [term, replace(term, rest=(*term.rest, *begins), read_only=True)]
    listed = (event for names in load_operations().sources.values() for event in names)
    return [term, replace(term, read_only=True)] if any(map(name.test, filter(_is_withheld, listed))) else [term]


def _is_withheld(name: str) -> bool:
    return name.startswith(_WITHHELD) and name not in _DELIVERED
