"""Sizes of filter policies: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html."""

import json
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from ministack.services import sns

from localaws.strict.cloudformation.types import Properties, check_properties
from localaws.strict.sizes.limit import Response, judged, limit

KEYS = 5
COMBINATIONS = 150
"""The numbers of values of all keys multiplied, for the body's each with the level at which its key stands."""
BYTES = 256 * 1024
ACTION = "sns:SetSubscriptionAttributes"


def install() -> None:
    """Judge filter policies that come by the API or in a template."""
    sns._subscribe = judged(sns._subscribe, _judge_new, _refusal)
    sns._set_subscription_attributes = judged(sns._set_subscription_attributes, _judge_change, _refusal)
    check_properties("AWS::SNS::Subscription", _check)


def _refusal(message: str) -> Response:
    text = f"Invalid parameter: FilterPolicy: {message}"
    refused: Response = sns._error("InvalidParameter", text, 400)
    return refused


def _judge_new(parameters: Mapping[str, Any]) -> None:
    number = 1
    while name := sns._p(parameters, f"Attributes.entry.{number}.key"):
        if name == "FilterPolicy":
            _limit(sns._p(parameters, "TopicArn"), sns._p(parameters, f"Attributes.entry.{number}.value"))
        number += 1


def _judge_change(parameters: Mapping[str, Any]) -> None:
    if sns._p(parameters, "AttributeName") == "FilterPolicy":
        _limit(sns._p(parameters, "SubscriptionArn"), sns._p(parameters, "AttributeValue"))


def _check(id_: str, properties: Properties) -> None:
    policy = properties.get("FilterPolicy")
    _limit(id_, policy if isinstance(policy, str) else json.dumps(policy or {}))


def _limit(resource: str, policy: str) -> None:
    limit(len(policy.encode()), BYTES, what="filter policy", action=ACTION, resource=resource)
    try:
        parsed = json.loads(policy or "{}")
    except ValueError:
        # Not too large but no policy at all: MiniStack says so.
        return
    keys = list(_keys(parsed, level=1))
    limit(len(keys), KEYS, what="filter policy's keys", action=ACTION, resource=resource)
    limit(prod(keys), COMBINATIONS, what="filter policy's combinations", action=ACTION, resource=resource)


def _keys(policy: Mapping[str, Any], *, level: int) -> Iterator[int]:
    """Yield of each key with values how many they are, times its level."""
    for value in policy.values():
        if isinstance(value, dict):
            yield from _keys(value, level=level + 1)
        elif isinstance(value, list):
            yield len(value) * level
