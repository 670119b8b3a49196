"""Any simple detection, read plainly here as Sigma's specification has it, against the rule that the import makes."""

import operator
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trailbell.cli.importing.sigma import import_sigma
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet

FIELDS = ["eventName", "errorCode", "userAgent", "requestParameters.a", "requestParameters.b.c"]
WORDS = ["a", "ab", "B", "aB", "bA", "abc", "1", "C*", "*", "a*c", ""]
NUMBERS = [0, 1, 2.5]
MODIFIERS = ["", "|contains", "|startswith", "|endswith", "|contains|all", "|cased", "|contains|cased", "|neq"]

Detection = Mapping[str, Any]


@st.composite
def items(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a line of a detection: a field with its modifiers, and its values."""
    field = draw(st.sampled_from(FIELDS))
    kind = draw(st.integers(0, 9))
    if kind == 0:
        return f"{field}|exists", draw(st.booleans())
    if kind == 1:
        return field, None
    if kind == 2:
        return f"{field}|{draw(st.sampled_from(['lt', 'lte', 'gt', 'gte']))}", draw(st.sampled_from(NUMBERS))
    if kind == 3:
        return field, draw(st.sampled_from([*NUMBERS, True, False]))
    modifiers = draw(st.sampled_from(MODIFIERS))
    words = st.sampled_from([word for word in WORDS if word] if modifiers else WORDS)
    return f"{field}{modifiers}", draw(st.lists(words, min_size=1, max_size=3, unique=True))


SELECTIONS = st.lists(items(), min_size=1, max_size=3).map(dict)
CONDITIONS = st.sampled_from(
    [
        "one",
        "one and not two",
        "not one",
        "one or two",
        "1 of s_*",
        "all of s_*",
        "one and not 1 of s_*",
        "(one or two) and not (s_x and s_y)",
        "not (one and not two)",
        "one and not (two or not s_x)",
        "not 1 of them",
    ]
)
VALUES = st.sampled_from(["a", "A", "ab", "AB", "ba", "abc", "ABC", "1", "c", "xcx", "", "true", "K", "\u212a"])
LEAVES = st.one_of(VALUES, st.sampled_from([0, 1, 2, 2.5, True, False, None]))


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    """Return a record with some of the fields; those that CloudTrail documents as texts hold texts."""
    record: dict[str, Any] = {"eventSource": "ec2.amazonaws.com", "eventName": draw(VALUES)}
    for field in ("errorCode", "userAgent"):
        if draw(st.booleans()):
            record[field] = draw(VALUES)
    if draw(st.booleans()):
        record["requestParameters"] = {"a": draw(LEAVES)}
    if draw(st.booleans()):
        record.setdefault("requestParameters", {})["b"] = {"c": draw(LEAVES)}
    return record


MISSING = object()


def read(record: Mapping[str, Any], field: str) -> Any:
    value: Any = record
    for step in field.split("."):
        if not isinstance(value, Mapping) or step not in value:
            return MISSING
        value = value[step]
    return value


def same_text(value: Any, pattern: str, *, cased: bool) -> bool:
    """Compare as Sigma does: any case of a letter, `*` for anything. Other types stand as they are written."""
    if value is MISSING:
        return False
    if set(pattern) == {"*"}:
        return True  # any value, null too
    if value is None or ("*" in pattern and not isinstance(value, str)):
        return False
    if not isinstance(value, str):
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return written == (pattern if cased else pattern.lower())
    if cased:
        return fnmatchcase(value, pattern)
    return fnmatchcase(fold(value), fold(pattern))


def fold(text: str) -> str:
    return "".join(letter if letter == "\u212a" else letter.lower() for letter in text)


def holds(record: Mapping[str, Any], key: str, wanted: Any) -> bool:  # noqa: PLR0911 - a case each
    field, *modifiers = key.split("|")
    value = read(record, field)
    if modifiers == ["exists"]:
        return (value is not MISSING) is wanted
    if wanted is None:
        return value is MISSING or value is None
    if modifiers and modifiers[0] in ("lt", "lte", "gt", "gte"):
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        compare = {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}[modifiers[0]]
        return bool(compare(value, wanted))
    if isinstance(wanted, bool):
        return value is wanted or (isinstance(value, str) and value.lower() == str(wanted).lower())
    if isinstance(wanted, int | float):
        same = not isinstance(value, bool) and value == wanted
        return same if not isinstance(value, str) else value == str(wanted)
    before, after = ("contains" in modifiers or name in modifiers for name in ("endswith", "startswith"))
    found = [same_text(value, "*" * before + word + "*" * after, cased="cased" in modifiers) for word in wanted]
    answer = all(found) if "all" in modifiers else any(found)
    return answer != ("neq" in modifiers)


def evaluate(record: Mapping[str, Any], detections: Mapping[str, Detection], condition: str) -> bool:
    answers = {name: all(holds(record, *item) for item in lines.items()) for name, lines in detections.items()}
    starts = [answer for name, answer in answers.items() if name.startswith("s_")]
    text = condition.replace("1 of s_*", "any_s").replace("all of s_*", "all_s").replace("1 of them", "any_one")
    known = {**answers, "any_s": any(starts), "all_s": all(starts), "any_one": any(answers.values())}
    return bool(eval(text, {"__builtins__": {}}, known))  # noqa: S307 - the conditions of this file


def write(detections: Mapping[str, Detection], condition: str) -> str:
    rule = {
        "title": "any",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": {**detections, "condition": condition},
    }
    return yaml.safe_dump(rule, sort_keys=False)


def rules(text: str) -> Iterator[Rule]:
    imported = import_sigma([("any.yml", text)])
    assert [loss for loss in imported.losses if loss.why != "no record can meet it"] == []
    for draft in imported.drafts:
        document = draft.document
        exceptions: Sequence[Any] = document.get("except", ())
        match = Pattern.parse(document["match"])
        yield Rule(
            id=document["id"], title="", severity="low", match=match, exceptions=tuple(map(Pattern.parse, exceptions))
        )


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries({"one": SELECTIONS, "two": SELECTIONS, "s_x": SELECTIONS, "s_y": SELECTIONS}),
    CONDITIONS,
    st.lists(records(), min_size=1, max_size=8),
)
def test_the_imported_rule_alerts_when_the_detection_holds(
    detections: dict[str, Detection], condition: str, seen: list[dict[str, Any]]
) -> None:
    ruleset = RuleSet.compile(rules(write(detections, condition)))
    for record in seen:
        assert bool(ruleset.match(record)) == evaluate(record, detections, condition)


@pytest.mark.parametrize(("word", "value", "same"), [("Kali", "KALI", True), ("k", "\u212a", False)])
def test_case_is_compared_letter_by_letter(word: str, value: str, same: bool) -> None:  # noqa: FBT001 - a case
    text = write({"one": {"userAgent|contains": word}}, "one")
    assert bool(RuleSet.compile(rules(text)).match({"eventName": "X", "userAgent": f"a {value} b"})) is same
