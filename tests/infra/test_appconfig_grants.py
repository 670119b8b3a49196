"""AppConfig's actions are granted on every resource that they require.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappconfig.html
"""

import json
import re
from pathlib import Path
from typing import Any

from tests.infra.conftest import ROOT
from tests.infra.test_hub_stack import resources

Template = dict[str, Any]
APPLICATION, ENVIRONMENT, PROFILE = (
    "application/@",
    "application/@/environment/@",
    "application/@/configurationprofile/@",
)
REQUIRED = {
    "CreateHostedConfigurationVersion": {APPLICATION, PROFILE},
    "DeleteHostedConfigurationVersion": {APPLICATION, PROFILE, f"{PROFILE}/hostedconfigurationversion/*"},
    "GetDeployment": {APPLICATION, ENVIRONMENT, f"{ENVIRONMENT}/deployment/*"},
    "GetHostedConfigurationVersion": {APPLICATION, PROFILE, f"{PROFILE}/hostedconfigurationversion/*"},
    "GetLatestConfiguration": {f"{ENVIRONMENT}/configuration/@"},
    "ListDeployments": {APPLICATION, ENVIRONMENT},
    "ListHostedConfigurationVersions": {APPLICATION, PROFILE},
    "StartConfigurationSession": {f"{ENVIRONMENT}/configuration/@"},
    "StartDeployment": {APPLICATION, ENVIRONMENT, PROFILE, "deploymentstrategy/@"},
    "StopDeployment": {APPLICATION, ENVIRONMENT, f"{ENVIRONMENT}/deployment/*"},
}
CALLS = re.compile(r"client\.((?!get_paginator)[a-z_]+)\(|get_paginator\(\"([a-z_]+)\"\)")


def grants(hub: Template, role: str) -> dict[str, set[str]]:
    """Return what a role may do in AppConfig: action -> resources, with @ for what CloudFormation fills in."""
    found: dict[str, set[str]] = {}
    for policy in resources(hub, "AWS::IAM::Policy"):
        if role in json.dumps(policy["Roles"]):
            for statement in policy["PolicyDocument"]["Statement"]:
                arns = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                for action in actions:
                    if action.startswith("appconfig:"):
                        found.setdefault(action.removeprefix("appconfig:"), set()).update(map(_path, arns))
    return found


def _path(arn: Any) -> str:
    """Return what an ARN names, without partition, region and account."""
    parts = ["@" if isinstance(part, dict) else part for part in arn["Fn::Join"][1]]
    return "".join(parts).split(":", 5)[5]


def calls(*files: Path) -> set[str]:
    """Return the operations that the files' clients are asked for."""
    names = {plain or paged for file in files for plain, paged in CALLS.findall(file.read_text(encoding="utf-8"))}
    return {name.title().replace("_", "") for name in names}


def test_seed_and_filter_sync_may_do_what_they_call_on_all_that_it_requires(hub: Template) -> None:
    functions = ROOT / "lambdas"
    versions = ROOT / "src" / "trailbell" / "config" / "versions.py"
    called = {
        "RuleConfigSeed": calls(functions / "config_seed/app_config.py", versions),
        "RuleConfigFilterSync": calls(functions / "filter_sync/app_config.py"),
        "DetectorRole": {"StartConfigurationSession", "GetLatestConfiguration"},
    }
    for role, operations in called.items():
        assert grants(hub, role) == {operation: REQUIRED[operation] for operation in operations}, role
