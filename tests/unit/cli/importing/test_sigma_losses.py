"""What of a Sigma rule cannot be carried over is told: where, why, and what it does."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from trailbell.cli.importing.emit import finish
from trailbell.cli.importing.result import Imported, Loss
from trailbell.cli.importing.sigma import import_sigma
from trailbell.pattern import Pattern

HEAD = "title: A rule\nlogsource: {product: aws, service: cloudtrail}\n"


def read(*documents: str, file: str = "rule.yml") -> Imported:
    return import_sigma([(file, "\n---\n".join(documents))])


def rule(detection: str) -> Imported:
    return read(HEAD + f"detection:\n{detection}")


def only(imported: Imported) -> Loss:
    (loss,) = imported.losses
    return loss


def test_broken_yaml_is_told_with_its_line() -> None:
    loss = only(read("title: x\ndetection:\n  a: [1\n"))
    assert (loss.file, loss.line, loss.effect) == ("rule.yml", 4, "not imported")
    assert "not YAML" in loss.why


def test_a_key_that_stands_twice_is_told() -> None:
    loss = only(read(HEAD + "detection:\n  a:\n    eventName: X\n    eventName: Y\n  condition: a\n"))
    assert (loss.line, loss.effect) == (6, "not imported")
    assert "eventName stands twice" in loss.why


def test_an_unknown_modifier_is_told_with_its_line_and_those_that_exist() -> None:
    loss = only(rule("  a:\n    eventName: X\n    userAgent|includes: kali\n  condition: a\n"))
    assert (loss.line, loss.rule, loss.what) == (6, "A rule", "userAgent|includes")
    assert "there is no modifier includes" in loss.why
    assert "contains" in loss.why


@pytest.mark.parametrize(
    ("detection", "line", "words"),
    [
        ("  a:\n    eventName: X\n  condition: a and b\n", 6, "Detection 'b' not defined"),
        ("  a:\n    eventName: X\n  condition: a and\n", 6, "Expected"),
        ("  a:\n    eventName: X\n", 1, "at least one condition"),
        ("  a:\n    eventName: X\n    userAgent|re: 'kali|parrot'\n  condition: a\n", 6, "regular expressions"),
        ("  a:\n    eventName: X\n    user_agent: kali\n  condition: a\n", 6, "no such field"),
        ("  a:\n    eventName|expand: '%watched%'\n  condition: a\n", 5, "placeholder %watched%"),
        ("  a:\n    userAgent|fieldref: eventName\n  condition: a\n", 5, "SigmaFieldReference"),
        ("  a:\n    eventTime|hour: 3\n  condition: a\n", 5, "parts of a time"),
        ("  a:\n    eventName: X\n    requestParameters.n|gt: 6000000000\n  condition: a\n", 6, "5,000,000,000"),
        ("  a:\n    eventName: X\n  b:\n    eventName: Y\n  condition: a and b\n", 8, "no record can meet it"),
    ],
)
def test_what_must_hold_and_is_lost_keeps_the_rule_out(detection: str, line: int, words: str) -> None:
    imported = rule(detection)
    loss = only(imported)
    assert imported.drafts == []
    assert (loss.effect, loss.rule) == ("not imported", "A rule")
    assert words in loss.why
    assert loss.line == line


def test_an_alternative_that_is_lost_makes_it_fire_less() -> None:
    imported = rule("  a:\n    eventName: X\n  b:\n    userAgent|re: kali[0-9]\n  condition: a or b\n")
    assert only(imported).effect == "fires less"
    assert [dict(draft.document["match"]) for draft in imported.drafts] == [
        {"eventName": [{"equals-ignore-case": "X"}]}
    ]


def test_an_exception_that_is_lost_makes_it_fire_more() -> None:
    imported = rule("  a:\n    eventName: X\n  f:\n    userAgent|re: kali[0-9]\n  condition: a and not f\n")
    assert only(imported).effect == "fires more"
    assert "except" not in imported.drafts[0].document


@pytest.mark.parametrize(("condition", "effect"), [("a", "fires more"), ("e and not a", "fires less")])
def test_a_question_mark_is_taken_for_any_characters(condition: str, effect: str) -> None:
    imported = rule(f"  a:\n    userAgent: 'kali-?'\n  e:\n    eventName: X\n  condition: {condition}\n")
    assert (only(imported).effect, only(imported).line) == (effect, 5)
    assert "kali-" in str(imported.drafts[0].document)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("title: A rule\n", "missing"),
        ("title: A rule\nlogsource: {product: windows, service: security}\n", "product windows, service security"),
        ("title: A rule\nlogsource: {product: aws}\n", "product aws"),
    ],
)
def test_rules_of_other_logs_are_left_out(head: str, words: str) -> None:
    loss = only(read(head + "detection:\n  a: {eventName: X}\n  condition: a\n"))
    assert (loss.what, loss.effect) == ("logsource", "not imported")
    assert words in loss.why


BASE = HEAD + "name: base\ndetection:\n  a: {eventName: ConsoleLogin}\n  condition: a\n"


def correlation(**changes: Any) -> str:
    inside = {"type": "event_count", "rules": ["base"], "timespan": "5m", "condition": {"gte": 5}} | changes
    return yaml.safe_dump({"title": "Many", "level": "high", "correlation": inside})


@pytest.mark.parametrize(
    ("changes", "what", "effect"),
    [
        ({"type": "value_count", "condition": {"gte": 5, "field": "userAgent"}}, "type", "not imported"),
        ({"type": "temporal"}, "type", "not imported"),
        ({"rules": ["other"]}, "rules", "not imported"),
        ({"condition": {"lt": 5}}, "condition", "not imported"),
        ({"condition": {"gte": 5000}}, "condition", "not imported"),
        ({"timespan": "soon"}, "timespan", "not imported"),
        ({"timespan": "2y"}, "timespan", "not imported"),
        ({"condition": {"eq": 5}}, "condition", "fires more"),
        ({"group-by": ["userAgent"]}, "group-by", "fires more"),
    ],
)
def test_what_of_a_correlation_is_lost_is_told(changes: dict[str, Any], what: str, effect: str) -> None:
    imported = read(BASE, correlation(**changes))
    loss = only(imported)
    assert (loss.what, loss.effect, loss.rule) == (what, effect, "Many")
    assert ("Many" in {draft.document["title"] for draft in imported.drafts}) == (effect != "not imported")


@pytest.mark.parametrize(
    ("changes", "threshold"),
    [
        ({"condition": {"gt": 9}}, {"count": 10, "by": ["rule"], "window": "5m"}),
        ({"timespan": "90s", "group-by": ["sourceIPAddress"]}, {"count": 5, "by": ["source_ip"], "window": "90s"}),
        ({"timespan": "2w"}, {"count": 5, "by": ["rule"], "window": "14d"}),
    ],
)
def test_a_correlation_becomes_a_threshold(changes: dict[str, Any], threshold: dict[str, Any]) -> None:
    imported = read(BASE, correlation(**changes))
    assert imported.losses == []
    assert [draft.document["threshold"] for draft in imported.drafts] == [threshold]


def test_a_correlation_that_generates_keeps_its_rule() -> None:
    imported = read(BASE, correlation(generate=True))
    assert [draft.document["title"] for draft in imported.drafts] == ["A rule", "Many"]


def test_a_correlation_finds_its_rule_in_another_file() -> None:
    imported = import_sigma([("a.yml", correlation()), ("b.yml", BASE)])
    assert imported.losses == []
    assert [draft.file for draft in imported.drafts] == ["a.yml"]


def test_a_filter_of_its_own_becomes_an_exception() -> None:
    outside = (
        "title: Our scanner\nlogsource: {product: aws, service: cloudtrail}\n"
        "filter:\n  rules: any\n  scanner: {userAgent|startswith: our-scanner}\n  condition: not scanner\n"
    )
    imported = read(BASE, outside)
    assert imported.losses == []
    assert imported.drafts[0].document["except"] == [{"userAgent": [{"prefix": {"equals-ignore-case": "our-scanner"}}]}]


def test_a_document_that_is_no_rule_is_told() -> None:
    assert "no detection" in only(read("name: x\n")).why
    assert "write each rule out" in only(read("action: global\ntitle: x\n")).why


def test_parts_with_exceptions_of_their_own_become_rules_of_their_own() -> None:
    imported = rule(
        "  a: {eventName: X}\n  b: {eventName: Y}\n  f: {userAgent: kali}\n  condition: (a and not f) or b\n"
    )
    assert imported.losses == []
    assert [draft.id for draft in imported.drafts] == ["sigma-rule-1", "sigma-rule-2"]


def test_ids_are_given_once() -> None:
    text = HEAD + "detection:\n  a: {eventName: X}\n  condition: a\n"
    imported = import_sigma([("one/aws_x.yml", text), ("two/aws_x.yml", text)])
    assert [draft.id for draft in imported.drafts] == ["sigma-x", "sigma-x-2"]


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("createuser", ["CreateUser"]),
        ("UPDATEFUNCTIONCODE20150331", ["UpdateFunctionCode20150331"]),
        ("Frobnicate", [{"equals-ignore-case": "Frobnicate"}]),
    ],
)
def test_names_may_be_written_as_aws_spells_them(written: str, spelled: list[Any]) -> None:
    text = HEAD + f"detection:\n  a: {{eventName: {written}, userAgent: Kali}}\n  condition: a\n"
    (draft,) = import_sigma([("rule.yml", text)], aws_names=True).drafts
    assert draft.document["match"] == {"eventName": spelled, "userAgent": [{"equals-ignore-case": "Kali"}]}


def test_a_rule_that_needs_a_missing_field_comes_with_a_test_that_has_it() -> None:
    imported = rule("  a: {eventName: CreateUser}\n  f: {responseElements: null}\n  condition: a and not f\n")
    finish(imported)
    alerts, silent, *_ = imported.drafts[0].document["tests"]
    assert (alerts["alerts"], silent["alerts"]) == (True, False)
    assert alerts["record"]["responseElements"]


@pytest.mark.parametrize(
    ("modifiers", "written", "value"),
    [
        ("re", "kali", {"wildcard": "*kali*"}),
        ("re", "^aws-cli/2\\.", {"prefix": "aws-cli/2."}),
        ("re", "^.*:root$", {"suffix": ":root"}),
        ("re|i", ".*Kali.*", {"wildcard": {"equals-ignore-case": "*Kali*"}}),
        ("re", "^a.*b$", {"wildcard": "a*b"}),
        ("re", "^Kali$", "Kali"),
    ],
)
def test_a_regular_expression_that_is_no_more_than_a_wildcard_is_one(modifiers: str, written: str, value: Any) -> None:
    imported = rule(f"  a:\n    userAgent|{modifiers}: '{written}'\n  condition: a\n")
    assert imported.losses == []
    assert imported.drafts[0].document["match"] == {"userAgent": [value]}


def test_one_or_more_characters_are_taken_for_any() -> None:
    imported = rule("  a:\n    userIdentity.arn|re: '.+:assumed-role/aws:.+'\n  condition: a\n")
    assert only(imported).effect == "fires more"
    assert imported.drafts[0].document["match"] == {"userIdentity": {"arn": [{"wildcard": "*:assumed-role/aws:*"}]}}


PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(-2, 2), st.text("aX*?|.\\", max_size=4))
KEYS = st.sampled_from(
    ["eventName", "userAgent|contains", "a|all", "|all", "x|re", "x|cidr", "x|exists", "x|lt", "x|base64", "userIdentity",
     "requestParameters", "requestParameters.a|windash", "a|contains|all", "", "condition"]
)  # fmt: skip
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b", "condition"]), ANYTHING, max_size=3) | ANYTHING,
    st.sampled_from(["a", "not a", "a and not b", "1 of them", "all of x*", "(", ""]) | ANYTHING,
    ANYTHING,
)
def test_any_rule_is_imported_or_told(detection: Any, condition: Any, other: Any) -> None:
    detected = {**detection, "condition": condition} if isinstance(detection, dict) else detection
    document = {
        "title": other,
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": detected,
        "tags": other,
        "level": other,
        "references": other,
    }
    imported = read(yaml.safe_dump(document))
    assert imported.drafts or imported.losses
    for draft in imported.drafts:
        Pattern.parse(draft.document["match"])
        for exception in draft.document.get("except", ()):
            Pattern.parse(exception)


@settings(max_examples=100, deadline=None)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_any_correlation_is_imported_or_told(correlation: Any, condition: Any, rules: Any) -> None:
    inside = {
        **(correlation if isinstance(correlation, dict) else {}),
        "type": "event_count",
        "condition": condition,
        "rules": rules,
        "timespan": rules,
    }
    document = {"title": "x", "correlation": inside if isinstance(correlation, dict) else correlation}
    imported = read(BASE, yaml.safe_dump(document))
    assert imported.losses
