"""The deployed side of the config: AppConfig, the validator and filter sync, found by the stack's outputs."""

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import typer

from trailbell.cli.shared.aws import Aws
from trailbell.cli.shared.output import EXIT_PROBLEMS, say
from trailbell.config.deployments import IN_PROGRESS, InForce, in_force
from trailbell.config.hosted import read_hosted
from trailbell.config.labels import config_version_of
from trailbell.config.model import DEPLOYED_PARTS, Config
from trailbell.config.versions import HostedVersions
from trailbell.contract.names import Output
from trailbell.contract.places import Place
from trailbell.errors import ConfigError

MOST_DEPLOYMENTS = 200
"""How far back history is read."""
FUNCTION_SECONDS = 310
"""More than filter sync's timeout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment of a version of the config."""

    number: int
    version: int
    """Of the hosted configuration."""
    config_version: str | None
    """The hash that alerts name; None where the version was not made by Trailbell."""
    state: str
    percent: float
    started: datetime | None
    description: str = ""
    reason: str = ""
    """Why it was taken back, where it was."""

    @property
    def in_progress(self) -> bool:
        """Whether it is still being worked on, or watched."""
        return self.state in IN_PROGRESS


class Deployed:
    """One deployment of Trailbell. Its methods raise what boto3 raises; the root command says it."""

    def __init__(self, aws: Aws, stack: str) -> None:
        self._aws = aws
        self._outputs = aws.stack_outputs(stack)
        if Output.CONFIG_APPLICATION not in self._outputs:
            say(f"The stack {stack} is of an earlier Trailbell and has no live config: run `cdk deploy --all` first.")
            raise typer.Exit(EXIT_PROBLEMS)
        self._where = {
            "ApplicationId": self._outputs[Output.CONFIG_APPLICATION],
            "EnvironmentId": self._outputs[Output.CONFIG_ENVIRONMENT],
        }
        self._profile = {
            "ApplicationId": self._outputs[Output.CONFIG_APPLICATION],
            "ConfigurationProfileId": self._outputs[Output.CONFIG_PROFILE],
        }

    @cached_property
    def _appconfig(self) -> Any:
        return self._aws.client("appconfig")

    @property
    def _versions(self) -> HostedVersions:
        return HostedVersions(
            client=self._appconfig,
            application=self._profile["ApplicationId"],
            profile=self._profile["ConfigurationProfileId"],
        )

    @cached_property
    def _lambda(self) -> Any:
        """A client that waits as long as a function may take, and never asks twice for the same."""
        from botocore.config import Config as ClientConfig

        settings = ClientConfig(connect_timeout=5, read_timeout=FUNCTION_SECONDS, retries={"total_max_attempts": 1})
        return self._aws.session.client("lambda", config=settings)

    def deployments(self) -> list[Deployment]:
        """Return the latest deployments, newest first."""
        found: list[Mapping[str, Any]] = []
        for page in self._appconfig.get_paginator("list_deployments").paginate(**self._where):
            found += page["Items"]
            if len(found) >= MOST_DEPLOYMENTS:
                break
        return sorted((_read(item) for item in found), key=lambda each: each.number, reverse=True)

    def deployment(self, number: int) -> Deployment:
        """Return one deployment as it stands now, with its description and why it was taken back."""
        return _read(self._appconfig.get_deployment(**self._where, DeploymentNumber=number))

    def config(self, version: int) -> Config:
        """Return a hosted config without its destinations. Raises ConfigError where it is broken."""
        return read_hosted(self._versions.content(version))

    def validate(self, content: bytes) -> dict[str, Any]:
        """Ask the deployed validator. Returns the deployment's destinations and the like; raises ConfigError."""
        event = {
            "applicationId": self._profile["ApplicationId"],
            "configurationProfileId": self._profile["ConfigurationProfileId"],
            "configurationVersion": "0",
            "content": base64.b64encode(content).decode(),
            "uri": "hosted",
        }
        answer = self._invoke(self._outputs[Output.CONFIG_VALIDATOR_NAME], event)
        deployed: dict[str, Any] = {part: answer["deployed"][part] for part in DEPLOYED_PARTS}
        return deployed

    def widen_filters(self, version: int) -> Mapping[Place, str]:
        """Let through what a version needs that is about to be deployed. Returns the places that refuse, and why."""
        report = self._invoke(self._outputs[Output.FILTER_SYNC_NAME], {"widen": version})
        return {Place.parse(place): reason for place, reason in report.get("refused", {}).items()}

    def settle_filters(self) -> None:
        """Bring the filters in line with what is in force."""
        self._invoke(self._outputs[Output.FILTER_SYNC_NAME], {})

    def host(self, content: bytes, config_version: str, description: str, deployments: list[Deployment]) -> int:
        """Return the version that holds the content: one that is there already, else a new one."""
        return self._versions.host(
            content,
            config_version=config_version,
            description=description,
            in_force=versions_in_force(deployments).versions,
        )

    def start(self, version: int, description: str, *, watched: bool) -> Deployment:
        """Start to deploy a version."""
        strategy = self._outputs[Output.CONFIG_STRATEGY if watched else Output.CONFIG_STRATEGY_AT_ONCE]
        return _read(
            self._appconfig.start_deployment(
                **self._where,
                ConfigurationProfileId=self._profile["ConfigurationProfileId"],
                ConfigurationVersion=str(version),
                DeploymentStrategyId=strategy,
                Description=description,
            )
        )

    def take_back(self, deployment: Deployment) -> None:
        """Stop a deployment: the version before it is live again at once."""
        self._appconfig.stop_deployment(**self._where, DeploymentNumber=deployment.number, AllowRevert=True)

    def author(self) -> str:
        """Return who runs the command."""
        arn: str = self._aws.client("sts").get_caller_identity()["Arn"]
        return arn

    def _invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        answer = self._lambda.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        payload = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise ConfigError(str((payload or {}).get("errorMessage", payload)))
        return payload


def versions_in_force(deployments: list[Deployment]) -> InForce:
    """Return which versions a detector may run now."""
    return in_force(
        {"DeploymentNumber": each.number, "ConfigurationVersion": each.version, "State": each.state}
        for each in deployments
    )


def _read(item: Mapping[str, Any]) -> Deployment:
    """Read AppConfig's deployment or its summary."""
    taken_back = [
        event["Description"]
        for event in item.get("EventLog", [])
        if event["EventType"] in ("ROLLBACK_STARTED", "REVERT_COMPLETED")
    ]
    return Deployment(
        number=item["DeploymentNumber"],
        version=int(item["ConfigurationVersion"]),
        config_version=config_version_of(item.get("VersionLabel", "")),
        state=item["State"],
        percent=float(item.get("PercentageComplete", 0)),
        started=item.get("StartedAt"),
        description=item.get("Description", ""),
        reason="; ".join(taken_back),
    )


@contextmanager
def refusals_told() -> Iterator[None]:
    """Say what the deployment refuses a config for, and end the command."""
    try:
        yield
    except ConfigError as error:
        say(f"Refused: {error}.")
        raise typer.Exit(EXIT_PROBLEMS) from error
