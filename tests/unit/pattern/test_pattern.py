import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.pattern.pattern_cases import ANYTHING, PATTERNS, RECORDS
from tests.unit.steps import count_calls
from trailbell.errors import PatternError, RecordError
from trailbell.pattern import Condition, Pattern
from trailbell.pattern.text import matches_wildcard, split_wildcard


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    return Pattern.parse(pattern).matches(record)


@pytest.mark.parametrize(
    ("values", "value", "expected"),
    [
        ([300], 3.0e2, True),
        ([300], "300", False),
        ([True], 1, False),
        ([1], True, False),
        ([None], None, True),
        ([""], "", True),
        ([{"exists": True}], None, True),
        ([{"exists": True}], {}, False),
        ([{"exists": False}], {}, True),
        ([{"exists": False}], [], True),
        ([{"exists": False}], {"below": 1}, True),
        ([{"prefix": ""}], "anything", True),
        ([{"prefix": ""}], 1, False),
        ([{"wildcard": "a\\*b"}], "a*b", True),
        ([{"wildcard": "a\\*b"}], "axb", False),
        ([{"wildcard": "a\\\\*"}], "a\\b", True),
        ([{"wildcard": "ab*ba"}], "aba", False),
        ([{"wildcard": "*ab*ab*"}], "abab", True),
        ([{"wildcard": "*ab*ab*"}], "aba", False),
        ([{"wildcard": {"equals-ignore-case": "*Kali*"}}], "aws-cli KALI linux", True),
        ([{"wildcard": {"equals-ignore-case": "*Kali*"}}], "aws-cli \u212aali linux", False),
        ([{"wildcard": {"equals-ignore-case": "*kali*É*"}}], "\u0130 KALI é", True),
        ([{"wildcard": {"equals-ignore-case": "*ß*"}}], "STRASSE", False),
        ([{"wildcard": {"equals-ignore-case": "a\\*B"}}], "A*b", True),
        ([{"wildcard": {"equals-ignore-case": "a\\*B"}}], "Axb", False),
        ([{"anything-but": {"wildcard": {"equals-ignore-case": "*KALI*"}}}], "kali", False),
        ([{"anything-but": {"wildcard": {"equals-ignore-case": "*KALI*"}}}], "debian", True),
        ([{"all-of": [{"wildcard": "*a*"}, {"wildcard": "*b*"}]}], "xbxax", True),
        ([{"all-of": [{"wildcard": "*a*"}, {"wildcard": "*b*"}]}], "xaxx", False),
        ([{"all-of": [{"wildcard": "*ab*"}, {"wildcard": "*bc*"}]}], "abc", True),
        ([{"all-of": [{"wildcard": "*a*"}, {"wildcard": "*b*"}]}], ["a", "b"], False),
        ([{"all-of": [{"wildcard": "*a*"}, {"wildcard": "*b*"}]}], ["c", "ab"], True),
        ([{"all-of": [{"numeric": [">", 1]}, {"numeric": ["<", 3]}]}, "x"], 2, True),
        ([{"all-of": [{"numeric": [">", 1]}, {"numeric": ["<", 3]}]}, "x"], 3, False),
        ([{"all-of": [{"numeric": [">", 1]}, {"numeric": ["<", 3]}]}, "x"], "x", True),
        ([{"all-of": [{"anything-but": "a"}, {"exists": True}]}], None, True),
        ([{"equals-ignore-case": "key"}], "\N{KELVIN SIGN}ey", False),
        ([{"equals-ignore-case": "ß"}], "ß", True),
        ([{"equals-ignore-case": "ü"}], "Ü", True),
        ([{"suffix": {"equals-ignore-case": "Ünd"}}], "hüND", True),
        ([{"prefix": {"equals-ignore-case": "Ün"}}], "üND", True),
        ([{"anything-but": "a"}], 1, True),
        ([{"anything-but": [1]}], "1", True),
        ([{"anything-but": [1]}], 1.0, False),
        ([{"anything-but": "a"}], ["a", "b"], True),
        ([{"numeric": ["=", 300]}], 300.0, True),
        ([{"numeric": [">", 0]}], True, False),
        ([{"numeric": [">", 0]}], 10**400, False),
        ([{"cidr": "10.0.0.0/8"}], "10.255.0.1", True),
        ([{"cidr": "10.0.0.0/8"}], "10.255.0.1/32", False),
        ([{"cidr": "2001:db8::/32"}], "2001:0DB8:0:0::1", True),
        ([{"cidr": "203.0.113.7/32"}], "203.0.113.7", True),
        ([{"cidr": "203.0.113.7/32"}], "203.0.113.8", False),
        ([{"cidr": "2001:db8::7/128"}], "2001:db8:0::7", True),
        ([{"cidr": "2001:db8::7/128"}], "2001:db8::8", False),
    ],
)
def test_values_hold_as_eventbridge_has_it(values: list[Any], value: object, expected: bool) -> None:  # noqa: FBT001 - a case
    assert matches({"field": values}, {"field": value}) is expected


