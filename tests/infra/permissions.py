"""Lists every IAM statement of the templates: who may do what on what, for people to review.

`python -m tests.infra.permissions` writes the list anew to permissions.json.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

LIST = Path(__file__).with_name("permissions.json")
STACKS = ("Trailbell", "Trailbell-Forwarder-us-east-1")
POLICY_FIELDS = {
    "AWS::IAM::Policy": ("PolicyDocument",),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "AWS::KMS::Key": ("KeyPolicy",),
    "AWS::Lambda::ResourcePolicy": ("PolicyDocument",),
    "AWS::S3::BucketPolicy": ("PolicyDocument",),
    "AWS::SNS::TopicPolicy": ("PolicyDocument",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument",),
    "AWS::SecretsManager::ResourcePolicy": ("ResourcePolicy",),
}


def list_permissions(assembly: Path) -> dict[str, Any]:
    """Return stack -> construct path -> statements, and the Lambda permissions beside them."""
    result: dict[str, Any] = {}
    for stack in STACKS:
        template = json.loads((assembly / f"{stack}.template.json").read_text(encoding="utf-8"))
        names = {id_: _path(id_, resource) for id_, resource in template["Resources"].items()}
        result[stack] = {
            names[id_]: _readable(_statements(resource), names)
            for id_, resource in sorted(template["Resources"].items(), key=lambda item: names[item[0]])
            if _statements(resource)
        }
    return result


def _statements(resource: dict[str, Any]) -> list[Any]:
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::Lambda::Permission":
        return [properties]
    fields = POLICY_FIELDS.get(resource["Type"], ())
    inline = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    documents = [*(properties[field] for field in fields), *inline]
    managed = [{"ManagedPolicyArns": properties["ManagedPolicyArns"]}] if properties.get("ManagedPolicyArns") else []
    return [statement for document in documents for statement in document["Statement"]] + managed


def _path(id_: str, resource: dict[str, Any]) -> str:
    path: str = resource.get("Metadata", {}).get("aws:cdk:path", id_)
    return path.removesuffix("/Resource")


def _readable(value: Any, names: dict[str, str]) -> Any:
    """Write references as `<construct path>`, so that the list reads without the template beside it."""
    if isinstance(value, list):
        return [_readable(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Ref"}:
        return f"<{names.get(value['Ref'], value['Ref'])}>"
    if set(value) == {"Fn::GetAtt"}:
        id_, attribute = value["Fn::GetAtt"]
        return f"<{names.get(id_, id_)}>.{attribute}"
    if set(value) == {"Fn::Join"}:
        separator, parts = value["Fn::Join"]
        return separator.join(str(_readable(part, names)) for part in parts)
    return {key: _readable(item, names) for key, item in value.items()}


def to_text(permissions: dict[str, Any]) -> str:
    """Return the list as it is checked in."""
    return json.dumps(permissions, indent=2) + "\n"


if __name__ == "__main__":
    from tests.infra.conftest import CONFIG, synthesise

    with tempfile.TemporaryDirectory() as scratch:
        done = synthesise(Path(scratch), CONFIG)
        if done.returncode:
            raise SystemExit(done.stderr)
        LIST.write_text(to_text(list_permissions(Path(scratch) / "cdk.out")), encoding="utf-8")
