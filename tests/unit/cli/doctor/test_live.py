"""The doctor's look at the live config."""

import io
import json
from typing import Any

import pytest

from tests.unit.cli.fake_aws import HOME, FakeAws
from trailbell.cli.doctor.checkup import Deployment
from trailbell.cli.doctor.live import check_config
from trailbell.config.model import Config
from trailbell.pattern import Pattern
from trailbell.rule import Rule

RULE = Rule(id="a", title="A", severity="low", match=Pattern.parse({"eventName": ["RunInstances"]}))
OURS = Config(rules=(RULE,)).with_version()
OTHER = Config().with_version()
OUTPUTS = {"ConfigApplication": "app", "ConfigEnvironment": "env", "ConfigProfile": "profile"}


def result(deployments: list[dict[str, Any]], hosted: Any, outputs: Any = None) -> tuple[str, str]:
    outputs = OUTPUTS if outputs is None else outputs
    stack = {"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]}
    content = json.dumps(hosted.to_json()) if isinstance(hosted, Config) else hosted

    def hosted_version(**_: Any) -> dict[str, Any]:
        return {"Content": io.BytesIO(content.encode())}

    aws = FakeAws(
        {
            ("cloudformation", HOME): {"describe_stacks": {"Stacks": [stack]}},
            ("appconfig", HOME): {
                "list_deployments": {"Items": deployments},
                "get_hosted_configuration_version": hosted_version,
            },
        }
    )
    (found,) = check_config(Deployment(aws=aws, stack="Trailbell", outputs=outputs, config=OURS))
    return found.status, found.said


def deployed(number: int, state: str = "COMPLETE") -> dict[str, Any]:
    return {"DeploymentNumber": number, "ConfigurationVersion": str(number), "State": state}


@pytest.mark.parametrize(
    ("deployments", "hosted", "status", "says"),
    [
        ([deployed(1)], OURS, "ok", f"{OURS.version} is live"),
        ([deployed(1)], OTHER, "warn", f"live is {OTHER.version}, this config is {OURS.version}"),
        ([deployed(2, "BAKING"), deployed(1)], OURS, "warn", "version 2 is being deployed"),
        ([deployed(2, "ROLLED_BACK"), deployed(1)], OURS, "ok", "is live"),
        ([], OURS, "fail", "no config was ever made live"),
        ([deployed(1)], "{}", "fail", "the live config is broken"),
    ],
)
def test_which_config_is_live_is_told(deployments: Any, hosted: Any, status: str, says: str) -> None:
    found, said = result(deployments, hosted)
    assert (found, says in said) == (status, True)


def test_a_stack_without_a_live_config_is_a_warning() -> None:
    assert result([], OURS, outputs={"DetectorName": "d"})[0] == "warn"
