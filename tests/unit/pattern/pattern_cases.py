"""Patterns and records for property tests: few names and values, so that they meet, and every operator and shape."""

from typing import Any

from hypothesis import strategies as st

from trailbell.errors import PatternError
from trailbell.pattern import Pattern
from trailbell.rule import Rule

WORDS = st.sampled_from(
    ["a", "ab", "b", "ABC", "s3.amazonaws.com", "GetObject", "DeleteBucket", "PutObject", "ListX", ""]
)
SCALARS = st.one_of(WORDS, st.sampled_from([0, 1, 1.0, 300, 3.0e2, -2.5, True, False, None, "10.0.0.1", "2001:db8::1"]))

OPERATORS = st.one_of(
    st.builds(lambda word: {"prefix": word}, WORDS),
    st.builds(lambda word: {"suffix": word}, WORDS),
    st.builds(lambda word: {"equals-ignore-case": word}, WORDS),
    st.builds(lambda word: {"prefix": {"equals-ignore-case": word}}, WORDS),
    st.builds(lambda word: {"suffix": {"equals-ignore-case": word}}, WORDS),
    st.sampled_from(
        [
            {"exists": True},
            {"exists": False},
            {"exists": False},
            {"wildcard": "*b*"},
            {"wildcard": "Get*"},
            {"wildcard": "*a*b*c*"},
            {"wildcard": {"equals-ignore-case": "*B*"}},
            {"wildcard": {"equals-ignore-case": "get*"}},
            {"wildcard": {"equals-ignore-case": "*OBJECT"}},
            {"wildcard": {"equals-ignore-case": "aBc"}},
            {"wildcard": {"equals-ignore-case": "d*c*t"}},
            {"anything-but": {"wildcard": {"equals-ignore-case": "*B*"}}},
            {"all-of": [{"prefix": "Get"}, {"wildcard": "*O*"}]},
            {"all-of": [{"anything-but": "a"}, {"wildcard": {"equals-ignore-case": "*B*"}}]},
            {"all-of": [{"numeric": [">", 0]}, {"anything-but": 1}]},
            {"all-of": [{"wildcard": "*a*b*c*"}, {"exists": True}]},
            {"anything-but": "a"},
            {"anything-but": ["a", "b"]},
            {"anything-but": [1, 300]},
            {"anything-but": {"prefix": "Get"}},
            {"anything-but": {"suffix": ["b", "t"]}},
            {"anything-but": {"wildcard": "*b*"}},
            {"anything-but": {"equals-ignore-case": "A"}},
            {"numeric": [">", 0, "<=", 300]},
            {"numeric": ["=", 1]},
            {"cidr": "10.0.0.0/8"},
            {"cidr": "10.0.0.1/32"},
            {"cidr": "2001:db8::/32"},
        ]
    ),
)
VALUES = st.lists(st.one_of(SCALARS, OPERATORS), min_size=1, max_size=3)
FIELDS = [
    "eventSource",
    "eventName",
    "errorCode",
    "readOnly",
    "userIdentity",
    "userAgent",
    "sourceIPAddress",
    "requestParameters",
    "items",
]
BELOW = ["type", "arn", "a", "b", "items", "z"]


def _tree(names: list[str], leaf: st.SearchStrategy[Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    inner = leaf if depth == 0 else st.one_of(leaf, leaf, _tree(BELOW, leaf, depth - 1))
    return st.dictionaries(st.sampled_from(names), inner, min_size=1, max_size=3)


_PLAIN = _tree(FIELDS, VALUES, 2)
PATTERNS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    _PLAIN,
    _PLAIN,
    st.builds(lambda pattern, branches: {**pattern, "$or": branches}, _PLAIN, st.lists(_PLAIN, min_size=2, max_size=3)),
)

_LEAVES = st.one_of(SCALARS, SCALARS, st.lists(SCALARS, max_size=3))
_BELOW = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.dictionaries(st.sampled_from(BELOW), inner, max_size=3),
        st.lists(st.dictionaries(st.sampled_from(BELOW), inner, max_size=3), max_size=3),
        st.lists(inner, max_size=2),
    ),
    max_leaves=8,
)
RECORDS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(st.sampled_from(FIELDS), _BELOW, max_size=6)


def make_rule(number: int, match: Any, exceptions: Any = ()) -> Rule | None:
    """Return a rule; None where a pattern is not one that EventBridge takes."""
    try:
        return Rule(
            id=f"rule-{number}",
            title="a rule",
            severity="info",
            match=Pattern.parse(match),
            exceptions=tuple(Pattern.parse(exception) for exception in exceptions),
        )
    except PatternError:
        return None


RULES = st.lists(st.tuples(PATTERNS, st.lists(PATTERNS, max_size=1)), min_size=1, max_size=4).map(
    lambda drafts: tuple(rule for number, draft in enumerate(drafts) if (rule := make_rule(number, *draft)) is not None)
)
"""Some rules, some of them with exceptions."""

ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(
                st.text(max_size=3), st.sampled_from(["$or", "prefix", "numeric", "cidr", "anything-but", "exists"])
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)
"""JSON and what is none, with the words of patterns in it."""
