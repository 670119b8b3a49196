"""Lambda handler of the config seed, a custom resource of the stack: CloudFormation calls it, and waits for its answer.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.request import Request, urlopen

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from config_seed.app_config import Hosted
from state.clients import connect
from trailbell.contract.environments.rule_config import ConfigSeedEnvironment

logger = Logger()

BUNDLED_FILE = Path(__file__).resolve().parent.parent / "config.json"
"""The compiled config, packaged at synth."""
PHYSICAL_ID = "config-seed"
ANSWER_SECONDS = 10


class Configs(Protocol):
    """The hosted configs."""

    def live_version(self) -> str | None:
        """Return the config version that is live; empty where that cannot be read, None where there is none."""

    def deploy(self, content: bytes, *, label: str, description: str, strategy: str) -> None:
        """Host a config and start its deployment."""

    def clear(self) -> None:
        """Delete every version."""


def seed(event: Mapping[str, Any], configs: Configs, *, bundled: bytes, strategies: Mapping[str, str]) -> str:
    """Do what a stack's creation, update or deletion asks for. Returns what became of the deployment's config.

    What somebody pushed since the last deployment stays: a checkout that is behind must not bring old rules back.
    """
    if event["RequestType"] == "Delete":
        configs.clear()
        return "deleted"
    version = json.loads(bundled)["version"]
    live = configs.live_version()
    before = event.get("OldResourceProperties", {}).get("ConfigVersion")
    if live == version:
        return f"{version} is live"
    if live and live != before:
        return (
            f"{live} was pushed and stays live; `trailbell config push` puts this deployment's {version} in its place"
        )
    configs.deploy(
        bundled,
        label=f"config-{version}",
        description=f"config {version}, by cdk deploy",
        strategy=strategies["update" if live else "first"],
    )
    return f"{version} is live"


def start(variables: Mapping[str, str]) -> tuple[Hosted, Mapping[str, str]]:
    """Return the hosted configs, and the deployment strategy of a `first` config and of an `update`.

    Raises VariableError.
    """
    environment = ConfigSeedEnvironment.read(variables)
    configs = Hosted(
        client=connect("appconfig"),
        application=environment.config_application,
        environment=environment.config_environment,
        profile=environment.config_profile,
    )
    return configs, {"first": environment.config_strategy_at_once, "update": environment.config_strategy}


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Answer CloudFormation, whatever happens: without an answer it waits for an hour."""
    status, outcome = "SUCCESS", ""
    try:
        configs, strategies = start(os.environ)
        outcome = seed(event, configs, bundled=BUNDLED_FILE.read_bytes(), strategies=strategies)
        logger.info("Config seeded", outcome=outcome)
    except Exception as error:  # whatever it is, CloudFormation has to hear of it
        logger.exception("Config not seeded")
        status, outcome = "FAILED", f"{type(error).__name__}: {error}"
    _answer(event, status=status, outcome=outcome, log_stream=context.log_stream_name)


def _answer(event: Mapping[str, Any], *, status: str, outcome: str, log_stream: str) -> None:
    body = {
        "Status": status,
        "Reason": f"{outcome} (log stream {log_stream})"[:1000],
        "PhysicalResourceId": event.get("PhysicalResourceId", PHYSICAL_ID),
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
        "Data": {"Outcome": outcome[:1000]},
    }
    request = Request(  # noqa: S310 - the URL is CloudFormation's
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310 - as above
        pass
