"""AppConfig: validators, versions, deployments one at a time, minutes that are shorter."""

import asyncio
import base64
import json
import time
from pathlib import Path
from typing import Any

import ministack.app
import pytest
from ministack.services import appconfig, cloudwatch, lambda_svc

from localaws.strict import app_config, journal, validators
from tests.unit.localaws.stacks import deploy, function

ARN = "arn:aws:lambda:us-east-1:000000000000:function:validator"
BAD = b"bad"
SLOW = b"slow"


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Install it, and undo it."""
    log = tmp_path / "journal.jsonl"
    monkeypatch.setenv(journal.VARIABLE, str(log))
    monkeypatch.setattr(appconfig, "_DEPLOYMENT_MINUTE_SECONDS", 60)
    monkeypatch.setattr(appconfig, "handle_request", appconfig.handle_request)
    app_config.install()
    return log


def call(method: str, path: str, body: Any = b"", **headers: str) -> tuple[int, dict[str, Any]]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    path, _, query = path.partition("?")
    parameters = dict([query.split("=")]) if query else {}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    status, answered, content = asyncio.run(appconfig.handle_request(method, path, sent, raw, parameters))
    if answered.get("Version-Number"):
        return status, {"number": answered["Version-Number"]}
    return status, json.loads(content or b"{}")


class Setting:
    """An application with an environment, a profile and a strategy of three minutes' baking."""

    def __init__(self, *validators_: dict[str, str]) -> None:
        self.application = call("POST", "/applications", {"Name": "a"})[1]["Id"]
        where = f"/applications/{self.application}"
        self.environment = call("POST", f"{where}/environments", {"Name": "e"})[1]["Id"]
        profile = {"Name": "p", "LocationUri": "hosted", "Validators": list(validators_)}
        self.profile = call("POST", f"{where}/configurationprofiles", profile)[1]["Id"]
        strategy = {"Name": "s", "GrowthFactor": 100, "FinalBakeTimeInMinutes": 3}
        self.strategy = call("POST", "/deploymentstrategies", strategy)[1]["Id"]

    def host(self, content: bytes = b"good", **headers: str) -> tuple[int, dict[str, Any]]:
        path = f"/applications/{self.application}/configurationprofiles/{self.profile}/hostedconfigurationversions"
        return call("POST", path, content, **headers)

    def deploy(self, version: str) -> tuple[int, dict[str, Any]]:
        body = {
            "DeploymentStrategyId": self.strategy,
            "ConfigurationProfileId": self.profile,
            "ConfigurationVersion": version,
        }
        return call("POST", f"/applications/{self.application}/environments/{self.environment}/deployments", body)

    def state(self) -> str:
        path = f"/applications/{self.application}/environments/{self.environment}/deployments/1"
        state: str = call("GET", path)[1]["State"]
        return state

    def validate(self, version: str) -> tuple[int, dict[str, Any]]:
        where = f"/applications/{self.application}/configurationprofiles/{self.profile}/validators"
        return call("POST", f"{where}?configuration_version={version}")


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> Setting:
    """Return a setting whose profile asks a function, which runs here; end-to-end tests run the real one."""
    deploy({"Function": function("validator")})
    monkeypatch.setattr(lambda_svc, "_execute_function_with_config_scope", validator)
    return Setting({"Type": "LAMBDA", "Content": ARN})


def validator(called: dict[str, Any], event: dict[str, str]) -> dict[str, Any]:
    assert called["config"]["FunctionArn"] == ARN
    assert event["uri"].endswith(
        f"/configurationprofile/{event['configurationProfileId']}/{event['configurationVersion']}"
    )
    content = base64.b64decode(event["content"])
    if content == SLOW:
        time.sleep(0.2)
    if content == BAD:
        return {"error": True, "body": {"errorMessage": "rule root-login has no title"}}
    return {"body": None}


def grant(**condition: str) -> None:
    permission = {"StatementId": "appconfig", "Action": "lambda:InvokeFunction", "Principal": "appconfig.amazonaws.com"}
    assert lambda_svc._add_permission("validator", {**permission, **condition})[0] == 201


def test_a_deployment_starts_when_its_validator_takes_the_content(validated: Setting) -> None:
    version = validated.host()[1]["number"]
    assert validated.validate(version)[0] == 204
    assert validated.deploy(version)[0] == 201


