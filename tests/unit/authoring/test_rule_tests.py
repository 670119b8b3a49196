"""The tests that stand in rules: how their records are made, and what their results say."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.authoring.reading import Load
from trailbell.authoring import RuleTest, TestResult, find_untested, run_rule_tests
from trailbell.authoring.rule_tests import build_record
from trailbell.errors import ConfigError
from trailbell.names import Names

RECORD: dict[str, Any] = {
    "eventName": "RunInstances",
    "userIdentity": {"type": "IAMUser", "userName": "alice"},
    "responseElements": {"items": [{"id": "i-1"}, {"id": "i-2"}]},
    "errorCode": None,
}


@pytest.fixture
def events_dir(tmp_path: Path) -> Path:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "run-instances.json").write_text(json.dumps(RECORD))
    (tmp_path / "events" / "list.json").write_text("[]")
    (tmp_path / "events" / "broken.json").write_text("{")
    return tmp_path / "events"


def make_test(**fields: Any) -> RuleTest:
    given: dict[str, Any] = {
        "name": "a",
        "record": "run-instances.json",
        "changes": {},
        "removals": (),
        "alerts": True,
        "names": Names(),
    }
    return RuleTest(**(given | {"file": "a.yaml", "line": 1} | fields))


@pytest.mark.parametrize(
    ("changes", "path", "value"),
    [
        ({"eventName": "StopInstances"}, ("eventName",), "StopInstances"),
        ({"userIdentity": {"userName": "bob"}}, ("userIdentity",), {"type": "IAMUser", "userName": "bob"}),
        ({"userIdentity.userName": "bob"}, ("userIdentity",), {"type": "IAMUser", "userName": "bob"}),
        (
            {"userIdentity.sessionContext.attributes.mfa": "true"},
            ("userIdentity", "sessionContext"),
            {"attributes": {"mfa": "true"}},
        ),
        ({"responseElements.items.1.id": "i-9"}, ("responseElements", "items"), [{"id": "i-1"}, {"id": "i-9"}]),
        ({"responseElements": {"items": []}}, ("responseElements",), {"items": []}),
        ({"userIdentity": None}, ("userIdentity",), None),
        ({"errorCode": {"deep": 1}}, ("errorCode",), {"deep": 1}),
    ],
)
def test_with_changes_fields_and_merges_mappings(
    events_dir: Path, changes: dict[str, Any], path: tuple[str, ...], value: object
) -> None:
    record: Any = build_record(make_test(changes=changes), events_dir)
    for step in path:
        record = record[step]
    assert record == value


def test_without_takes_fields_out(events_dir: Path) -> None:
    record = build_record(make_test(removals=("errorCode", "userIdentity.userName")), events_dir)
    assert "errorCode" not in record
    assert record["userIdentity"] == {"type": "IAMUser"}


def test_an_inline_record_is_not_changed_for_the_next_test(events_dir: Path) -> None:
    inline = {"eventName": "A", "userIdentity": {"type": "Root"}}
    build_record(make_test(record=inline, changes={"userIdentity": {"type": "IAMUser"}}), events_dir)
    assert inline == {"eventName": "A", "userIdentity": {"type": "Root"}}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"record": "none.json"}, "cannot be read"),
        ({"record": "list.json"}, "holds no CloudTrail record"),
        ({"record": "broken.json"}, "is not JSON"),
        ({"removals": ("errorMessage",)}, "which the record does not have"),
        ({"changes": {"responseElements.items.7.id": "x"}}, "has no item 7"),
    ],
)
def test_a_record_that_cannot_be_made_is_refused(events_dir: Path, fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        build_record(make_test(**fields), events_dir)


RULES = """\
rules:
  - id: launched
    title: Launched
    severity: low
    match: {eventName: [RunInstances]}
    except:
      - userIdentity: {userName: [ci]}
    tests:
      - {name: by alice, record: run-instances.json, alerts: true}
      - {name: by ci, record: run-instances.json, with: {userIdentity.userName: ci}, alerts: false}
  - id: stopped
    title: Stopped
    severity: low
    match: {eventName: [StopInstances]}
    enabled: false
    tests:
      - {name: wrongly expected, record: run-instances.json, alerts: true}
      - {name: record missing, record: none.json, alerts: true}
  - {id: bare, title: Bare, severity: low, match: {eventName: [StartInstances]}}
"""


def test_results_say_what_failed_and_where(load: Load, events_dir: Path) -> None:
    results = list(run_rule_tests(load(RULES).entries, events_dir=events_dir))
    assert [(result.rule_id, result.name, result.passed) for result in results] == [
        ("launched", "by alice", True),
        ("launched", "by ci", True),
        ("stopped", "wrongly expected", False),
        ("stopped", "record missing", False),
    ]
    failed: TestResult = results[2]
    assert failed.line == 17
    assert failed.message == (
        'the rule does not alert, and should: eventName wants ["StopInstances"], the record has ["RunInstances"]'
    )
    assert "none.json cannot be read" in results[3].message


def test_rules_without_both_kinds_of_test_are_found(load: Load) -> None:
    assert find_untested(load(RULES).entries) == {
        "stopped": "alerts: false",
        "bare": "alerts: true and alerts: false",
    }


def test_a_packs_tests_do_not_see_the_configs_names(load: Load, tmp_path: Path) -> None:
    rule = (
        "rules:\n  - id: {id}\n    title: A\n    severity: low\n    match: {{eventName: [RunInstances]}}\n    tests:\n"
        "      - {{name: plain, record: a.json, alerts: true}}\n"
        "      - {{name: named, record: a.json, alerts: true, names: {{accounts: {{'222222222222': mine}}}}}}\n"
    )
    (tmp_path / "packs" / "mine").mkdir(parents=True)
    (tmp_path / "packs" / "mine" / "a.yaml").write_text(rule.format(id="packed"))
    loaded = load("packs: [mine]\naccounts: {'111111111111': prod}\n" + rule.format(id="own"))
    accounts = {entry.rule.id: [dict(test.names.accounts) for test in entry.tests] for entry in loaded.entries}
    assert accounts == {
        "own": [{"111111111111": "prod"}, {"111111111111": "prod", "222222222222": "mine"}],
        "packed": [{}, {"222222222222": "mine"}],
    }
