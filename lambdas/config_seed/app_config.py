"""Hosted versions and deployments in AppConfig: what the seed reads, creates and clears away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trailbell.deployments import COMPLETE, IN_PROGRESS, in_force
from trailbell.errors import ConfigError
from trailbell.hosted import read_hosted

if TYPE_CHECKING:
    from mypy_boto3_appconfig import AppConfigClient


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosted:
    """The hosted configuration profile in its environment."""

    client: "AppConfigClient"
    application: str
    environment: str
    profile: str

    def live_version(self) -> str | None:
        """Return the config version that is live or about to be; None where none is, empty where it cannot be read."""
        found = in_force(self._deployments())
        number = found.arriving or found.live
        if number is None:
            return None
        content = self.client.get_hosted_configuration_version(
            ApplicationId=self.application, ConfigurationProfileId=self.profile, VersionNumber=number
        )["Content"].read()
        try:
            return read_hosted(content).version
        except ConfigError:
            return ""

    def deploy(self, content: bytes, *, label: str, description: str, strategy: str) -> None:
        """Host a config and start its deployment."""
        version = self.client.create_hosted_configuration_version(
            ApplicationId=self.application,
            ConfigurationProfileId=self.profile,
            Content=content,
            ContentType="application/json",
            Description=description,
            VersionLabel=label,
        )["VersionNumber"]
        self.client.start_deployment(
            ApplicationId=self.application,
            EnvironmentId=self.environment,
            ConfigurationProfileId=self.profile,
            ConfigurationVersion=str(version),
            DeploymentStrategyId=strategy,
            Description=description,
        )

    def clear(self) -> None:
        """Stop what is being deployed and delete every version: AppConfig deletes no profile that has some left."""
        for deployment in self._deployments():
            if deployment["State"] in IN_PROGRESS:
                self.client.stop_deployment(
                    ApplicationId=self.application,
                    EnvironmentId=self.environment,
                    DeploymentNumber=deployment["DeploymentNumber"],
                    AllowRevert=True,
                )
        pages = self.client.get_paginator("list_hosted_configuration_versions").paginate(
            ApplicationId=self.application, ConfigurationProfileId=self.profile
        )
        for number in [item["VersionNumber"] for page in pages for item in page["Items"]]:
            self.client.delete_hosted_configuration_version(
                ApplicationId=self.application, ConfigurationProfileId=self.profile, VersionNumber=number
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
        return found
