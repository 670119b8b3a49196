"""The commands: what goes to stdout, what to stderr, and the exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trailbell.cli.main import app

CONFIG = """\
rules:
  - id: launched
    title: Instance launched
    severity: medium
    match: {eventSource: [ec2.amazonaws.com], eventName: [RunInstances]}
    tests:
      - {name: by alice, record: a.json, alerts: true}
      - {name: another call, record: a.json, with: {eventName: StopInstances}, alerts: false}
  - {id: leaked, title: Key leaked, severity: critical, match: {eventName: [CreateAccessKey]}}
  - {id: quiet, title: Quiet, severity: info, match: {eventName: [CreateTags]}, enabled: false}
suppressions:
  - {match: {userAgent: [scanner]}, reason: our own, expires: 2020-01-01}
"""


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the commands run in a checkout of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "trailbell.yaml").write_text(CONFIG)
    events = tmp_path / "tests" / "events"
    events.mkdir(parents=True)
    (events / "a.json").write_text(json.dumps({"eventSource": "ec2.amazonaws.com", "eventName": "RunInstances"}))
    return tmp_path


def trailbell(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def edit(checkout: Path, old: str, new: str) -> None:
    path = checkout / "config" / "trailbell.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_validate_says_that_a_config_is_valid_and_warns(checkout: Path) -> None:
    del checkout
    result = trailbell("config", "validate")
    assert result.exit_code == 0
    assert "warning  config/trailbell.yaml:12:54  suppressions[0].expires" in result.stdout
    assert "2 rules on, 1 off, 1 suppression, 1 warning. Version" in result.stderr


def test_validate_strictly_fails_on_warnings() -> None:
    assert trailbell("config", "validate", "--strict").exit_code == 1


@pytest.mark.parametrize("named", [["other.yaml"], ["--config", "other.yaml"], ["-c", "other.yaml"]])
def test_validate_takes_its_file_with_or_without_the_option_of_the_other_commands(
    checkout: Path, named: list[str]
) -> None:
    (checkout / "other.yaml").write_text("packs: [none-such]\n")
    result = trailbell("config", "validate", *named)
    assert result.exit_code == 1
    assert "other.yaml" in result.stdout


def test_validate_tells_each_error_in_a_block_and_fails(checkout: Path) -> None:
    edit(checkout, "severity: medium", "severity: medum")
    edit(checkout, "[CreateAccessKey]", "[CreateAccesKey]")
    result = trailbell("config", "validate")
    assert result.exit_code == 1
    assert (
        "error  config/trailbell.yaml:4:5  rule launched · severity\n"
        "    'medum' is not one of the values it can have.\n"
        "    Did you mean medium?\n"
    ) in result.stdout
    assert "there is no event CreateAccesKey" in result.stdout
    assert "config/trailbell.yaml is not valid: 2 errors, 1 warning." in result.stderr


def test_validate_writes_json_for_programs(checkout: Path) -> None:
    edit(checkout, "severity: medium", "severity: medum")
    result = trailbell("config", "validate", "--format", "json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["valid"], document["version"]) == (1, False, None)
    first = document["problems"][0]
    assert (first["level"], first["line"], first["rule"], first["field"]) == ("error", 4, "launched", "severity")


def test_a_valid_config_in_json_has_its_version() -> None:
    document = json.loads(trailbell("config", "validate", "--format", "json").stdout)
    assert document["valid"] is True
    assert len(document["version"]) == 12


def test_a_missing_config_is_an_error_that_names_init() -> None:
    result = trailbell("config", "validate", "none.yaml")
    assert result.exit_code == 1
    assert "cannot be read: No such file or directory" in result.stdout
    assert "trailbell init" in result.stderr


def test_the_environment_names_the_config(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "other.yaml").write_text("packs: []")
    monkeypatch.setenv("TRAILBELL_CONFIG", "other.yaml")
    assert "other.yaml is valid: 0 rules on" in trailbell("config", "validate").stderr


def test_list_shows_the_rules_that_are_on() -> None:
    result = trailbell("rules", "list")
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["Rule", "Severity", "Pack", "Title"],
        ["launched", "medium", "own", "Instance", "launched"],
        ["leaked", "critical", "own", "Key", "leaked"],
    ]
    assert result.stderr == "2 rules.\n"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--all"], ["launched", "leaked", "quiet"]),
        (["--all", "--severity", "medium"], ["launched", "leaked"]),
        (["--pack", "own"], ["launched", "leaked"]),
        (["--pack", "starter"], []),
    ],
)
def test_list_leaves_the_rules_that_are_asked_for(options: list[str], ids: list[str]) -> None:
    result = trailbell("rules", "list", "--format", "json", *options)
    assert [rule["id"] for rule in json.loads(result.stdout)] == ids


def test_an_unknown_severity_is_wrong_usage() -> None:
    result = trailbell("rules", "list", "--severity", "urgent")
    assert result.exit_code == 2
    assert "urgent" in result.stderr


def test_a_broken_config_stops_other_commands_with_its_errors_on_stderr(checkout: Path) -> None:
    edit(checkout, "severity: medium", "severity: medum")
    result = trailbell("rules", "list")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Did you mean medium?" in result.stderr
    assert "1 error; nothing was done." in result.stderr


def test_show_prints_the_rule_with_its_place_and_tests() -> None:
    result = trailbell("rules", "show", "launched")
    assert result.exit_code == 0
    assert "Instance launched  medium  on" in result.stdout
    assert "config/trailbell.yaml:2" in result.stdout
    assert "test: another call (stays silent)" in result.stdout


def test_show_writes_the_compiled_rule_as_json() -> None:
    document = json.loads(trailbell("rules", "show", "launched", "--format", "json").stdout)
    assert document["rule"]["match"] == {"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]}
    assert document["enabled"] is True


def test_show_suggests_the_rule_that_was_meant() -> None:
    result = trailbell("rules", "show", "lanched")
    assert result.exit_code == 1
    assert "Did you mean launched?" in result.stderr


def test_test_runs_the_tests_of_the_rules() -> None:
    result = trailbell("rules", "test")
    assert result.exit_code == 0
    assert "pass  launched: by alice\n" in result.stdout
    assert "note  leaked has no test with alerts: true and alerts: false" in result.stdout
    assert result.stderr == "2 tests: 2 passed, 0 failed.\n"


def test_test_fails_where_a_rule_does_not_do_what_its_test_says(checkout: Path) -> None:
    edit(checkout, "alerts: false", "alerts: true")
    result = trailbell("rules", "test", "launched")
    assert result.exit_code == 1
    assert "FAIL  launched: another call" in result.stdout
    assert 'eventName wants ["RunInstances"], the record has ["StopInstances"]' in result.stdout


def test_test_can_require_both_kinds_of_test() -> None:
    assert trailbell("rules", "test", "launched", "--require-both").exit_code == 0
    assert trailbell("rules", "test", "--require-both").exit_code == 1


def test_test_results_in_json() -> None:
    document = json.loads(trailbell("rules", "test", "--format", "json").stdout)
    assert [test["passed"] for test in document["tests"]] == [True, True]
    assert set(document["untested"]) == {"leaked", "quiet"}


def test_init_writes_a_config_that_is_valid_and_its_schema(checkout: Path) -> None:
    result = trailbell("init", "new/trailbell.yaml")
    assert result.exit_code == 0
    assert "Next:" in result.stderr
    assert trailbell("config", "validate", "new/trailbell.yaml", "--strict").exit_code == 0
    assert "EventPattern" in json.loads((checkout / "new" / "trailbell.schema.json").read_text())["$defs"]


def test_init_does_not_write_over_a_config_unless_told_to(checkout: Path) -> None:
    assert trailbell("init").exit_code == 1
    assert (checkout / "config" / "trailbell.yaml").read_text() == CONFIG
    assert trailbell("init", "--force").exit_code == 0
    assert (checkout / "config" / "trailbell.yaml").read_text() != CONFIG


def test_init_writes_the_config_that_a_checkout_has() -> None:
    root = Path(__file__).resolve().parents[3]
    shipped = (root / "config" / "trailbell.yaml").read_text(encoding="utf-8")
    assert (root / "src" / "trailbell" / "cli" / "starter.yaml").read_text(encoding="utf-8") == shipped
