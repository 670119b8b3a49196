"""Buses as AWS's: read-only events to the rules that get them, and events to buses of other regions and accounts."""

import json
from collections.abc import Mapping
from typing import Any

from ministack.core.arn import parse_arn
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import eventbridge, sqs

from localaws.strict import journal
from trailbell.operations import may_be_withheld

ENABLED = "ENABLED"
WITH_READ_ONLY = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_RECEIVED = "_ReceivedFromBus"
"""A key of MiniStack's event that no target sees: the event has made its hop."""
_BUS = "event-bus/"

Event = dict[str, Any]
"""An event as MiniStack keeps it: `EventId`, `Source`, `DetailType`, `Detail` as JSON, `Account`, `Region`, ..."""


class NotDelivered(Exception):  # noqa: N818 - what happened, not who erred
    """A target did not get an event; `code` is what AWS puts beside the dead letter."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def install() -> None:
    """Let MiniStack dispatch to rules, and to buses, as AWS does."""
    eventbridge._dispatch_event = dispatch
    eventbridge._dispatch_to_event_bus = _to_event_bus


def dispatch(event: Event, view: Any = None) -> None:
    """Send an event to the targets of the rules of its bus that match it, in the account and region in force."""
    view = view or eventbridge._pattern_event_view(event)
    states = {WITH_READ_ONLY} if is_withheld(event) else {ENABLED, WITH_READ_ONLY}
    bus = event.get("EventBusName", "default")
    for key, rule in eventbridge._rules.items():
        if (
            rule.get("EventBusName", "default") != bus
            or rule.get("State") not in states
            or not rule.get("EventPattern")
        ):
            continue
        if eventbridge._matches_pattern_view(rule["EventPattern"], view, f"rule {key}"):
            for target in eventbridge._targets.get(key, []):
                eventbridge._invoke_target(target, event, rule, view)


def is_withheld(event: Event) -> bool:
    """Tell whether rules in the state ENABLED do not get an event: a read-only one that CloudTrail has brought.

    What PutEvents has brought is any custom event, to both states, whatever it looks like.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
    """
    if not event["Source"].startswith("aws.") or not event["DetailType"].endswith(" via CloudTrail"):
        return False
    record = json.loads(event["Detail"])
    return record.get("readOnly") is True and may_be_withheld(record.get("eventName", ""))


def deliver_to_bus(event: Event, *, rule_arn: str, role_arn: str | None, bus_arn: str) -> None:
    """Put an event that a rule has matched on another bus, and dispatch it there. Raises NotDelivered.

    It keeps its id, account, region, source and time. `rule_arn` and `role_arn` are for whoever judges the delivery.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
    """
    del rule_arn, role_arn
    spec = parse_arn(bus_arn)
    name = spec.resource.removeprefix(_BUS)
    with request_scope(spec.account_id, spec.region):
        eventbridge._ensure_default_bus()
        if name not in eventbridge._event_buses:
            raise NotDelivered("RESOURCE_NOT_FOUND", f"Event bus {bus_arn} does not exist.")
        received = {**event, "EventBusName": name, _RECEIVED: True}
        dispatch(received)
        eventbridge._archive_event({key: value for key, value in received.items() if key != _RECEIVED})


def _to_event_bus(spec: Any, event: Event, rule: Mapping[str, Any], _path: object, payload: str | None = None) -> None:
    """Take the place of MiniStack's function of the same name."""
    bus_arn = str(spec)
    if event.get(_RECEIVED):
        # "EventBridge can't route events received from a sender event bus to a third event bus."
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html; of accounts eb-cross-account.html
        # says the same, and of regions nothing else.
        journal.note("second hop", event=event["EventId"], rule=rule["Arn"], bus=bus_arn)
        return
    target = _target(rule, bus_arn)
    sent = event if payload is None else {**event, "Detail": payload}
    try:
        deliver_to_bus(sent, rule_arn=rule["Arn"], role_arn=target.get("RoleArn"), bus_arn=bus_arn)
    except NotDelivered as error:
        journal.note("undelivered", rule=rule["Arn"], target=bus_arn, code=error.code, message=str(error))
        leave_dead_letter(sent, rule=rule, target=target, error=error)


def _target(rule: Mapping[str, Any], arn: str) -> Mapping[str, Any]:
    key = eventbridge._rule_key(rule["Name"], rule.get("EventBusName", "default"))
    return next((target for target in eventbridge._targets.get(key, []) if target["Arn"] == arn), {"Arn": arn})


def leave_dead_letter(event: Event, *, rule: Mapping[str, Any], target: Mapping[str, Any], error: NotDelivered) -> None:
    """Send an event to the target's dead-letter queue, where it has one in the same account and region.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    """
    arn = target.get("DeadLetterConfig", {}).get("Arn", "")
    spec = parse_arn(arn) if arn else None
    if spec is None or (spec.account_id, spec.region) != (get_account_id(), get_region()):
        return
    queue = sqs._queue_by_arn(arn)
    if queue is None:
        return
    told = {
        "RULE_ARN": rule["Arn"],
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": str(error),
        "RETRY_ATTEMPTS": "0",
    }
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
    body = json.dumps(eventbridge._pattern_event_view(event).event_with_detail())
    message = {"MessageBody": body, "MessageAttributes": attributes}
    sqs._act_send_message(message, queue["url"])
