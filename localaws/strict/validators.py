"""AppConfig's validators: MiniStack keeps them in the profile and never calls one.

https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-validators.html
"""

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any

import ministack.app
from ministack.services import appconfig, lambda_svc

from localaws.strict.iam.deliveries import may_validate

SECONDS = 15
"""How long a function may take."""
SERVICE = "appconfig.amazonaws.com"


async def check(profile: Mapping[str, Any], version: Mapping[str, Any]) -> str | None:
    """Ask a profile's validators about a hosted version; return why it is refused, None where it is not."""
    for validator in profile["Validators"]:
        if validator["Type"] != "LAMBDA":
            return "the local AWS knows no validators of the type JSON_SCHEMA: do without, or add it"
        reason = await _ask(validator["Content"], profile, version)
        if reason is not None:
            return reason
    return None


async def _ask(arn: str, profile: Mapping[str, Any], version: Mapping[str, Any]) -> str | None:
    record, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if record is None or config is None:
        return f"{arn} does not exist"
    if ministack.app.AUTH and not may_validate(arn):
        return f"AppConfig may not invoke {arn}: its policy allows {SERVICE} nothing without conditions"
    function = lambda_svc._execution_record_for_config(record, config)
    # In a thread of its own: the function may call this MiniStack while it is waited for.
    call = asyncio.to_thread(lambda_svc._execute_function_with_config_scope, function, event(profile, version))
    try:
        result = await asyncio.wait_for(call, SECONDS)
    except TimeoutError:
        return f"{arn} did not answer within {SECONDS} s"
    return json.dumps(result.get("body")) if result.get("error") else None


def event(profile: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, str]:
    """Return what AppConfig invokes a validator with."""
    content = version["Content"]
    raw = content if isinstance(content, bytes) else content.encode()
    where = f"application/{profile['ApplicationId']}/configurationprofile/{profile['Id']}"
    return {
        "applicationId": profile["ApplicationId"],
        "configurationProfileId": profile["Id"],
        "configurationVersion": str(version["VersionNumber"]),
        "content": base64.b64encode(raw).decode(),
        "uri": f"{where}/{version['VersionNumber']}",
    }


def refusal(reason: str) -> Any:
    """Return the answer by which AppConfig refuses an invalid configuration."""
    status, headers, body = appconfig._error(400, "BadRequestException", "Error executing validators")
    detail = {"Constraint": "", "Location": "", "Reason": reason, "Type": "LAMBDA", "Value": ""}
    content = {
        **json.loads(body),
        "Reason": "InvalidConfiguration",
        "Details": {"InvalidConfiguration": [detail]},
    }
    return status, headers, json.dumps(content).encode()
