import json
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import needs_records, real_records
from tests.unit.pattern.pattern_cases import RECORDS, RULES
from trailbell.errors import ConfigError
from trailbell.filters import Filter, compile_filters
from trailbell.operations import is_read_only, load_operations
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet


def rule(match: Mapping[str, Any]) -> Rule:
    return Rule(id="a", title="a", severity="low", match=Pattern.parse(match))


def envelope(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"source": "aws.ec2", "detail-type": "AWS API Call via CloudTrail", "detail": record}


def is_withheld(record: Mapping[str, Any]) -> bool:
    """Tell whether rules in the state ENABLED do not get it, as EventBridge's guide has it, and more by readOnly."""
    name = record.get("eventName")
    if name in ("GetFederationToken", "GetSessionToken"):
        return False
    starts = isinstance(name, str) and name.startswith(("Describe", "Get", "List"))
    return starts or record.get("readOnly") in (True, "true")


def let_through(filters: Iterable[Filter]) -> Callable[[Mapping[str, Any]], bool]:
    patterns = [(Pattern.parse(filter_.pattern), filter_.read_only) for filter_ in filters]
    return lambda record: any(
        pattern.matches(envelope(record)) for pattern, read_only in patterns if read_only or not is_withheld(record)
    )


def length(filter_: Filter) -> int:
    return len(json.dumps(filter_.pattern, separators=(",", ":")))


def test_no_rules_need_no_filter() -> None:
    assert compile_filters([]) == ()


def test_a_rule_is_kept_whole_where_there_is_room() -> None:
    match = {
        "eventSource": ["ec2.amazonaws.com"],
        "eventName": ["RunInstances"],
        "errorCode": [{"exists": False}],
        "requestParameters": {"instanceType": [{"prefix": "p4"}]},
    }
    (filter_,) = compile_filters([rule(match)])
    assert filter_.pattern == {
        "source": [{"prefix": "aws."}, "trailbell.test"],
        "detail-type": [{"suffix": "via CloudTrail"}],
        "detail": match,
    }
    assert not filter_.read_only


def test_facts_are_dropped() -> None:
    (filter_,) = compile_filters(
        [rule({"eventName": ["RunInstances"], "trailbell": {"principal": {"kind": ["human"]}}})]
    )
    assert filter_.pattern["detail"] == {"eventName": ["RunInstances"]}


def test_a_rule_on_facts_alone_lets_everything_through() -> None:
    (filter_,) = compile_filters([rule({"trailbell": {"principal": {"kind": ["human"]}}})])
    assert "detail" not in filter_.pattern
    assert filter_.read_only


