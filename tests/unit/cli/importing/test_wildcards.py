"""The conjunction of texts with stars, against a plain match of both."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.importing.wildcards import Tokens, TooManyTextsError, covers, meet, star


def tokens(text: str) -> Tokens:
    return star(*(None if character == "*" else character for character in text))


def text(found: Tokens) -> str:
    return "".join("*" if token is None else token for token in found)


TEXTS = st.text(alphabet="ab*", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("a*", "*b", {"a*b"}),
        ("*a*", "*b*", {"*a*b*", "*b*a*"}),
        ("ab*", "*bc", {"ab*bc", "abc"}),
        ("a*", "b*", set()),
        ("*", "a", {"a"}),
        ("a*", "a*", {"a*"}),
    ],
)
def test_what_both_match_is_written_as_texts(one: str, other: str, both: set[str]) -> None:
    assert {text(found) for found in meet(tokens(one), tokens(other))} == both


@given(TEXTS, TEXTS, st.text(alphabet="ab", max_size=7))
def test_a_value_matches_the_conjunction_when_it_matches_both(one: str, other: str, value: str) -> None:
    both = fnmatchcase(value, one) and fnmatchcase(value, other)
    assert any(fnmatchcase(value, text(found)) for found in meet(tokens(one), tokens(other))) == both


@given(TEXTS, TEXTS, st.text(alphabet="ab", max_size=6))
def test_what_covers_a_text_matches_all_that_it_does(wider: str, narrower: str, value: str) -> None:
    if covers(tokens(wider), tokens(narrower)) and fnmatchcase(value, narrower):
        assert fnmatchcase(value, wider)


def test_endless_texts_are_refused() -> None:
    with pytest.raises(TooManyTextsError):
        meet(tokens("a" * 400), tokens("*" + "a" * 400))
