"""AppConfig, as strict as AWS about what is hosted and deployed; its minutes may be made shorter.

`STRICT_SECONDS_PER_MINUTE` is how long a minute of a deployment strategy takes (60 where it is unset): with 2, the
three minutes of a bake pass in six seconds. Only deployments are compressed: neither alarms nor functions.
"""

import json
import os
import re
from collections.abc import Mapping
from typing import Any

from ministack.services import appconfig

from localaws.strict import journal, validators

MINUTE = "STRICT_SECONDS_PER_MINUTE"
MAX_BYTES = 1024 * 1024
"""https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-appconfig-hostedconfigurationversion.html"""
_PROFILE = r"/applications/([^/]+)/configurationprofiles/([^/]+)"
_HOST = re.compile(_PROFILE + "/hostedconfigurationversions")
_VALIDATE = re.compile(_PROFILE + "/validators")
_DEPLOY = re.compile(r"/applications/([^/]+)/environments/([^/]+)/deployments")
_LABEL = re.compile(r"(?=.*[^0-9]).{1,64}", re.DOTALL)
"""https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_CreateHostedConfigurationVersion.html"""


def install() -> None:
    """Judge requests before MiniStack handles them."""
    appconfig._DEPLOYMENT_MINUTE_SECONDS = float(os.environ.get(MINUTE) or 60)
    handle = appconfig.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body_bytes: bytes, query_params: Mapping[str, Any]
    ) -> Any:
        refused = None
        if method == "POST" and (found := _HOST.fullmatch(path)):
            refused = _judge_version(found[1], found[2], headers, body_bytes)
        elif method == "POST" and (found := _DEPLOY.fullmatch(path)):
            refused, body_bytes = await _judge_deployment(found[1], found[2], body_bytes)
        elif method == "POST" and (found := _VALIDATE.fullmatch(path)):
            return await _validate(found[1], found[2], _first(query_params.get("configuration_version")))
        return refused or await handle(method, path, headers, body_bytes, query_params)

    appconfig.handle_request = handle_request


def _judge_version(application: str, profile: str, headers: Mapping[str, str], content: bytes) -> Any:
    """Refuse what is too large, a label that is none or taken, and a version that is not the next."""
    if len(content) > MAX_BYTES:
        resource = f"application/{application}/configurationprofile/{profile}"
        action = "appconfig:CreateHostedConfigurationVersion"
        journal.note("refused", action=action, resource=resource, reason=f"size: {len(content)} > {MAX_BYTES} bytes")
        return appconfig._error(413, "PayloadTooLargeException", f"The configuration is over {MAX_BYTES} bytes.")
    versions = [version for version in appconfig._hosted_versions.values() if _is_of(version, application, profile)]
    label = headers.get("versionlabel")
    if label is not None and not _LABEL.fullmatch(label):
        return appconfig._error(400, "BadRequestException", f"VersionLabel needs a character that is no digit: {label}")
    if label is not None and any(version.get("VersionLabel") == label for version in versions):
        return appconfig._error(409, "ConflictException", f"The version label {label} exists in this profile.")
    latest = max((version["VersionNumber"] for version in versions), default=0)
    expected = headers.get("latest-version-number")
    if expected is not None and int(expected) != latest:
        return appconfig._error(409, "ConflictException", f"The latest version is {latest}, not {expected}.")
    return None


async def _judge_deployment(application: str, environment: str, body: bytes) -> tuple[Any, bytes]:
    """Refuse an unknown or invalid version; return the body with the version's number for its label."""
    wanted = json.loads(body or b"{}")
    profile = appconfig._config_profiles.get(f"{application}/{wanted.get('ConfigurationProfileId')}")
    running = any(
        deployment["State"] in appconfig._IN_PROGRESS_STATES
        for deployment in appconfig._refresh_environment(application, environment)
    )
    if profile is None or profile["LocationUri"] != "hosted" or running:
        # MiniStack refuses by itself, or has no content of it.
        return None, body
    version = _version(application, profile["Id"], wanted.get("ConfigurationVersion"))
    if version is None:
        return _unknown(wanted.get("ConfigurationVersion")), body
    reason = await validators.check(profile, version)
    if reason is not None:
        return validators.refusal(reason), body
    numbered = {**wanted, "ConfigurationVersion": str(version["VersionNumber"])}
    return None, json.dumps(numbered).encode()


async def _validate(application: str, profile: str, number: str | None) -> Any:
    """Do what ValidateConfiguration does, which MiniStack does not know."""
    found = appconfig._config_profiles.get(f"{application}/{profile}")
    version = _version(application, profile, number)
    if found is None or version is None:
        return _unknown(number)
    reason = await validators.check(found, version)
    return appconfig._json(204, {}) if reason is None else validators.refusal(reason)


def _version(application: str, profile: str, wanted: str | None) -> Mapping[str, Any] | None:
    """Return a hosted version by its number or its label."""
    for version in appconfig._hosted_versions.values():
        names = (str(version["VersionNumber"]), version.get("VersionLabel"))
        if wanted and wanted in names and _is_of(version, application, profile):
            found: Mapping[str, Any] = version
            return found
    return None


def _is_of(version: Mapping[str, Any], application: str, profile: str) -> bool:
    return (version["ApplicationId"], version["ConfigurationProfileId"]) == (application, profile)


def _unknown(version: str | None) -> Any:
    return appconfig._error(404, "ResourceNotFoundException", f"Could not find the configuration version {version}")


def _first(value: Any) -> str | None:
    first: str | None = value[0] if isinstance(value, list) else value
    return first