@pytest.mark.parametrize(
    ("match", "states"),
    [
        ({"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]}, [False]),
        ({"eventSource": ["ec2.amazonaws.com"], "eventName": ["DescribeInstances"]}, [True]),
        ({"eventSource": ["ec2.amazonaws.com"], "eventName": ["DescribeInstances", "RunInstances"]}, [True, False]),
        ({"eventSource": ["sts.amazonaws.com"], "eventName": ["GetSessionToken"]}, [False]),
        ({"eventSource": ["kms.amazonaws.com"], "eventName": ["Decrypt"]}, [True]),
        ({"eventName": ["AssumeRole"]}, [True]),
        ({"eventName": [{"prefix": "Delete"}]}, [False]),
        ({"eventName": [{"prefix": "De"}]}, [True]),
        ({"eventName": [{"suffix": "Policy"}]}, [True]),
        ({"eventName": [{"equals-ignore-case": "createuser"}]}, [False]),
        ({"eventName": [{"equals-ignore-case": "listusers"}]}, [True]),
        ({"eventName": [{"equals-ignore-case": "assumerole"}]}, [True]),
        ({"eventName": [{"equals-ignore-case": "frobnicate"}]}, [False]),
        ({"eventName": ["Frobnicate"]}, [False]),
        ({"eventName": [{"suffix": "Policy"}], "readOnly": [False]}, [True, False]),
        ({"eventName": [{"prefix": "Put"}], "readOnly": [False]}, [False]),
        ({"eventName": ["GetSigninToken", "AssumeRole"], "readOnly": [False]}, [True, False]),
        ({"userIdentity": {"type": ["Root"]}}, [True]),
        ({"eventSource": ["ec2.amazonaws.com"], "readOnly": [{"exists": True}]}, [True]),
    ],
)
def test_only_rules_that_can_match_reads_get_them(match: dict[str, Any], states: list[bool]) -> None:
    assert [filter_.read_only for filter_ in compile_filters([rule(match)])] == states


def test_changes_that_are_called_like_reads_are_let_through() -> None:
    passes = let_through(compile_filters([rule({"readOnly": [False], "userIdentity": {"type": ["Root"]}})]))
    root = {"userIdentity": {"type": "Root"}}
    assert passes({**root, "eventName": "GetSigninToken", "readOnly": False})
    assert passes({**root, "eventName": "CreateUser", "readOnly": False})
    assert not passes({**root, "eventName": "ListUsers", "readOnly": True})
    assert not passes({**root, "eventName": "AssumeRole", "readOnly": True})


def test_names_that_nobody_knows_may_be_reads() -> None:
    rules = [rule({"eventSource": ["new.amazonaws.com"], "eventName": ["Frobnicate"]})]
    assert [filter_.read_only for filter_ in compile_filters(rules, read_only=lambda _source, _name: None)] == [True]


def test_a_block_of_one_address_is_widened_to_what_eventbridge_takes() -> None:
    match = {"eventName": ["CreateUser"], "sourceIPAddress": [{"cidr": "203.0.113.7/32"}, {"cidr": "2001:db8::7/128"}]}
    (filter_,) = compile_filters([rule(match)])
    assert filter_.pattern["detail"]["sourceIPAddress"] == [{"cidr": "203.0.113.7/31"}, {"cidr": "2001:db8::7/127"}]


@pytest.mark.parametrize(
    ("wildcard", "widened"),
    [
        ("*Kali*", {"exists": True}),
        ("arn:*:root", {"prefix": {"equals-ignore-case": "arn:"}}),
        ("*:root", {"suffix": {"equals-ignore-case": ":root"}}),
        ("root", {"equals-ignore-case": "root"}),
        ("\\**", {"exists": True}),
    ],
)
def test_a_wildcard_in_any_case_is_widened_to_what_eventbridge_takes(wildcard: str, widened: object) -> None:
    match = {"eventName": ["CreateUser"], "userAgent": [{"wildcard": {"equals-ignore-case": wildcard}}]}
    (filter_,) = compile_filters([rule(match)])
    assert filter_.pattern["detail"]["userAgent"] == [widened]


def test_of_values_that_must_all_hold_the_filter_keeps_the_one_that_says_most() -> None:
    both = {"all-of": [{"wildcard": {"equals-ignore-case": "*kali*"}}, {"prefix": "aws-cli"}]}
    (filter_,) = compile_filters([rule({"eventName": ["CreateUser"], "userAgent": [both]})])
    assert filter_.pattern["detail"]["userAgent"] == [{"prefix": "aws-cli"}]


def test_null_is_left_to_the_detector() -> None:
    (filter_,) = compile_filters([rule({"eventName": ["CreateUser"], "responseElements": [None]})])
    assert filter_.pattern["detail"] == {"eventName": ["CreateUser"]}


def test_an_absence_goes_with_the_condition_that_it_depends_on() -> None:
    match = {"eventName": ["CreateUser"], "items": {"a": [{"wildcard": "*a*b*c*"}], "b": [{"exists": False}]}}
    (filter_,) = compile_filters([rule(match)])
    assert let_through([filter_])({"eventName": "CreateUser", "items": [{"a": "abc"}, {"b": 1}]})
    assert rule(match).match.matches({"eventName": "CreateUser", "items": [{"a": "abc"}, {"b": 1}]})


def test_one_rule_on_facts_alone_opens_the_one_filter_that_is_left() -> None:
    rules = [*many_rules(400), rule({"trailbell": {"principal": {"kind": ["human"]}}})]
    (filter_,) = compile_filters(rules)
    assert "detail" not in filter_.pattern
    assert filter_.read_only


@pytest.mark.parametrize("slots", [0, -1])
def test_no_slots_are_refused(slots: int) -> None:
    with pytest.raises(ConfigError, match="slots"):
        compile_filters([rule({"eventName": ["X"]})], slots=slots)


@settings(max_examples=150, deadline=None)
@given(RULES, st.lists(RECORDS, min_size=1, max_size=5), st.integers(1, 5), st.sampled_from([91, 150, 300, 2048]))
def test_a_match_is_always_let_through(
    rules: tuple[Rule, ...], records: list[dict[str, Any]], slots: int, max_chars: int
) -> None:
    filters = compile_filters(rules, slots=slots, max_pattern_chars=max_chars)
    assert len(filters) <= slots
    assert all(length(filter_) <= max_chars for filter_ in filters)
    passes, ruleset = let_through(filters), RuleSet.compile(rules)
    for record in records:
        assert passes(record) or not ruleset.match(record)


def many_rules(count: int) -> list[Rule]:
    """Return rules as packs have them: most name a source and events that change something."""
    chance = random.Random(7)  # noqa: S311 - the same rules each time
    sources = load_operations().sources
    known = sorted(source for source, names in sources.items() if len(names) > 20)
    rules = []
    for number in range(count):
        source = chance.choice(known)
        changes = sorted(name for name in sources[source] if not is_read_only(source, name))
        match: dict[str, Any] = {
            "eventSource": [source],
            "eventName": chance.sample(changes, min(len(changes), chance.randint(1, 3))) or ["None"],
        }
        if number % 3 == 0:
            match["errorCode"] = [{"exists": False}]
        if number % 40 == 0:
            match = {
                "userIdentity": {"type": ["Root"]},
                "sourceIPAddress": [{"anything-but": f"198.51.100.{number % 250}"}],
            }
        rules.append(Rule(id=str(number), title="a", severity="low", match=Pattern.parse(match)))
    return rules


def test_400_rules_fit_5_slots_within_the_quotas() -> None:
    filters = compile_filters(many_rules(400))
    assert 0 < len(filters) <= 5
    for filter_ in filters:
        assert length(filter_) <= 2048
        assert json.dumps(filter_.pattern).count('"wildcard"') <= 32
        assert "detail" in filter_.pattern
        Pattern.parse(filter_.pattern)  # the 1,000 combinations, too


@needs_records
@pytest.mark.parametrize("slots", [1, 3, 5])
def test_every_real_record_that_matches_is_let_through(slots: int) -> None:
    rules = [
        *many_rules(200),
        rule({"eventName": [{"prefix": "Delete"}]}),
        rule({"errorCode": [{"prefix": "AccessDenied"}]}),
        rule({"eventSource": ["kms.amazonaws.com"], "eventName": ["Decrypt"]}),
    ]
    passes, ruleset = let_through(compile_filters(rules, slots=slots)), RuleSet.compile(rules)
    matched = 0
    for record in real_records():
        if ruleset.match(record):
            matched += 1
            assert passes(record)
    assert matched > 100
