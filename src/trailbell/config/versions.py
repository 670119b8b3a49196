"""The hosted versions of the config in AppConfig, as the config seed and `trailbell config push` write them."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trailbell.config.labels import config_version_of, free_label

if TYPE_CHECKING:
    from mypy_boto3_appconfig import AppConfigClient

MOST_VERSIONS = 90
"""How many hosted versions are kept, so that AppConfig's quota of 100 is never reached.

https://docs.aws.amazon.com/general/latest/gr/appconfig.html
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedVersions:
    """The versions of one profile. Its methods raise what boto3 raises."""

    client: "AppConfigClient"
    application: str
    profile: str

    def content(self, number: int) -> bytes:
        """Return what a version holds."""
        answer = self.client.get_hosted_configuration_version(
            ApplicationId=self.application, ConfigurationProfileId=self.profile, VersionNumber=number
        )
        return answer["Content"].read()

    def labels(self) -> Mapping[int, str]:
        """Return every version with its label, which may be empty."""
        pages = self.client.get_paginator("list_hosted_configuration_versions").paginate(
            ApplicationId=self.application, ConfigurationProfileId=self.profile
        )
        return {item["VersionNumber"]: item.get("VersionLabel", "") for page in pages for item in page["Items"]}

    def host(self, content: bytes, *, config_version: str, description: str, in_force: Collection[int]) -> int:
        """Return the version that holds the content: one that is there already, else a new one.

        Where there are many, the oldest are deleted, but none that is in force.
        """
        labels = self.labels()
        for number, label in sorted(labels.items()):
            if config_version_of(label) == config_version and self._holds(number, content):
                return number
        dropped = self._drop_old(labels, in_force)
        answer = self.client.create_hosted_configuration_version(
            ApplicationId=self.application,
            ConfigurationProfileId=self.profile,
            Content=content,
            ContentType="application/json",
            Description=description,
            VersionLabel=free_label(
                config_version, {label for number, label in labels.items() if number not in dropped}
            ),
        )
        return int(answer["VersionNumber"])

    def delete(self, number: int) -> None:
        """Delete a version; one that is gone already is fine."""
        with suppress(self.client.exceptions.ResourceNotFoundException):
            self.client.delete_hosted_configuration_version(
                ApplicationId=self.application, ConfigurationProfileId=self.profile, VersionNumber=number
            )

    def _holds(self, number: int, content: bytes) -> bool:
        try:
            return self.content(number) == content
        except self.client.exceptions.ResourceNotFoundException:
            return False

    def _drop_old(self, labels: Mapping[int, str], in_force: Collection[int]) -> Collection[int]:
        numbers = sorted(labels)
        dropped = [number for number in numbers if number not in in_force][: max(0, len(numbers) - MOST_VERSIONS)]
        for number in dropped:
            self.delete(number)
        return dropped
