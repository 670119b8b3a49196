"""`trailbell rules new`: drafts that are valid, tested, and put where they belong."""

from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from trailbell import examples, packs
from trailbell.cli.main import app
from trailbell.cli.rules.drafting import put_into
from trailbell.operations import load_operations

EVENTS = examples.FOLDER
RULE = "- id: b\n  title: B\n"


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)


def trailbell(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    ("event", "source", "names"),
    [
        ("iam:CreateAccessKey", "iam.amazonaws.com", ["CreateAccessKey"]),
        ("iam.amazonaws.com:CreateAccessKey", "iam.amazonaws.com", ["CreateAccessKey"]),
        # IAM's prefix is `cloudwatch`, the event source monitoring.amazonaws.com.
        ("cloudwatch:PutMetricAlarm", "monitoring.amazonaws.com", ["PutMetricAlarm"]),
        # CloudTrail puts Lambda's API version behind the name.
        (
            "lambda:CreateFunction",
            "lambda.amazonaws.com",
            ["CreateFunction20150331", "CreateFunction20150331v2"],
        ),
        # It records this call under other names.
        (
            "s3:PutPublicAccessBlock",
            "s3.amazonaws.com",
            ["PutBucketPublicAccessBlock", "PutAccountPublicAccessBlock"],
        ),
    ],
)
def test_an_event_is_found_under_the_names_that_cloudtrail_records(event: str, source: str, names: list[str]) -> None:
    (rule,) = yaml.safe_load(trailbell("rules", "new", "mine", "--event", event).stdout)["rules"]
    assert rule["match"] == {"eventSource": [source], "eventName": names, "errorCode": [{"exists": False}]}


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("iam:CreateAccesKey", "Did you mean CreateAccessKey?"),
        ("aim:CreateAccesKey", "write it as"),
        ("CreateTags", "It is an event of"),
        ("CreateAccesKey", "write it as"),
    ],
)
def test_an_unknown_event_is_refused_with_what_was_meant(event: str, says: str) -> None:
    result = trailbell("rules", "new", "mine", "--event", event)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.parametrize("record", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_a_draft_from_a_record_is_valid_and_passes_its_tests(record: Path) -> None:
    assert trailbell("init").exit_code == 0
    assert trailbell("rules", "new", "mine", "--from", str(record), "--to", "config/trailbell.yaml").exit_code == 0
    assert trailbell("config", "validate", "--packs-dir", str(packs.FOLDER)).exit_code == 0
    result = trailbell("rules", "test", "mine", "--require-both")
    assert result.exit_code == 0
    assert "2 passed, 0 failed" in result.stderr


@pytest.mark.no_cover  # long enough as it is
def test_drafts_for_events_of_every_service_are_valid() -> None:
    """The first event of every fifth service; the command checks each draft itself, and would fail."""
    sources = load_operations().sources
    for source in sorted(sources)[::5]:
        result = trailbell("rules", "new", "mine", "--event", f"{source}:{min(sources[source])}")
        assert result.exit_code == 0, (source, result.stderr)


def test_a_draft_from_a_failed_call_asks_for_its_error() -> None:
    answer = trailbell("rules", "new", "mine", "--from", str(EVENTS / "delete-trail-denied-role.json"))
    (rule,) = yaml.safe_load(answer.stdout)["rules"]
    assert rule["match"]["errorCode"] == ["AccessDenied"]


def test_secrets_of_the_record_do_not_get_into_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text(
        '{"eventSource": "iam.amazonaws.com", "eventName": "CreateLoginProfile",'
        ' "requestParameters": {"userName": "bob", "password": "hunter2"}}'
    )
    answer = trailbell("rules", "new", "mine", "--from", str(path))
    assert answer.exit_code == 0
    assert "bob" in answer.stdout
    assert "hunter2" not in answer.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["mine"],
        ["mine", "--event", "iam:CreateUser", "--from", "x.json"],
        ["mine", "--event", "iam:CreateUser", "--severity", "bad"],
    ],
)
def test_wrong_usage_ends_with_exit_code_2(arguments: list[str]) -> None:
    assert trailbell("rules", "new", *arguments).exit_code == 2


def test_a_bad_id_is_refused() -> None:
    result = trailbell("rules", "new", "Not An Id", "--event", "iam:CreateUser")
    assert result.exit_code == 1
    assert "id" in result.stderr


def test_a_rule_whose_id_is_taken_leaves_the_config_as_it_was(tmp_path: Path) -> None:
    trailbell("init")
    config = tmp_path / "config" / "trailbell.yaml"
    new = ("rules", "new", "mine", "--event", "iam:CreateUser", "--to", str(config))
    assert trailbell(*new).exit_code == 0
    before = config.read_text()
    result = trailbell(*new)
    assert result.exit_code == 1
    assert "mine" in result.stderr
    assert config.read_text() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rules:\n  - id: b\n    title: B\n"),
        ("packs: [starter]", "packs: [starter]\n\nrules:\n  - id: b\n    title: B\n"),
        ("rules: []\n", "rules:\n  - id: b\n    title: B\n"),
        ("rules:\n- id: a\n# end\n", "rules:\n- id: a\n\n- id: b\n  title: B\n# end\n"),
        (
            "rules:\n    - id: a\n      title: A  # kept\n\n# what follows\nroutes: []\n",
            "rules:\n    - id: a\n      title: A  # kept\n\n    - id: b\n      title: B\n\n# what follows\nroutes: []\n",
        ),
    ],
)
def test_a_rule_is_put_at_the_end_of_the_list_and_nothing_else_changes(before: str, after: str) -> None:
    assert put_into(before, RULE) == after
