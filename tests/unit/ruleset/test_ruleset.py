import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import needs_records, real_lines
from tests.unit.pattern.pattern_cases import ANYTHING, RECORDS, RULES
from trailbell.errors import RecordError
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet, automaton


def rule(name: str, match: Mapping[str, Any], *exceptions: Mapping[str, Any]) -> Rule:
    return Rule(
        id=name,
        title=name,
        severity="low",
        match=Pattern.parse(match),
        exceptions=tuple(Pattern.parse(exception) for exception in exceptions),
    )


def ids(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.id for rule in rules]


def one_by_one(rules: tuple[Rule, ...], record: Mapping[str, Any]) -> list[str]:
    return [
        rule.id
        for rule in rules
        if rule.match.matches(record) and not any(exception.matches(record) for exception in rule.exceptions)
    ]


class Facts:
    """Facts that count how often they are asked for."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.calls = 0

    def __call__(self) -> Mapping[str, Any]:
        self.calls += 1
        return self.facts


LAUNCH = {"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "userIdentity": {"type": "IAMUser"}}


def test_rules_match_in_their_order() -> None:
    ruleset = RuleSet.compile(
        [
            rule("by-identity", {"userIdentity": {"type": ["IAMUser"]}}),
            rule("other", {"eventName": ["StopInstances"]}),
            rule("by-name", {"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]}),
        ]
    )
    assert ids(ruleset.match(LAUNCH)) == ["by-identity", "by-name"]


def test_an_exception_silences_its_rule_alone() -> None:
    ruleset = RuleSet.compile(
        [
            rule("a", {"eventName": ["RunInstances"]}, {"userIdentity": {"type": ["IAMUser"]}}),
            rule("b", {"eventName": ["RunInstances"]}, {"userIdentity": {"type": ["Root"]}}),
        ]
    )
    assert ids(ruleset.match(LAUNCH)) == ["b"]


def test_no_rules_match_nothing() -> None:
    assert RuleSet.compile([]).match(LAUNCH) == ()
    assert RuleSet.compile([]).match_json(json.dumps(LAUNCH).encode()) == ()


def test_facts_are_asked_once_and_only_by_a_rule_that_survived() -> None:
    ruleset = RuleSet.compile(
        [
            rule("one", {"eventName": ["RunInstances"], "trailbell": {"principal": {"kind": ["human"]}}}),
            rule("two", {"eventName": ["RunInstances"], "trailbell": {"principal": {"mfa": [{"exists": False}]}}}),
            rule("three", {"eventName": ["RunInstances"]}, {"trailbell": {"origin": {"network": ["office"]}}}),
        ]
    )
    facts = Facts(principal={"kind": "human"}, origin={"network": "office"})
    assert ids(ruleset.match({"eventName": "StopInstances"}, facts)) == []
    assert facts.calls == 0
    assert ids(ruleset.match(LAUNCH, facts)) == ["one", "two"]
    assert facts.calls == 1


def test_it_tells_which_groups_of_facts_its_rules_look_at() -> None:
    rules = (
        Rule(
            id="a",
            title="a",
            severity="low",
            match=Pattern.parse({"$or": [{"eventName": ["A"]}, {"trailbell": {"policy": {"public": [True]}}}]}),
            exceptions=(Pattern.parse({"trailbell": {"resources": {"type": ["AWS::S3::Bucket"]}}}),),
        ),
        Rule(id="b", title="b", severity="low", match=Pattern.parse({"eventName": ["B"]})),
    )
    assert RuleSet.compile(rules).fact_groups == {"policy", "resources"}
    assert RuleSet.compile(rules[1:]).fact_groups == frozenset()


def test_facts_are_not_asked_where_an_exception_without_them_holds() -> None:
    ruleset = RuleSet.compile(
        [
            rule(
                "one",
                {"trailbell": {"a": ["x"]}, "eventName": ["RunInstances"]},
                {"userIdentity": {"type": ["IAMUser"]}},
            )
        ]
    )
    facts = Facts(a="x")
    assert ruleset.match(LAUNCH, facts) == ()
    assert facts.calls == 0


def test_a_record_cannot_bring_its_own_facts() -> None:
    ruleset = RuleSet.compile([rule("one", {"trailbell": {"a": ["x"]}})])
    assert ruleset.match({**LAUNCH, "trailbell": {"a": "x"}}) == ()
    assert ids(ruleset.match(LAUNCH, Facts(a="x"))) == ["one"]


def test_numbers_are_not_taken_for_the_booleans_that_came_before() -> None:
    ruleset = RuleSet.compile([rule("flag", {"readOnly": [True]}), rule("number", {"readOnly": [1]})])
    for _ in range(2):
        assert ids(ruleset.match({"readOnly": True})) == ["flag"]
        assert ids(ruleset.match({"readOnly": 1})) == ["number"]
        assert ids(ruleset.match({"readOnly": 1.0})) == ["number"]


@pytest.mark.parametrize("identity", [None, "root", 5, [], [{"type": "Root"}], {}, {"type": None}, {"type": {"x": 1}}])
def test_odd_identities_are_matched_as_the_single_pattern_has_it(identity: object) -> None:
    rules = (
        rule("root", {"userIdentity": {"type": ["Root"]}}),
        rule("none", {"userIdentity": {"type": [{"exists": False}]}}),
        rule("null", {"userIdentity": [None]}),
        rule("untyped", {"userIdentity": {"type": [None]}}),
    )
    ruleset = RuleSet.compile(rules)
    record = {"eventName": "X", "userIdentity": identity}
    for _ in range(2):
        assert ids(ruleset.match(record)) == one_by_one(rules, record)
        assert ids(ruleset.match_json(json.dumps(record).encode())) == one_by_one(rules, record)


@settings(max_examples=200, deadline=None)
@given(RULES, st.lists(RECORDS, min_size=1, max_size=6))
def test_the_set_agrees_with_its_rules_one_by_one(rules: tuple[Rule, ...], records: list[dict[str, Any]]) -> None:
    ruleset = RuleSet.compile(rules)
    for record in [*records, *records]:
        expected = one_by_one(rules, record)
        assert ids(ruleset.match(record)) == expected
        assert ids(ruleset.match_json(json.dumps(record).encode())) == expected
        assert [told.rule.id for told in ruleset.explain(record) if told.matched] == expected


@settings(max_examples=150, deadline=None)
@given(RULES, st.dictionaries(st.sampled_from(["eventName", "userIdentity", "sourceIPAddress"]), ANYTHING, max_size=3))
def test_any_record_is_matched_and_explained(rules: tuple[Rule, ...], record: dict[str, Any]) -> None:
    ruleset = RuleSet.compile(rules)
    expected = one_by_one(rules, record)
    assert ids(ruleset.match(record)) == expected
    assert [told.rule.id for told in ruleset.explain(record) if told.matched] == expected


def test_it_forgets_what_it_learnt_before_it_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton, "MOST_TRANSITIONS", 5)
    rules = (rule("one", {"eventName": ["name-3"]}), rule("two", {"eventName": [{"prefix": "name-1"}]}))
    ruleset = RuleSet.compile(rules)
    for _ in range(2):
        for number in range(40):
            record = {"eventName": f"name-{number}"}
            assert ids(ruleset.match(record)) == one_by_one(rules, record)
    assert ruleset._automaton._transitions <= 5


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60))
def test_bytes_that_are_no_record_are_refused(data: bytes) -> None:
    ruleset = RuleSet.compile([rule("none", {"eventName": [{"exists": False}], "items": [{"exists": False}]})])
    try:
        record = json.loads(data)
    except ValueError:
        record = None
    if isinstance(record, dict):
        return
    with pytest.raises(RecordError):
        ruleset.match_json(data)


@pytest.mark.parametrize("record", [None, "text", 5, [LAUNCH]])
def test_what_is_no_object_is_refused(record: Any) -> None:
    with pytest.raises(RecordError, match="not a JSON object"):
        RuleSet.compile([]).match(record)


@needs_records
def test_real_records_are_matched_as_one_by_one() -> None:
    rules = (
        rule("failed", {"errorCode": [{"suffix": "UnauthorizedOperation"}, {"prefix": "AccessDenied"}]}),
        rule("root", {"userIdentity": {"type": ["Root"], "invokedBy": [{"exists": False}]}}),
        rule("no-mfa", {"eventName": ["ConsoleLogin"], "additionalEventData": {"MFAUsed": ["No"]}}),
        rule("deleted", {"eventName": [{"prefix": "Delete"}]}, {"userIdentity": {"type": ["AssumedRole"]}}),
        rule("changed", {"readOnly": [False], "sourceIPAddress": [{"anything-but": {"suffix": ".amazonaws.com"}}]}),
        rule("bucket", {"resources": {"type": ["AWS::S3::Bucket"], "accountId": [{"exists": True}]}}),
    )
    ruleset = RuleSet.compile(rules)
    matched = 0
    for line in real_lines():
        record = json.loads(line)
        expected = one_by_one(rules, record)
        matched += len(expected)
        assert ids(ruleset.match(record)) == expected
        assert ids(ruleset.match_json(line)) == expected
    assert matched > 1000


class TestExplain:
    def test_the_first_condition_that_failed_is_told_with_the_values_seen(self) -> None:
        ruleset = RuleSet.compile(
            [rule("one", {"eventName": ["StopInstances"], "userIdentity": {"type": ["IAMUser"]}})]
        )
        (told,) = ruleset.explain(LAUNCH)
        assert told.outcome == "condition failed"
        (seen,) = told.conditions
        assert (seen.path, seen.expected, seen.values) == ("eventName", ["StopInstances"], ("RunInstances",))

    def test_the_exception_that_held_is_told(self) -> None:
        ruleset = RuleSet.compile(
            [
                rule(
                    "one",
                    {"eventName": ["RunInstances"]},
                    {"eventName": ["X"]},
                    {"trailbell": {"origin": {"network": ["office"]}}},
                )
            ]
        )
        (told,) = ruleset.explain(LAUNCH, Facts(origin={"network": "office"}))
        assert (told.outcome, told.exception) == ("exception held", 1)
        assert [(seen.path, seen.values) for seen in told.conditions] == [("trailbell.origin.network", ("office",))]

    def test_a_match_shows_what_held(self) -> None:
        ruleset = RuleSet.compile([rule("one", {"eventName": ["RunInstances"], "errorCode": [{"exists": False}]})])
        (told,) = ruleset.explain(LAUNCH)
        assert told.matched
        assert [(seen.path, seen.values) for seen in told.conditions] == [
            ("errorCode", ()),
            ("eventName", ("RunInstances",)),
        ]

    def test_of_several_ways_the_one_that_came_furthest_is_told(self) -> None:
        ruleset = RuleSet.compile(
            [
                rule(
                    "one",
                    {
                        "$or": [
                            {"awsRegion": ["x"], "eventName": ["y"]},
                            {"eventName": ["RunInstances"], "userAgent": ["z"]},
                        ]
                    },
                )
            ]
        )
        (told,) = ruleset.explain(LAUNCH)
        assert [seen.path for seen in told.conditions] == ["userAgent"]

    def test_conditions_that_no_one_element_meets_are_told(self) -> None:
        ruleset = RuleSet.compile([rule("one", {"items": {"a": [1], "b": [2]}})])
        (told,) = ruleset.explain({"items": [{"a": 1, "b": 3}, {"a": 4, "b": 2}]})
        assert [(seen.path, seen.values) for seen in told.conditions] == [("items.b", (3, 2))]
