import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trailbell.authoring.problems import Problems
from trailbell.authoring.yaml_reader import Mark, parse_yaml, read_yaml


def parse(text: str) -> tuple[object, list[str]]:
    problems = Problems()
    document = parse_yaml(text, "a.yaml", problems)
    return (None if document is None else document.value), [str(problem) for problem in problems.found]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("17:00", "17:00"),
        ("011122223333", "011122223333"),
        ("2027-01-01", "2027-01-01"),
        ("1_000", "1_000"),
        ("true", True),
        ("~", None),
        ("", None),
        ("300", 300),
        ("-1", -1),
        ("0x1F", 31),
        ("3.0e2", 300.0),
        (".5", 0.5),
        ('"300"', "300"),
        ("'true'", "true"),
        ("1e999", "1e999"),
    ],
)
def test_plain_values_are_read_as_yaml_1_2_has_them(written: str, value: object) -> None:
    parsed, problems = parse(f"key: {written}")
    assert problems == []
    assert parsed == {"key": value}
    assert isinstance(parsed, dict)
    assert type(parsed["key"]) is type(value)


def test_keys_stay_as_written() -> None:
    assert parse("111122223333: a\ntrue: b") == ({"111122223333": "a", "true": "b"}, [])


def test_a_key_written_twice_is_an_error_that_names_both_lines() -> None:
    _, problems = parse("a: 1\nb:\n  c: 1\n  c: 2\na: 3\n")
    assert problems == [
        "a.yaml:4:3: error: c is written twice; first in line 3. Keep one.",
        "a.yaml:5:1: error: a is written twice; first in line 1. Keep one.",
    ]


def test_every_value_knows_its_place() -> None:
    document = parse_yaml("rules:\n  - id: a\n    match:\n      eventName: [X, Y]\n", "a.yaml", Problems())
    assert document is not None
    assert document.mark(("rules", 0, "match", "eventName")) == Mark(line=4, column=7)
    assert document.mark(("rules", 0, "match", "eventName", 1)) == Mark(line=4, column=22)
    assert document.mark(("rules", 0, "unwritten")) == Mark(line=2, column=5)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1, 2", 1, "not YAML"),
        ("a: 1\n b: 2", 2, "not YAML"),
        ("a: 1\n---\nb: 2", 2, "not YAML"),
        ("a: *nothing", 1, "not YAML"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tag"),
        ("a: !!set {b: ~}", 1, "tag"),
        ("a: !secret x", 1, "tag"),
        ("? [1, 2]\n: b", 1, "plain word"),
        ("a: \x00", 1, "not YAML"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    _, problems = parse(text)
    assert len(problems) == 1
    assert problems[0].startswith(f"a.yaml:{line}:")
    assert words in problems[0]


def test_aliases_cannot_multiply_without_end() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    value, problems = parse(bomb)
    assert value is None
    assert "holds more than" in problems[0]


@pytest.fixture
def plain_recursion_limit() -> Iterator[None]:
    """Have Python's own limit, which other tests' libraries raise: PyYAML takes the longer, the deeper it may go."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("plain_recursion_limit")
def test_nesting_without_end_is_refused() -> None:
    value, problems = parse("a: " + "[" * 5000)
    assert value is None
    assert len(problems) == 1


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    problems = Problems()
    (tmp_path / "latin.yaml").write_bytes(b"a: \xe9")
    assert read_yaml(tmp_path / "none.yaml", "none.yaml", problems) is None
    assert read_yaml(tmp_path / "latin.yaml", "latin.yaml", problems) is None
    assert [problem.message.split(":")[0] for problem in problems.found] == ["cannot be read", "is not UTF-8 text"]


@pytest.mark.usefixtures("plain_recursion_limit")
@pytest.mark.parametrize("text", ["[" * 2_900, "{a: " * 2_900, "\n".join(" " * level + "a:" for level in range(1_400))])
def test_what_libyaml_is_given_does_not_end_the_process(text: str) -> None:
    problems = Problems()
    parse_yaml(text, "deep.yaml", problems)
    assert problems.failed
