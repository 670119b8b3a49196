"""Hosted versions and deployments in AppConfig: what the seed reads, starts and clears away."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from trailbell.config.deployments import COMPLETE, IN_PROGRESS
from trailbell.config.hosted import read_hosted
from trailbell.config.versions import HostedVersions
from trailbell.errors import ConfigError
from trailbell.functions.config_seed.seed import Deployment, Standing

if TYPE_CHECKING:
    from mypy_boto3_appconfig import AppConfigClient

_BY_SEED = ", by cdk deploy"
"""How the seed ends its descriptions. Those of `trailbell config push` name an ARN instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """The hosted configuration profile in its environment."""

    client: "AppConfigClient"
    application: str
    environment: str
    profile: str

    def standing(self) -> Standing:
        """Return what is live and what is being deployed."""
        newest_first = self._deployments()
        arriving = next((each for each in newest_first if each["State"] in IN_PROGRESS), None)
        live = next((each for each in newest_first if each["State"] == COMPLETE), None)
        return Standing(live=self._read(live), arriving=self._read(arriving))

    def host(self, content: bytes, *, config_version: str, in_force: tuple[int, ...]) -> int:
        """Return the version that holds a config, new where there is none."""
        return self._versions.host(
            content, config_version=config_version, description=_describe(config_version), in_force=in_force
        )

    def start(self, version: int, *, config_version: str, strategy: str) -> bool:
        """Start to deploy a version. Returns False where another deployment was begun just before."""
        try:
            self.client.start_deployment(
                ApplicationId=self.application,
                EnvironmentId=self.environment,
                ConfigurationProfileId=self.profile,
                ConfigurationVersion=str(version),
                DeploymentStrategyId=strategy,
                Description=_describe(config_version),
            )
        except self.client.exceptions.ConflictException:
            return False
        return True

    def take_back(self, deployment: int) -> None:
        """Stop a deployment that is in progress; one that ended meanwhile is fine."""
        with suppress(self.client.exceptions.BadRequestException):
            self.client.stop_deployment(
                ApplicationId=self.application,
                EnvironmentId=self.environment,
                DeploymentNumber=deployment,
                # Without it, AppConfig stops no deployment that is only watched any more:
                # https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_StopDeployment.html
                AllowRevert=True,
            )

    def clear(self) -> tuple[str, ...]:
        """Stop what is being deployed and delete every version: AppConfig deletes no profile that has some left.

        Returns what was left and why. Each step stands for itself, and none raises.
        """
        left: list[str] = []
        try:
            for deployment in self._deployments():
                if deployment["State"] in IN_PROGRESS:
                    self.take_back(deployment["DeploymentNumber"])
        except (ClientError, BotoCoreError) as error:
            left += [] if _is_gone(error) else [f"deployments of environment {self.environment} ({error})"]
        try:
            numbers = sorted(self._versions.labels())
        except (ClientError, BotoCoreError) as error:
            return (*left, *([] if _is_gone(error) else [self._left_versions("all", error)]))
        for number in numbers:
            try:
                self._versions.delete(number)
            except (ClientError, BotoCoreError) as error:
                left.append(self._left_versions(str(number), error))
        return tuple(left)

    @property
    def _versions(self) -> HostedVersions:
        return HostedVersions(client=self.client, application=self.application, profile=self.profile)

    def _read(self, summary: Mapping[str, Any] | None) -> Deployment | None:
        if summary is None:
            return None
        number = summary["DeploymentNumber"]
        # The list leaves descriptions out.
        description = self.client.get_deployment(
            ApplicationId=self.application, EnvironmentId=self.environment, DeploymentNumber=number
        ).get("Description", "")
        version = int(summary["ConfigurationVersion"])
        return Deployment(
            number=number,
            version=version,
            config_version=self._config_version(version),
            own=description.endswith(_BY_SEED),
        )

    def _config_version(self, version: int) -> str:
        """Return the config version that a hosted version holds; empty where it cannot be read."""
        try:
            return read_hosted(self._versions.content(version)).version
        except (ConfigError, self.client.exceptions.ResourceNotFoundException):
            return ""

    def _left_versions(self, which: str, error: Exception) -> str:
        return (
            f"hosted version {which} of profile {self.profile} ({error}): delete it with `aws appconfig "
            f"delete-hosted-configuration-version --application-id {self.application} "
            f"--configuration-profile-id {self.profile} --version-number ...`, for AppConfig deletes no profile before"
        )

    def _deployments(self) -> list[Mapping[str, Any]]:
        """Return the deployments, newest first as AppConfig lists them, up to the newest that was completed."""
        found: list[Mapping[str, Any]] = []
        pages = self.client.get_paginator("list_deployments").paginate(
            ApplicationId=self.application, EnvironmentId=self.environment
        )
        for page in pages:
            found += page["Items"]
            if any(item["State"] == COMPLETE for item in page["Items"]):
                break
        return sorted(found, key=lambda each: int(each["DeploymentNumber"]), reverse=True)


def _describe(config_version: str) -> str:
    return f"config {config_version}{_BY_SEED}"


def _is_gone(error: Exception) -> bool:
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == "ResourceNotFoundException"