def test_a_missing_field_is_not_a_null_one() -> None:
    assert matches({"errorCode": [{"exists": False}]}, {})
    assert not matches({"errorCode": [{"exists": False}]}, {"errorCode": None})
    assert not matches({"errorCode": [None]}, {})


def test_conditions_on_one_array_hold_on_one_element() -> None:
    pattern = {"items": {"port": [22], "cidr": ["0.0.0.0/0"]}}
    assert matches(pattern, {"items": [{"port": 22, "cidr": "0.0.0.0/0"}, {"port": 80}]})
    assert not matches(pattern, {"items": [{"port": 22, "cidr": "10.0.0.0/8"}, {"port": 80, "cidr": "0.0.0.0/0"}]})


def test_an_or_shares_the_element_with_the_fields_outside_it() -> None:
    pattern = {"items": {"port": [22]}, "$or": [{"items": {"cidr": ["::/0"]}}, {"items": {"cidr": ["0.0.0.0/0"]}}]}
    assert matches(pattern, {"items": [{"port": 22, "cidr": "::/0"}]})
    assert not matches(pattern, {"items": [{"port": 22}, {"cidr": "::/0"}]})


def test_what_is_written_last_of_one_path_counts() -> None:
    pattern = {"a": ["x"], "$or": [{"a": ["y"]}, {"b": ["z"]}]}
    assert matches(pattern, {"a": "y"})
    assert matches(pattern, {"a": "x", "b": "z"})
    assert not matches(pattern, {"a": "x"})


def test_a_key_with_dots_is_a_path() -> None:
    assert matches({"userIdentity.type": ["Root"]}, {"userIdentity": {"type": "Root"}})


Membership = dict[int, int]


