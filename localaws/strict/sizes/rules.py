"""Sizes of EventBridge's rules: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import error_response_json, get_region
from ministack.services import eventbridge
from ministack.services.cloudformation import provisioners

from localaws.strict.cloudformation.types import Properties, check_properties
from localaws.strict.sizes.limit import TooLargeError, compact, limit

PATTERN = 2_048
"""Characters, as they are sent."""
TARGETS = 5
RULES = 300
RULES_OF_REGION = {"af-south-1": 100, "eu-south-1": 100}
RULES_WITH_WILDCARDS = 30
"""Of one bus; it cannot be raised."""
JUDGED = ("PutRule", "PutTargets")


def install() -> None:
    """Judge rules that come by the API or in a template."""
    handle = eventbridge.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: Mapping[str, Any]
    ) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action in JUDGED:
            try:
                _judge(action, json.loads(body))
            except TooLargeError as error:
                return error_response_json("LimitExceededException", str(error), 400)
        return await handle(method, path, headers, body, query_params)

    eventbridge.handle_request = handle_request
    check_properties("AWS::Events::Rule", _check_rule)


def _judge(action: str, request: Mapping[str, Any]) -> None:
    bus = request.get("EventBusName", "default")
    if action == "PutRule":
        pattern = request.get("EventPattern", "")
        _limit_pattern(request["Name"], pattern)
        _limit_rules(bus, request["Name"], pattern)
        return
    known = eventbridge._targets.get(eventbridge._rule_key(request["Rule"], bus)) or []
    _limit_targets(request["Rule"], [*known, *request["Targets"]])


def _check_rule(id_: str, properties: Properties) -> None:
    name = properties.get("Name", id_)
    pattern = compact(properties["EventPattern"]) if properties.get("EventPattern") else ""
    _limit_pattern(name, pattern)
    _limit_rules(provisioners._eb_rule_bus_name(properties), name, pattern)
    _limit_targets(name, properties.get("Targets", []))


def _limit_pattern(name: str, pattern: str) -> None:
    limit(len(pattern), PATTERN, what="pattern", action="events:PutRule", resource=f"rule/{name}")


def _limit_targets(name: str, targets: list[Mapping[str, Any]]) -> None:
    count = len({target["Id"] for target in targets})
    limit(count, TARGETS, what="targets", action="events:PutTargets", resource=f"rule/{name}")


def _limit_rules(bus: str, name: str, pattern: str) -> None:
    rules = [rule for rule in eventbridge._rules.values() if rule["EventBusName"] == bus and rule["Name"] != name]
    most = RULES_OF_REGION.get(get_region(), RULES)
    limit(len(rules) + 1, most, what="rules", action="events:PutRule", resource=f"event-bus/{bus}")
    if _has_wildcard(pattern):
        count = 1 + sum(_has_wildcard(rule["EventPattern"]) for rule in rules)
        what = "rules with wildcards"
        limit(count, RULES_WITH_WILDCARDS, what=what, action="events:PutRule", resource=f"event-bus/{bus}")


def _has_wildcard(pattern: str) -> bool:
    return '{"wildcard":' in compact(pattern) if pattern else False
