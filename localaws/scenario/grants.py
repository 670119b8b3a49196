"""Tells which grants of a template's roles nothing used, by what the strict local AWS wrote down."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

POLICIES = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedGrant:
    """Actions or resources of a statement with which no call was allowed."""

    role: str
    """The logical id of the role, or of the policy where it names none."""
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    """As the template writes them: a text, or JSON of a reference."""

    def __str__(self) -> str:
        return f"{self.role}: {', '.join(self.actions)} on {', '.join(self.resources)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    role: str
    names: tuple[str, ...]
    """What the name of the deployed policy is, or has in it."""
    statements: list[dict[str, Any]]


def unused_grants(templates: Iterable[Mapping[str, Any]], lines: Iterable[Mapping[str, Any]]) -> list[UnusedGrant]:
    """Return what the roles of deployed templates may do and no `allowed` line of the journal shows them doing.

    An action is unused where no resource of its statement was used with it, a resource where no action was.
    """
    used: dict[str, set[tuple[int, Any, Any]]] = {}
    for line in lines:
        if line["kind"] == "allowed" and "policy" in line:
            key = (line["statement"], line["granted_action"], line["granted_resource"])
            used.setdefault(line["policy"], set()).add(key)
    return [grant for template in templates for policy in _policies(template) for grant in _unused(policy, used)]


def _policies(template: Mapping[str, Any]) -> Iterator[_Policy]:
    for id_, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] in POLICIES:
            roles = [role.get("Ref", id_) for role in properties.get("Roles", []) if isinstance(role, dict)]
            name = properties.get("PolicyName") or properties.get("ManagedPolicyName") or id_
            statements = properties["PolicyDocument"]["Statement"]
            yield _Policy(role=roles[0] if roles else id_, names=(name, id_), statements=statements)
        elif resource["Type"] == "AWS::IAM::Role":
            for inline in properties.get("Policies", []):
                statements = inline["PolicyDocument"]["Statement"]
                yield _Policy(role=id_, names=(inline["PolicyName"],), statements=statements)


def _unused(policy: _Policy, used: Mapping[str, set[tuple[int, Any, Any]]]) -> Iterator[UnusedGrant]:
    seen = set[tuple[int, Any, Any]]()
    for name, grants in used.items():
        if any(isinstance(known, str) and known in name for known in policy.names):
            seen |= grants
    for index, statement in enumerate(policy.statements):
        if statement["Effect"] != "Allow":
            continue
        actions, resources = _texts(statement["Action"]), _texts(statement["Resource"])
        idle_actions = _idle(actions, {action for of, action, _ in seen if of == index})
        idle_resources = _idle(resources, {resource for of, _, resource in seen if of == index})
        if idle_actions:
            yield UnusedGrant(role=policy.role, actions=idle_actions, resources=resources)
        if idle_resources and idle_actions != actions:
            yield UnusedGrant(role=policy.role, actions=actions, resources=idle_resources)


def _idle(texts: tuple[str, ...], used: set[Any]) -> tuple[str, ...]:
    return tuple(text for index, text in enumerate(texts) if index not in used)


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one if isinstance(one, str) else json.dumps(one, sort_keys=True) for one in values)