def flatten(value: object, path: tuple[str, ...], place: Membership, ids: Iterator[int]) -> Iterator[tuple[Any, ...]]:
    """List leaves with the array elements that they lie in, as Event Ruler's README describes it."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flatten(item, (*path, key), place, ids)
    elif isinstance(value, list):
        array = next(ids)
        for index, item in enumerate(value):
            yield from flatten(item, path, {**place, array: index}, ids)
    else:
        yield path, value, place


def agree(one: Membership, other: Membership) -> bool:
    return all(other.get(array, index) == index for array, index in one.items())


def holds_by_search(conditions: list[Condition], leaves: list[tuple[Any, ...]], place: Membership) -> bool:
    """Try every leaf for every condition, in order of names: slow, and plainly what the semantics say."""
    if not conditions:
        return True
    condition, *others = conditions
    here = [(value, at) for path, value, at in leaves if path == condition.path and agree(place, at)]
    if condition.absent and not here and holds_by_search(others, leaves, place):
        return True
    return any(condition.test(value) and holds_by_search(others, leaves, {**place, **at}) for value, at in here)


@settings(max_examples=600, deadline=None)
@given(PATTERNS, RECORDS)
def test_arrays_are_consistent_as_a_plain_search_has_it(source: dict[str, Any], record: dict[str, Any]) -> None:
    try:
        pattern = Pattern.parse(source)
    except PatternError:
        return
    leaves = list(flatten(record, (), {}, itertools.count()))
    expected = any(holds_by_search(list(way), leaves, {}) for way in pattern.conjunctions)
    assert pattern.matches(record) is expected


@settings(max_examples=500, deadline=None)
@given(st.one_of(ANYTHING, PATTERNS, st.dictionaries(st.text(max_size=4), ANYTHING, max_size=3)), RECORDS)
def test_any_pattern_parses_or_is_refused(source: Any, record: dict[str, Any]) -> None:
    try:
        pattern = Pattern.parse(source)
    except PatternError:
        return
    assert pattern.matches(record) in (True, False)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.dictionaries(st.sampled_from(["eventName", "userIdentity", "items"]), ANYTHING, max_size=3))
def test_any_record_is_matched(source: dict[str, Any], record: dict[str, Any]) -> None:
    try:
        pattern = Pattern.parse(source)
    except PatternError:
        return
    assert pattern.matches(record) in (True, False)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ({"userIdentity": {"type": "Root"}}, ["userIdentity.type", "['Root']"]),
        ({"eventName": [{"all-of": [{"prefix": "x"}]}]}, ["eventName", "all-of", "two or more"]),
        ({"eventName": [{"all-of": [{"prefix": "x"}, {"exists": False}]}]}, ["eventName", "all-of", "exists: false"]),
        ({"eventName": [{"all-of": [{"prefix": "x"}, {"suffix": 1}]}]}, ["eventName", "all-of: suffix"]),
        ({"eventName": [{"wild": "x"}]}, ["eventName", "wild", "wildcard"]),
        ({"a": {"b": [{"numeric": ["~", 1]}]}}, ["a.b", "~", "<="]),
        ({"$or": [{"a": ["x"]}]}, ["$or", "two or more"]),
        ({"a": [float("nan")]}, ["a", "not JSON"]),
        ({1: ["x"]}, ["1", "quote"]),
        ({"a": [10**5000]}, ["a", "too large"]),
        ({"a": 10**5000}, ["a", "too large"]),
        ({"a": [{"cidr": "10.0.0.0"}]}, ["a", "cidr", "10.0.0.0/8"]),
    ],
)
def test_a_refusal_names_the_field_and_what_to_do(source: Any, told: list[str]) -> None:
    with pytest.raises(PatternError) as refusal:
        Pattern.parse(source)
    assert [word for word in told if word not in str(refusal.value)] == []


def test_more_combinations_than_eventbridge_takes_are_refused_at_once() -> None:
    branches = [{f"f{number}": ["x"]} for number in range(2)]
    pattern: dict[str, Any] = {"a": ["x"]}
    for number in range(200):
        pattern = {"$or": branches, f"g{number}": {"$or": branches}, "h": {**pattern}}
    with pytest.raises(PatternError, match="combinations"):
        Pattern.parse(pattern)


def test_equality_tells_true_from_one() -> None:
    assert Pattern.parse({"a": [1]}) == Pattern.parse({"a": [1]})
    assert Pattern.parse({"a": [1]}) != Pattern.parse({"a": [True]})
    assert len({Pattern.parse({"a": ["x"]}), Pattern.parse({"a": ["x"]})}) == 1


def test_the_source_is_a_copy() -> None:
    mapping = {"a": ["x"]}
    pattern = Pattern.parse(mapping)
    mapping["a"].append("y")
    assert pattern.source == {"a": ["x"]}


@pytest.mark.parametrize("record", [None, "text", 5, [{"a": "x"}]])
def test_what_is_no_object_is_refused(record: Any) -> None:
    with pytest.raises(RecordError, match="not a JSON object"):
        matches({"a": ["x"]}, record)


def test_a_record_nested_beyond_reason_is_refused_by_name() -> None:
    value: Any = "x"
    for _ in range(5000):
        value = [value]
    assert matches({"a": ["x"]}, {"a": value})
    with pytest.raises(RecordError, match="too deeply"):
        matches({"a": {"b": ["x"], "c": ["y"]}}, {"a": value})


def nested_ors(levels: int) -> dict[str, Any]:
    pattern: dict[str, Any] = {"eventName": ["no"]}
    for level in range(levels):
        pattern = {"$or": [{"eventName": [f"name-{level}"]}, pattern]}
    return pattern


def test_twice_the_nested_ors_take_twice_the_work() -> None:
    def calls(levels: int) -> tuple[int, int]:
        source = nested_ors(levels)
        pattern = Pattern.parse(source)
        assert pattern.matches({"eventName": "name-0"})
        return count_calls(lambda: Pattern.parse(source)), count_calls(lambda: pattern.matches({"eventName": "other"}))

    (parsing, matching), (parsing_twice, matching_twice) = calls(100), calls(200)
    assert parsing_twice < 2.4 * parsing
    assert matching_twice < 2.4 * matching


class ScannedText(str):
    """Text that counts the characters that its searches go over."""

    __slots__ = ("scanned",)
    scanned: int

    def find(self, text: str, start: Any = None, end: Any = None, /) -> int:
        found = super().find(text, start, end)
        begun, ended = start or 0, len(self) if end is None else end
        self.scanned = getattr(self, "scanned", 0) + (ended if found < 0 else found + len(text)) - begun
        return found


def test_50_stars_go_over_a_megabyte_once() -> None:
    wildcard, agent = "*ab" * 49 + "*", "ab" * 40 + "a" * 1_000_000
    assert not matches({"userAgent": [{"wildcard": wildcard}]}, {"userAgent": agent})
    texts, scanned = split_wildcard(wildcard), ScannedText(agent)
    assert texts is not None
    assert not matches_wildcard(texts)(scanned)
    assert 1_000_000 <= scanned.scanned <= len(agent)


def test_ten_times_the_record_takes_ten_times_the_work() -> None:
    pattern = Pattern.parse(
        {"requestParameters": {"items": {"cidr": [{"cidr": "10.0.0.0/8"}], "more": {"a": [1], "b": [2]}}}}
    )

    def calls(count: int) -> int:
        items = [{"port": number, "cidr": "10.0.0.0/8", "more": [{"a": 1}, {"b": 2}]} for number in range(count)]
        record = {"requestParameters": {"items": items}}
        assert not pattern.matches(record)
        return count_calls(lambda: pattern.matches(record))

    assert calls(3_800) < 12 * calls(380)  # the longer one is of 250 KB, which is what a record may have
