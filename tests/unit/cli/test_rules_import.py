"""`trailbell rules import`: what goes to stdout, what to stderr, and the exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from trailbell.cli.importing.detect import Kind, detect
from trailbell.cli.main import app

ROOT = Path(__file__).parents[3]
SIGMA = ROOT / "tests" / "sigma"
RULE = "title: Tool\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a: {userAgent|contains: kali}\n"
PATTERN = json.dumps({"source": ["aws.ec2"], "detail": {"eventName": ["RunInstances"]}})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    return tmp_path


def trailbell(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_rules_go_to_stdout_and_words_to_stderr(folder: Path) -> None:
    (folder / "tool.yml").write_text(RULE + "  condition: a\n")
    result = trailbell("rules", "import", "tool.yml")
    assert result.exit_code == 0
    assert result.stdout.startswith("rules:\n  # Sigma rule, in tool.yml\n  - id: sigma-tool\n")
    assert "1 rule imported, 0 losses.\n" in result.stderr
    assert "every event wakes the detector" in result.stderr


def test_what_is_written_is_a_valid_config_whose_tests_pass(folder: Path) -> None:
    assert trailbell("rules", "import", str(SIGMA), "--out", "config/trailbell.yaml").exit_code == 0
    validated = trailbell("config", "validate")
    assert (validated.exit_code, validated.stdout) == (0, "")
    assert trailbell("rules", "test", "--require-both").exit_code == 0
    assert (folder / "config" / "trailbell.yaml").read_text().startswith("rules:\n")


def test_what_is_lost_is_told_on_stderr_and_in_the_file_and_fails(folder: Path) -> None:
    (folder / "tool.yml").write_text(RULE + "  f: {eventName|re: 'List(Users|Roles)'}\n  condition: a and not f\n")
    result = trailbell("rules", "import", "tool.yml")
    assert result.exit_code == 1
    assert "fires more  tool.yml:5  Tool\n    eventName: Trailbell has no regular expressions" in result.stderr
    assert "# fires more: eventName: Trailbell has no regular expressions" in result.stdout


def test_names_as_aws_spells_them_are_asked_for(folder: Path) -> None:
    (folder / "users.yml").write_text(
        RULE.replace("userAgent|contains: kali", "eventName: createuser") + "  condition: a\n"
    )
    assert "eventName: [{equals-ignore-case: createuser}]" in trailbell("rules", "import", "users.yml").stdout
    assert "eventName: [CreateUser]" in trailbell("rules", "import", "users.yml", "--aws-names").stdout


def test_losses_in_json(folder: Path) -> None:
    (folder / "tool.yml").write_text(RULE + "  f: {eventName|re: 'List(Users|Roles)'}\n  condition: a and not f\n")
    result = trailbell("rules", "import", "tool.yml", "--format", "json")
    document = json.loads(result.stdout)
    assert (result.exit_code, [rule["id"] for rule in document["rules"]]) == (1, ["sigma-tool"])
    (loss,) = document["losses"]
    assert (loss["file"], loss["line"], loss["effect"]) == ("tool.yml", 5, "fires more")


def test_a_folder_may_hold_rules_of_several_tools(folder: Path) -> None:
    (folder / "tool.yml").write_text(RULE + "  condition: a\n")
    (folder / "pattern.json").write_text(PATTERN)
    (folder / "terraform.tfvars").write_text('events_to_track = "CreateUser"\n')
    result = trailbell("rules", "import", ".", "--format", "json")
    assert {rule["id"] for rule in json.loads(result.stdout)["rules"]} == {
        "sigma-tool",
        "eventbridge-pattern",
        "cloudtrail-to-slack-events",
    }


def test_a_file_of_no_tool_is_told(folder: Path) -> None:
    (folder / "notes.yaml").write_text("hello: there\n")
    result = trailbell("rules", "import", "notes.yaml")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "name its tool with --from" in result.stderr


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    result = trailbell("rules", "import", "none.yml")
    assert (result.exit_code, result.stderr) == (2, "There is no none.yml.\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RULE, Kind.SIGMA),
        ("title: x\ndetection:\n  a: [\n", Kind.SIGMA),
        (PATTERN, Kind.EVENTBRIDGE),
        ("source: [aws.ec2]\ndetail: {eventName: [RunInstances]}\n", Kind.EVENTBRIDGE),
        (
            "Resources: {R: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [aws.ec2]}}}}",
            Kind.EVENTBRIDGE,
        ),
        ("CreateUser,RunInstances\n", Kind.EVENTS_TO_TRACK),
        ("module \"x\" {\n  rules = \"event['a'] == 'b'\"\n}\n", Kind.EVENTS_TO_TRACK),
        ("hello: there\n", None),
        ("a: [", None),
        ("Resources: {Topic: {Type: AWS::SNS::Topic}}", None),
    ],
)
def test_the_tool_is_told_by_what_stands_in_the_file(text: str, kind: Kind | None) -> None:
    assert detect(text, "file") is kind


def test_other_commands_do_not_load_pysigma() -> None:
    code = "import sys, trailbell.cli.main; sys.exit('sigma' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
