"""`trailbell config plan`: what a push would change."""

import json
from pathlib import Path

from tests.unit.cli.config.fake_deployed import CONFIG, SECOND, FakeDeployed, trailbell


def test_plan_says_that_there_is_nothing_to_push(deployed: FakeDeployed) -> None:
    result = trailbell("plan", "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing to push: config" in result.stderr
    assert deployed.log == []


def test_plan_names_each_change_and_changes_nothing(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG.replace("critical", "high") + SECOND)
    result = trailbell("plan")
    assert result.exit_code == 0
    assert "~ rule leaked  high  Key leaked\n    severity: critical -> high\n" in result.stdout
    assert "+ rule queue  high  Queue deleted\n" in result.stdout
    assert "Rules: 1 added, 1 changed." in result.stderr
    assert trailbell("plan", "--exit-code").exit_code == 1
    document = json.loads(trailbell("plan", "--format", "json").stdout)
    assert [(rule["id"], rule["kind"]) for rule in document["changes"]["rules"]] == [
        ("leaked", "changed"),
        ("queue", "added"),
    ]
    assert deployed.log == []


def test_plan_shows_a_long_field_whole_before_and_after(deployed: FakeDeployed, checkout: Path) -> None:
    del deployed
    names = "[CreateAccessKey, UpdateAccessKey, DeleteAccessKey, CreateLoginProfile]"
    checkout.write_text(CONFIG.replace("[CreateAccessKey]", names))
    assert trailbell("plan").stdout == (
        "~ rule leaked  critical  Key leaked\n"
        "    match:\n"
        '      - {"eventName": ["CreateAccessKey"]}\n'
        '      + {"eventName": ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "CreateLoginProfile"]}\n'
        "~ filters: 1 EventBridge rule\n"
    )
