"""What alerts changes without `cdk deploy`, and a broken config changes nothing."""

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from localaws.deployment import Deployment, Subscriber, deploy
from localaws.scenario.stream import Stream, arrived
from tests.e2e.conftest import do_not_wait, read_event
from trailbell.cli.main import app
from trailbell.contract.names import Output

pytestmark = pytest.mark.e2e

LIVE_SECONDS = 60
"""Must hold 1: within a minute."""
SILENCE_SECONDS = 4
AGE_SECONDS = 2
"""More than a detector keeps a config here: see conftest.py."""
NEW_RULE = {
    "id": "queue-deleted",
    "title": "SQS queue deleted",
    "severity": "high",
    "match": {"eventSource": ["sqs.amazonaws.com"], "eventName": ["DeleteQueue"]},
}


def deletion() -> dict[str, Any]:
    """Return a call that alerts nobody as deployed, and that no filter lets through."""
    return read_event(
        "stop-logging-iam-user",
        eventID=str(uuid.uuid4()),
        eventSource="sqs.amazonaws.com",
        eventName="DeleteQueue",
        requestParameters={"queueUrl": "https://sqs.us-east-2.amazonaws.com/629470242021/orders"},
    )


@pytest.fixture
def trailbell(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the command, at home in the local AWS."""
    for name, value in deployment.aws.environment.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, arguments, catch_exceptions=False)

    return run


@pytest.fixture
def changed_config(config_file: Path, tmp_path: Path) -> Path:
    """Return the deployed config with one rule more."""
    config = yaml.safe_load(config_file.read_text(encoding="utf-8"))
    path = tmp_path / "trailbell.yaml"
    path.write_text(yaml.safe_dump(config | {"rules": [*config["rules"], NEW_RULE]}), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def as_deployed(config_file: Path, trailbell: Any) -> Iterator[None]:
    """Leave the deployment with the config that it came with."""
    yield
    result = trailbell("config", "push", "--config", str(config_file), "--yes", "--no-bake")
    assert result.exit_code == 0, result.stderr


def alerts_on(deployment: Deployment, subscriber: Subscriber, seconds: float) -> bool:
    """Send the call again and again until it alerts, as long as is wanted."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        record = deletion()
        deployment.put_record(record)
        notification = subscriber.wait(2)
        if notification is not None:
            assert json.loads(notification["Message"])["rule"]["id"] == "queue-deleted"
            return True
    return False


def is_let_through(deployment: Deployment, record: dict[str, Any]) -> bool:
    """Tell whether an enabled filter of the home region matches the call, as AWS would put it on the bus."""
    events = deployment.aws.client("events")
    envelope = {
        "id": "1", "source": "aws.sqs", "detail-type": "AWS API Call via CloudTrail", "account": "629470242021",
        "time": "2026-01-01T00:00:00Z", "region": "us-east-2", "resources": [], "detail": record,
    }  # fmt: skip
    return any(
        events.test_event_pattern(EventPattern=rule["EventPattern"], Event=json.dumps(envelope))["Result"]
        for rule in events.list_rules(NamePrefix="Trailbell-")["Rules"]
        if rule["State"] != "DISABLED" and "EventPattern" in rule
    )


def test_a_rule_that_is_pushed_alerts_within_a_minute_and_no_more_once_it_is_rolled_back(
    deployment: Deployment, subscriber: Subscriber, changed_config: Path, trailbell: Any
) -> None:
    assert not is_let_through(deployment, deletion())
    assert not alerts_on(deployment, subscriber, SILENCE_SECONDS)

    started = time.monotonic()
    pushed = trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-bake", "-m", "queues")
    assert pushed.exit_code == 0, pushed.stderr
    assert "+ rule queue-deleted  high  SQS queue deleted" in pushed.stderr
    assert alerts_on(deployment, subscriber, LIVE_SECONDS - (time.monotonic() - started))
    assert time.monotonic() - started < LIVE_SECONDS

    latest, before, *_ = json.loads(trailbell("config", "history", "--format", "json").stdout)
    assert (latest["live"], before["live"]) == (True, False)
    assert latest["description"].startswith("queues (config ")

    rolled_back = trailbell("config", "rollback", "--yes", "--format", "json")
    assert rolled_back.exit_code == 0, rolled_back.stderr
    assert json.loads(rolled_back.stdout)["version"] == before["version"]
    assert not is_let_through(deployment, deletion())
    time.sleep(AGE_SECONDS)  # until then the detector may have the version before
    while subscriber.wait(1):
        pass
    assert not alerts_on(deployment, subscriber, SILENCE_SECONDS)


def test_a_version_that_is_watched_can_be_taken_back_while_it_is(
    deployment: Deployment, changed_config: Path, trailbell: Any
) -> None:
    assert trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-wait").exit_code == 0
    assert is_let_through(deployment, deletion())
    refused = trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-wait")
    assert (refused.exit_code, "Nothing to push" in refused.stderr) == (0, True)
    assert trailbell("config", "rollback", "--yes").exit_code == 0
    assert not is_let_through(deployment, deletion())
    (latest, *_) = json.loads(trailbell("config", "history", "--format", "json").stdout)
    assert (latest["state"], latest["live"]) == ("ROLLED_BACK", False)


def test_filters_stand_in_every_region_as_the_live_config_asks(
    deployment: Deployment, changed_config: Path, trailbell: Any
) -> None:
    assert trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-bake").exit_code == 0

    def rules(region: str, kind: str) -> list[tuple[str, str]]:
        found = deployment.aws.client("events", region).list_rules(NamePrefix=f"Trailbell-{kind}-")["Rules"]
        return [(rule["EventPattern"], rule["State"]) for rule in found]

    assert rules("us-east-2", "live") == rules("us-east-1", "live")
    assert "DeleteQueue" in json.dumps(rules("us-east-1", "live"))
    for region in ("us-east-1", "us-east-2"):
        assert {state for _, state in rules(region, "slot")} == {"DISABLED"}
        events = deployment.aws.client("events", region)
        for rule in events.list_rules(NamePrefix="Trailbell-live-")["Rules"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            assert [target["Id"] for target in targets] == ["Target"]


def test_no_call_that_every_version_matches_is_missed_while_configs_are_pushed(
    deployment: Deployment, subscriber: Subscriber, config_file: Path, changed_config: Path, trailbell: Any
) -> None:
    """Three pushes; `python -m benchmarks.load.pushes` makes twenty."""
    with Stream(deployment, read_event("run-instances-iam-user"), every_seconds=0.2) as stream:
        for config in (changed_config, config_file, changed_config):
            assert trailbell("config", "push", "--config", str(config), "--yes", "--no-bake").exit_code == 0
    assert len(stream.sent) > 5
    assert arrived(subscriber, len(stream.sent), seconds=LIVE_SECONDS) == dict.fromkeys(stream.sent, 1)


def test_deploying_a_checkout_that_is_behind_leaves_what_was_pushed_live_and_says_so(
    deployment: Deployment, config_file: Path, changed_config: Path, trailbell: Any, tmp_path: Path
) -> None:
    assert trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-bake").exit_code == 0
    (live, *_) = json.loads(trailbell("config", "history", "--format", "json").stdout)
    behind = tmp_path / "behind.yaml"
    config = yaml.safe_load(config_file.read_text(encoding="utf-8"))
    other_rule = NEW_RULE | {"id": "topic-deleted", "match": {"eventName": ["DeleteTopic"]}}
    behind.write_text(yaml.safe_dump(config | {"rules": [*config["rules"], other_rule]}), encoding="utf-8")

    outputs = deploy(deployment.aws, config=behind, work_folder=tmp_path, regions=["us-east-2", "us-east-1"]).outputs
    do_not_wait(deployment)
    assert outputs[Output.LIVE_CONFIG].startswith(f"{live['config']} was pushed and stays live")
    assert json.loads(trailbell("config", "history", "--format", "json").stdout)[0] == live
    assert is_let_through(deployment, deletion())
    assert not is_let_through(deployment, deletion() | {"eventSource": "sns.amazonaws.com", "eventName": "DeleteTopic"})


def test_filters_let_through_what_was_pushed_at_every_moment_while_the_number_of_slots_changes(
    deployment: Deployment, config_file: Path, changed_config: Path, trailbell: Any, tmp_path: Path
) -> None:
    """One slot more, then one fewer again, looked at all the while; the pushed rule was never deployed."""
    assert trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-bake").exit_code == 0
    config = yaml.safe_load(config_file.read_text(encoding="utf-8"))
    more = tmp_path / "more.yaml"
    slots = {"deployment": config["deployment"] | {"slots": 6}}
    more.write_text(yaml.safe_dump(config | slots), encoding="utf-8")
    seen: list[bool] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.2):
            seen.append(is_let_through(deployment, deletion()))

    with ThreadPoolExecutor(max_workers=1) as pool:
        looking = pool.submit(look)
        try:
            for wanted, count in ((more, 6), (config_file, 5)):
                deploy(deployment.aws, config=wanted, work_folder=tmp_path, regions=["us-east-2", "us-east-1"])
                do_not_wait(deployment)
                rules = deployment.aws.client("events").list_rules(NamePrefix="Trailbell-live-")["Rules"]
                assert len(rules) == count
        finally:
            over.set()
        looking.result()
    assert len(seen) > 10
    assert all(seen)


BROKEN_MATCH = {"eventName": [{"regex": "Delete.*"}]}


def broken_content(deployment: Deployment) -> bytes:
    """Return the live config with a rule whose pattern EventBridge does not know."""
    outputs, appconfig = deployment.outputs, deployment.aws.client("appconfig")
    content = appconfig.get_hosted_configuration_version(
        ApplicationId=outputs[Output.CONFIG_APPLICATION],
        ConfigurationProfileId=outputs[Output.CONFIG_PROFILE],
        VersionNumber=1,
    )["Content"].read()
    config = json.loads(content)
    config["rules"].append(NEW_RULE | {"match": BROKEN_MATCH})
    return json.dumps(config | {"version": "broken"}).encode()


def test_a_broken_config_is_refused_by_validate_and_by_push(changed_config: Path, trailbell: Any) -> None:
    config = yaml.safe_load(changed_config.read_text(encoding="utf-8"))
    config["rules"][-1]["match"] = BROKEN_MATCH
    changed_config.write_text(yaml.safe_dump(config), encoding="utf-8")
    before = trailbell("config", "history", "--format", "json").stdout
    for command in (["validate", str(changed_config)], ["push", "--config", str(changed_config), "--yes"]):
        result = trailbell("config", *command)
        assert result.exit_code == 1
        assert "rule queue-deleted · match.eventName" in result.stdout + result.stderr
    assert trailbell("config", "history", "--format", "json").stdout == before


def test_a_broken_config_is_refused_by_the_deployed_validator(deployment: Deployment) -> None:
    event = {
        "applicationId": deployment.outputs[Output.CONFIG_APPLICATION],
        "configurationProfileId": deployment.outputs[Output.CONFIG_PROFILE],
        "configurationVersion": "2",
        "content": base64.b64encode(broken_content(deployment)).decode(),
        "uri": "hosted",
    }
    answer = deployment.aws.client("lambda").invoke(
        FunctionName=deployment.outputs[Output.CONFIG_VALIDATOR_NAME], Payload=json.dumps(event).encode()
    )
    # AppConfig looks at this header alone.
    assert answer["FunctionError"]
    message = json.loads(answer["Payload"].read())["errorMessage"]
    assert "rule queue-deleted: match" in message
    assert "eventName" in message


def test_a_broken_config_put_past_everything_leaves_the_last_good_one_running(
    deployment: Deployment, subscriber: Subscriber, changed_config: Path, trailbell: Any
) -> None:
    assert trailbell("config", "push", "--config", str(changed_config), "--yes", "--no-bake").exit_code == 0
    assert alerts_on(deployment, subscriber, LIVE_SECONDS)
    outputs, appconfig = deployment.outputs, deployment.aws.client("appconfig")
    where = {
        "ApplicationId": outputs[Output.CONFIG_APPLICATION],
        "ConfigurationProfileId": outputs[Output.CONFIG_PROFILE],
    }
    version = appconfig.create_hosted_configuration_version(
        **where, Content=broken_content(deployment), ContentType="application/json"
    )["VersionNumber"]
    validators = appconfig.get_configuration_profile(**where)["Validators"]
    appconfig.update_configuration_profile(**where, Validators=[])
    appconfig.start_deployment(
        **where,
        EnvironmentId=outputs[Output.CONFIG_ENVIRONMENT],
        ConfigurationVersion=str(version),
        DeploymentStrategyId=outputs[Output.CONFIG_STRATEGY_AT_ONCE],
    )
    appconfig.update_configuration_profile(**where, Validators=validators)
    deployment.aws.client("lambda").invoke(FunctionName=outputs[Output.FILTER_SYNC_NAME], Payload=b"{}")
    assert is_let_through(deployment, deletion()), "the filters stay as they were"

    end = time.monotonic() + LIVE_SECONDS
    while not rejected(deployment):
        assert time.monotonic() < end
        assert alerts_on(deployment, subscriber, SILENCE_SECONDS)
    assert alerts_on(deployment, subscriber, SILENCE_SECONDS), "the last good config goes on"
    assert "broken" in trailbell("config", "plan", "--config", str(changed_config)).stderr


def rejected(deployment: Deployment) -> bool:
    """Tell whether the detector has written the metric that the alarm watches."""
    group = deployment.outputs[Output.DETECTOR_LOG_GROUP]
    events = deployment.aws.client("logs").filter_log_events(logGroupName=group)["events"]
    lines = [json.loads(line) for event in events for line in event["message"].splitlines() if line.startswith("{")]
    return any(line.get("ConfigRejected") == 1 and line.get("service") == "detector" for line in lines)