@pytest.mark.parametrize("operation", ["deploy", "validate"])
def test_what_the_validator_refuses_is_refused_with_its_reason(validated: Setting, operation: str) -> None:
    version = validated.host(BAD)[1]["number"]
    status, answer = getattr(validated, operation)(version)
    assert (status, answer["__type"], answer["Reason"]) == (400, "BadRequestException", "InvalidConfiguration")
    assert "rule root-login has no title" in answer["Details"]["InvalidConfiguration"][0]["Reason"]


def test_a_validator_that_takes_too_long_refuses(validated: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validators, "SECONDS", 0.01)
    assert "did not answer" in str(validated.deploy(validated.host(SLOW)[1]["number"])[1])


def test_a_validator_that_is_gone_refuses() -> None:
    setting = Setting({"Type": "LAMBDA", "Content": ARN})
    assert "does not exist" in str(setting.deploy(setting.host()[1]["number"])[1])


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({}, 201),
        ({"SourceArn": "arn:aws:appconfig:us-east-1:000000000000:*"}, 400),
        ({"SourceAccount": "000000000000"}, 400),
    ],
)
def test_appconfig_needs_a_permission_without_conditions(
    validated: Setting, monkeypatch: pytest.MonkeyPatch, strict: Path, condition: dict[str, str], status: int
) -> None:
    monkeypatch.setattr(ministack.app, "AUTH", True)
    grant(**condition)
    assert validated.deploy(validated.host()[1]["number"])[0] == status
    refused = [line["resource"] for line in journal.read(strict) if line["kind"] == "refused"]
    assert refused == ([] if status == 201 else [ARN])


def test_one_label_is_hosted_once_a_profile() -> None:
    first, second = Setting(), Setting()
    assert first.host(versionlabel="v-1")[0] == 201
    assert second.host(versionlabel="v-1")[0] == 201
    status, answer = first.host(versionlabel="v-1")
    assert (status, answer["__type"]) == (409, "ConflictException")


@pytest.mark.parametrize("label", ["12", "v" * 65])
def test_a_label_that_is_none_is_refused(label: str) -> None:
    assert Setting().host(versionlabel=label)[1]["__type"] == "BadRequestException"


def test_a_version_that_somebody_else_made_first_is_refused() -> None:
    setting = Setting()
    assert setting.host(latest_version_number="0")[0] == 201
    assert setting.host(latest_version_number="0")[1]["__type"] == "ConflictException"


def test_more_than_a_megabyte_is_refused_and_told(strict: Path) -> None:
    setting = Setting()
    assert setting.host(b"x" * app_config.MAX_BYTES)[0] == 201
    assert setting.host(b"x" * (app_config.MAX_BYTES + 1))[0] == 413
    (line,) = journal.read(strict)
    assert line["reason"].startswith("size: ")


def test_a_version_is_deployed_by_its_label_and_an_unknown_one_refused() -> None:
    setting = Setting()
    setting.host(versionlabel="v-1")
    assert setting.deploy("v-2")[0] == 404
    assert setting.deploy("v-1")[1]["ConfigurationVersion"] == "1"


def test_a_second_deployment_waits_until_the_first_has_baked() -> None:
    setting = Setting()
    setting.host()
    assert setting.deploy("1")[1]["State"] == "BAKING"
    assert setting.deploy("1")[1]["__type"] == "ConflictException"


def test_three_minutes_pass_in_three_of_the_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(app_config.MINUTE, "0.05")
    app_config.install()
    setting = Setting()
    setting.host()
    setting.deploy("1")
    time.sleep(3 * 0.05)
    assert setting.state() == "COMPLETE"


def test_a_monitors_alarm_takes_a_deployment_back_while_it_bakes() -> None:
    setting = Setting()
    alarm = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 0}
    metric = {"Namespace": "Trailbell", "MetricName": "Failed", "Period": 60, "Statistic": "Sum"}
    deploy({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "failed", **alarm, **metric}}})
    where = f"/applications/{setting.application}/environments/{setting.environment}"
    arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:failed"
    call("PATCH", where, {"Monitors": [{"AlarmArn": arn}]})
    setting.host()
    setting.deploy("1")
    assert setting.state() == "BAKING"
    datum = {"MetricName": "Failed", "Value": 1}
    cloudwatch._put_metric_data({}, {"Namespace": "Trailbell", "MetricData": [datum]}, False, True)
    assert setting.state() == "ROLLED_BACK"
