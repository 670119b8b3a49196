"""AppConfig in memory, with what AWS refuses."""

import io
import json
from collections.abc import Collection, Iterator
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.exceptions import ClientError

from trailbell.config.model import Config

EXCEPTIONS = boto3.client(
    "appconfig", region_name="us-east-2", aws_access_key_id="x", aws_secret_access_key="x"
).exceptions
WHERE = {"application": "app", "environment": "env", "profile": "prof"}


def compiled(version: str) -> bytes:
    return json.dumps(Config().to_json() | {"version": version}).encode()


class FakeAppConfig:
    """One application. `denied`: operations that IAM refuses."""

    def __init__(self, denied: Collection[str] = (), *, missing: bool = False) -> None:
        self.exceptions = EXCEPTIONS
        self.denied, self.missing = denied, missing
        self.versions: dict[int, dict[str, Any]] = {}
        self.deployments: list[dict[str, Any]] = []
        self._last = 0

    def create_hosted_configuration_version(self, **request: Any) -> dict[str, Any]:
        self._check("CreateHostedConfigurationVersion")
        labels = [version["VersionLabel"] for version in self.versions.values()]
        assert request["VersionLabel"] not in labels, "nothing says that AppConfig takes a label twice"
        self._last += 1
        self.versions[self._last] = {**request, "VersionNumber": self._last}
        return {"VersionNumber": self._last}

    def get_hosted_configuration_version(self, **request: Any) -> dict[str, Any]:
        self._check("GetHostedConfigurationVersion")
        if request["VersionNumber"] not in self.versions:
            raise self._error("ResourceNotFoundException", "GetHostedConfigurationVersion")
        return {"Content": io.BytesIO(self.versions[request["VersionNumber"]]["Content"])}

    def delete_hosted_configuration_version(self, **request: Any) -> None:
        self._check("DeleteHostedConfigurationVersion")
        if request["VersionNumber"] not in self.versions:
            raise self._error("ResourceNotFoundException", "DeleteHostedConfigurationVersion")
        del self.versions[request["VersionNumber"]]

    def start_deployment(self, **request: Any) -> dict[str, Any]:
        self._check("StartDeployment")
        if any(each["State"] not in ("COMPLETE", "ROLLED_BACK") for each in self.deployments):
            raise self._error("ConflictException", "StartDeployment")
        state = "BAKING" if request["DeploymentStrategyId"] == "watched" else "COMPLETE"
        made = {**request, "DeploymentNumber": len(self.deployments) + 1, "State": state}
        self.deployments.append(made)
        return made

    def get_deployment(self, **request: Any) -> dict[str, Any]:
        self._check("GetDeployment")
        found: dict[str, Any] = self.deployments[request["DeploymentNumber"] - 1]
        return found

    def stop_deployment(self, **request: Any) -> None:
        self._check("StopDeployment")
        found = self.deployments[request["DeploymentNumber"] - 1]
        if found["State"] != "DEPLOYING" and not request["AllowRevert"]:
            raise self._error("BadRequestException", "StopDeployment")
        found["State"] = "ROLLED_BACK"

    def get_paginator(self, operation: str) -> Any:
        def paginate(**_: str) -> Iterator[dict[str, Any]]:
            if operation == "list_deployments":
                self._check("ListDeployments")
                found = [{k: v for k, v in each.items() if k != "Description"} for each in self.deployments[::-1]]
                yield from ({"Items": [item]} for item in found)
                return
            self._check("ListHostedConfigurationVersions")
            yield from ({"Items": [item]} for item in list(self.versions.values())[::-1])

        return SimpleNamespace(paginate=paginate)

    def _check(self, operation: str) -> None:
        if operation in self.denied:
            raise self._error("AccessDeniedException", operation)
        if self.missing:
            raise self._error("ResourceNotFoundException", operation)

    def _error(self, code: str, operation: str) -> ClientError:
        kind: type[ClientError] = getattr(self.exceptions, code, ClientError) if code in _MODELLED else ClientError
        return kind({"Error": {"Code": code, "Message": "no"}}, operation)


_MODELLED = ("ResourceNotFoundException", "ConflictException", "BadRequestException")
