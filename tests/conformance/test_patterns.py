"""The reference's answers: what Amazon EventBridge's own engine makes of thousands of patterns."""

import json
from typing import Any

import pytest

from tests.shared import ANSWERS_FILE, needs_answers
from trailbell.errors import PatternError
from trailbell.pattern import Pattern
from trailbell.rule import Rule
from trailbell.ruleset import RuleSet

RULES_AT_ONCE = 100

pytestmark = needs_answers


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    with ANSWERS_FILE.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_every_match_and_miss_is_the_references(cases: list[dict[str, Any]]) -> None:
    judged = [case for case in cases if "matches" in case]
    assert len(judged) >= 2385
    wrong = [case for case in judged if Pattern.parse(case["pattern"]).matches(case["record"]) != case["matches"]]
    assert wrong == []


def test_every_pattern_that_the_reference_refuses_is_refused(cases: list[dict[str, Any]]) -> None:
    refused = [case["pattern"] for case in cases if case.get("valid") is False]
    assert len(refused) >= 46
    for pattern in refused:
        with pytest.raises(PatternError):
            Pattern.parse(pattern)


def test_the_rule_set_gives_the_references_answers(cases: list[dict[str, Any]]) -> None:
    judged = [case for case in cases if "matches" in case]
    for start in range(0, len(judged), RULES_AT_ONCE):
        batch = judged[start : start + RULES_AT_ONCE]
        rules = [
            Rule(id=str(number), title="case", severity="info", match=Pattern.parse(case["pattern"]))
            for number, case in enumerate(batch)
        ]
        ruleset = RuleSet.compile(rules)
        for rule, case in zip(rules, batch, strict=True):
            matched = ruleset.match(case["record"])
            assert (rule in matched) == case["matches"]
            assert ruleset.match_json(json.dumps(case["record"]).encode()) == matched
