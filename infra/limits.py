"""AWS's limits, measured on the synthesised templates: what a real account would refuse is refused at synth, in words.

A template holds references whose text only AWS knows. They are counted at the longest that they can be, so what passes
here passes there.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trailbell.contract.limits import MAX_PATTERN_CHARACTERS, MAX_PATTERN_WILDCARDS, MAX_RULE_NAME_CHARACTERS
from trailbell.contract.names import SlotSet
from trailbell.infra.parts.filters import description

LONGEST: Mapping[str, int] = {
    "AWS::AccountId": 12, "AWS::Partition": 10, "AWS::Region": 14, "AWS::StackName": 64, "AWS::URLSuffix": 16,
    "AWS::StackId": 200, "AWS::NoValue": 0,
}  # fmt: skip
"""Pseudo parameters."""
LONGEST_NAME = 80
"""What CloudFormation names queues, the longest of our names; roles and rules have 64."""
LONGEST_ARN = 150
"""`arn:aws-us-gov:dynamodb:ap-southeast-2:111122223333:table/`, a name of 80 characters and `/index/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """Something that AWS would refuse."""

    stack: str
    what: str
    measured: int
    limit: int
    unit: str
    remedy: str

    @property
    def fault(self) -> str:
        """Return what is too large."""
        return f"{self.stack}: {self.what} has {self.measured:,} {self.unit}, and AWS takes {self.limit:,}."

    def __str__(self) -> str:
        return f"{self.fault} {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One of AWS's limits, and how to stay within it."""

    limit: int
    unit: str
    remedy: str
    measure: Callable[[Mapping[str, Any]], Iterable[tuple[str, int]]]
    """Takes a template, returns what there is and how large it is."""


FEWER_SLOTS = "Lower deployment.slots, or shorten deployment.stack_name."
FEWER_DESTINATIONS = "Switch destinations off, or name fewer topics and channels."
SHORTER = "Shorten deployment.stack_name, or name fewer regions, topics and slots."


def check_templates(files: Iterable[Path]) -> list[Excess]:
    """Return what AWS would refuse of stacks' templates."""
    return [
        excess
        for file in files
        for excess in check_template(file.name.removesuffix(".template.json"), file.read_text(encoding="utf-8"))
    ]


def check_template(stack: str, text: str) -> Iterator[Excess]:
    """Yield what AWS would refuse of one template, given as JSON."""
    template = json.loads(text)
    for limit in LIMITS:
        for what, measured in limit.measure(template):
            if measured > limit.limit:
                yield Excess(
                    stack=stack, what=what, measured=measured, limit=limit.limit, unit=limit.unit, remedy=limit.remedy
                )


def length(value: Any) -> int:
    """Return how many characters a value has as JSON without blanks, once CloudFormation has resolved it."""
    if isinstance(value, Mapping):
        if len(value) == 1 and (found := _resolved(*next(iter(value.items())))) is not None:
            return found + len('""')
        members = sum(len(json.dumps(key)) + len(":") + length(item) for key, item in value.items())
        return members + max(0, len(value) - 1) + len("{}")
    if isinstance(value, list):
        return sum(map(length, value)) + max(0, len(value) - 1) + len("[]")
    return len(json.dumps(value, ensure_ascii=False))


def _resolved(function: str, argument: Any) -> int | None:
    """Return how long a reference's text can be; None where it is none."""
    if function == "Ref":
        return LONGEST.get(argument, LONGEST_NAME)
    if function == "Fn::GetAtt":
        return LONGEST_ARN
    if function == "Fn::ImportValue":
        return LONGEST_ARN
    if function == "Fn::Join":
        separator, parts = argument
        texts = [length(part) - len('""') for part in parts]
        return sum(texts) + len(separator) * max(0, len(texts) - 1)
    return None


def _of_type(template: Mapping[str, Any], *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for id_, resource in template["Resources"].items():
        if resource["Type"] in types:
            yield id_, resource.get("Properties", {})


def _template_bytes(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "the template", len(json.dumps(template, separators=(",", ":")).encode())


def _resources(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "the template", len(template["Resources"])


def _outputs(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    yield "the template", len(template.get("Outputs", {}))


def _inline_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    sizes: dict[str, int] = {}
    for _, properties in _of_type(template, "AWS::IAM::Policy"):
        for role in properties.get("Roles", []):
            name = role.get("Ref", json.dumps(role)) if isinstance(role, Mapping) else str(role)
            sizes[name] = sizes.get(name, 0) + length(properties["PolicyDocument"])
    for id_, properties in _of_type(template, "AWS::IAM::Role"):
        own = sum(length(policy["PolicyDocument"]) for policy in properties.get("Policies", []))
        sizes[id_] = sizes.get(id_, 0) + own
    for role, size in sizes.items():
        yield f"the inline policies of role {role}", size


def _managed_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::IAM::ManagedPolicy"):
        yield f"managed policy {id_}", length(properties["PolicyDocument"])


def _trust_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::IAM::Role"):
        yield f"the trust policy of role {id_}", length(properties["AssumeRolePolicyDocument"])


def _function_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::Lambda::ResourcePolicy"):
        yield f"resource policy {id_}", length(properties["PolicyDocument"])
    statements: dict[str, int] = {}
    for _, properties in _of_type(template, "AWS::Lambda::Permission"):
        name = json.dumps(properties["FunctionName"])
        # Lambda's own statement around what the template says: Sid, Effect, Resource, Condition.
        statements[name] = statements.get(name, 0) + length(properties) + 2 * LONGEST_ARN + 150
    for name, size in statements.items():
        yield f"the permissions on function {name}", size


def _queue_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::SQS::QueuePolicy"):
        yield f"queue policy {id_}", length(properties["PolicyDocument"])


def _topic_policies(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::SNS::TopicPolicy"):
        yield f"topic policy {id_}", length(properties["PolicyDocument"])


def _environments(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::Lambda::Function"):
        yield f"the environment of function {id_}", length(properties.get("Environment", {}).get("Variables", {}))


def _rules(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Count live slots twice: while their generations change, the old ones are there, too."""
    rules = [properties for _, properties in _of_type(template, "AWS::Events::Rule")]
    yield "the default bus", len(rules) + sum(_is_slot("live", properties) for properties in rules)


def _rules_with_wildcards(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Count each deployed filter three times: two generations of live slots come to hold the same."""
    found = [properties for _, properties in _of_type(template, "AWS::Events::Rule") if _count_wildcards(properties)]
    yield "the default bus", len(found) + 2 * sum(_is_slot("slot", properties) for properties in found)


def _is_slot(kind: SlotSet, properties: Mapping[str, Any]) -> bool:
    return str(properties.get("Description")).startswith(description(kind))


def _count_wildcards(properties: Mapping[str, Any]) -> int:
    return json.dumps(properties.get("EventPattern", {})).count('{"wildcard":')


def _rule_names(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::Events::Rule"):
        yield f"the name of rule {id_}", len(properties.get("Name", ""))


def _patterns(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::Events::Rule"):
        yield f"the event pattern of rule {id_}", length(properties.get("EventPattern", {}))


def _wildcards(template: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for id_, properties in _of_type(template, "AWS::Events::Rule"):
        yield f"the event pattern of rule {id_}", _count_wildcards(properties)


# CloudFormation: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
# IAM, whitespace left out: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
# Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
# EventBridge: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html (100 rules in the smaller regions)
# SNS: https://docs.aws.amazon.com/general/latest/gr/sns.html
LIMITS: tuple[Limit, ...] = (
    Limit(limit=1_000_000, unit="bytes", remedy=FEWER_DESTINATIONS, measure=_template_bytes),
    Limit(limit=500, unit="resources", remedy=FEWER_DESTINATIONS, measure=_resources),
    Limit(limit=200, unit="outputs", remedy=FEWER_DESTINATIONS, measure=_outputs),
    Limit(limit=10_240, unit="characters", remedy=SHORTER, measure=_inline_policies),
    Limit(limit=6_144, unit="characters", remedy=SHORTER, measure=_managed_policies),
    Limit(limit=2_048, unit="characters", remedy=SHORTER, measure=_trust_policies),
    Limit(limit=20_480, unit="characters", remedy=FEWER_SLOTS, measure=_function_policies),
    Limit(limit=8_192, unit="characters", remedy=FEWER_SLOTS, measure=_queue_policies),
    Limit(limit=30_720, unit="characters", remedy=SHORTER, measure=_topic_policies),
    Limit(limit=4_096, unit="characters", remedy=SHORTER, measure=_environments),
    Limit(limit=100, unit="rules", remedy="Lower deployment.slots.", measure=_rules),
    Limit(
        limit=30,
        unit="rules with wildcards",
        remedy="Lower deployment.slots, or write fewer wildcards in rules.",
        measure=_rules_with_wildcards,
    ),
    Limit(
        limit=MAX_RULE_NAME_CHARACTERS, unit="characters", remedy="Shorten deployment.stack_name.", measure=_rule_names
    ),
    Limit(limit=MAX_PATTERN_CHARACTERS, unit="characters", remedy="Raise deployment.slots.", measure=_patterns),
    Limit(
        limit=MAX_PATTERN_WILDCARDS,
        unit="wildcards (a limit of our own: EventBridge publishes none)",
        remedy="Raise deployment.slots, or write fewer wildcards in rules.",
        measure=_wildcards,
    ),
)
