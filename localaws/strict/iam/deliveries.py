"""Judges what EventBridge, EventBridge Scheduler, SNS, CloudWatch and AppConfig deliver inside MiniStack.

Each function stands before the one of MiniStack's that delivers. What is refused goes the way it goes on AWS: to the
target's or subscription's dead-letter queue where that lets it in, or nowhere.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import appconfig, cloudwatch, eventbridge, sns, sqs

from localaws.strict.iam.services import Caller, may_reach, may_with_role

ACTIONS: Mapping[str, str] = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish"}
"""By the service of a target's ARN: what sending to it is called."""
UNIVERSAL = "arn:aws:scheduler:::aws-sdk:"
"""Begins the ARN of a target that is any call: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html"""
_before: dict[str, Callable[..., Any]] = {}
"""What stood where this stands now, by name."""
_readable: dict[tuple[str, str, float], set[str]] = {}
"""By a deployment's application, environment and start: the alarms that AppConfig may look at."""


def target(target: dict[str, Any], event: Any, rule: dict[str, Any], view: Any = None) -> None:
    """Deliver to the target of a rule or schedule, where that is allowed."""
    if _target_allowed(target, rule):
        _before["_invoke_target"](target, event, rule, view)
        return
    _failed_invocation(rule)
    queue = (target.get("DeadLetterConfig") or {}).get("Arn")
    if queue and may_reach(_of_rule(rule), "sqs:SendMessage", queue):
        _leave_dead_letter(queue, target["Arn"], event, rule)


def _leave_dead_letter(queue_arn: str, target_arn: str, event: Any, rule: dict[str, Any]) -> None:
    """Put an event into a dead-letter queue: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html."""
    told = {"RULE_ARN": rule["Arn"], "TARGET_ARN": target_arn, "ERROR_CODE": "NO_PERMISSIONS", "RETRY_ATTEMPTS": "0"}
    attributes = {name: {"DataType": "String", "StringValue": value} for name, value in told.items()}
    body = json.dumps(eventbridge._pattern_event_view(event).event_with_detail())
    queue = sqs._queue_by_arn(queue_arn)
    if queue is not None:
        sqs._act_send_message({"MessageBody": body, "MessageAttributes": attributes}, queue["url"])


def _target_allowed(target: dict[str, Any], rule: dict[str, Any]) -> bool:
    arn, caller, role = target.get("Arn", ""), _of_rule(rule), target.get("RoleArn")
    if arn.startswith(UNIVERSAL):
        return may_with_role(caller, role or "", *_universal(arn, target))
    action = "events:PutEvents" if ":event-bus/" in arn else ACTIONS.get(arn.split(":")[2])
    if action is None:
        return True  # no kind of target that Trailbell has
    return may_with_role(caller, role, action, arn) if role else may_reach(caller, action, arn)


def _universal(arn: str, target: dict[str, Any]) -> tuple[str, str]:
    """Return the action and the resource of a schedule's universal target."""
    service, operation = arn.removeprefix(UNIVERSAL).split(":")
    if (service, operation) != ("eventbridge", "putEvents"):
        return f"{service}:{operation[0].upper()}{operation[1:]}", "*"
    entry = json.loads(target.get("Input") or "{}").get("Entries", [{}])[0]
    bus = str(entry.get("EventBusName") or "default")
    whole = bus if bus.startswith("arn:") else f"arn:aws:events:{get_region()}:{get_account_id()}:event-bus/{bus}"
    return "events:PutEvents", whole


def _of_rule(rule: dict[str, Any]) -> Caller:
    arn = rule["Arn"]
    if arn.split(":")[2] == "scheduler":
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        group = arn.replace(":schedule/", ":schedule-group/").rpartition("/")[0]
        return Caller(service="scheduler.amazonaws.com", source_account=get_account_id(), source_arn=group)
    return Caller(service="events.amazonaws.com", source_account=get_account_id(), source_arn=arn)


def _failed_invocation(rule: dict[str, Any]) -> None:
    """Count it as https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html does."""
    if ":rule/" in rule["Arn"]:
        datum = {
            "MetricName": "FailedInvocations",
            "Dimensions": [{"Name": "RuleName", "Value": rule["Name"]}],
            "Value": 1,
        }
        cloudwatch._put_metric_data({}, {"Namespace": "AWS/Events", "MetricData": [datum]}, False, is_json=True)


def to_queue(endpoint: str, *arguments: Any, topic_arn: str = "", **named: Any) -> None:
    """Deliver a topic's message to a queue that lets it in, else to the subscription's dead-letter queue."""
    caller = _of_topic(topic_arn)
    if sqs._queue_by_arn(endpoint) is None:
        _before["_deliver_to_sqs"](endpoint, *arguments, topic_arn=topic_arn, **named)  # which says that it is gone
        return
    redrive = _redrive_queue(topic_arn, endpoint)
    for queue in [endpoint, *([redrive] if redrive else [])]:
        if may_reach(caller, "sqs:SendMessage", queue):
            _before["_deliver_to_sqs"](queue, *arguments, topic_arn=topic_arn, **named)
            return


def to_function(endpoint: str, envelope: str, topic_arn: str, *arguments: Any) -> None:
    """Deliver a topic's message to a function that lets it in, else to the subscription's dead-letter queue."""
    caller = _of_topic(topic_arn)
    if may_reach(caller, "lambda:InvokeFunction", endpoint):
        _before["_deliver_to_lambda"](endpoint, envelope, topic_arn, *arguments)
        return
    redrive = _redrive_queue(topic_arn, endpoint)
    if redrive and may_reach(caller, "sqs:SendMessage", redrive):
        _before["_deliver_to_sqs"](redrive, envelope, False, envelope, topic_arn=topic_arn)


def _of_topic(arn: str) -> Caller:
    return Caller(service="sns.amazonaws.com", source_account=arn.split(":")[4], source_arn=arn)


def _redrive_queue(topic_arn: str, endpoint: str) -> str | None:
    topic = sns._topic_by_arn_any_scope(topic_arn) or {"subscriptions": []}
    policies = (
        subscription.get("attributes", {}).get("RedrivePolicy")
        for subscription in topic["subscriptions"]
        if subscription.get("endpoint") == endpoint
    )
    policy = next((policy for policy in policies if policy), None)
    document = json.loads(policy) if isinstance(policy, str) else policy or {}
    return document.get("deadLetterTargetArn")


def alarm_actions(alarm: dict[str, Any], *arguments: Any) -> None:
    """Tell of an alarm the topics that let CloudWatch in."""
    caller = Caller(
        service="cloudwatch.amazonaws.com", source_account=get_account_id(), source_arn=alarm.get("AlarmArn")
    )
    _before["_dispatch_alarm_actions"](
        {**alarm, **{name: _Allowed(alarm.get(name) or [], caller) for name in _ALARM_ACTIONS}}, *arguments
    )


_ALARM_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")


class _Allowed(list[str]):
    """Actions of an alarm, judged as they are taken: only those of the new state are."""

    def __init__(self, arns: list[str], caller: Caller) -> None:
        super().__init__(arns)
        self._caller = caller

    def __iter__(self) -> Iterator[str]:
        return (arn for arn in super().__iter__() if may_reach(self._caller, "sns:Publish", arn))


def monitor_alarm(application: str, environment: str, start: float, end: float) -> Any:
    """Look at an environment's alarms through the roles of its monitors; a role that may not hides its alarm."""
    deployment = (application, environment, start)
    if deployment not in _readable:
        # Once a deployment: MiniStack looks at every request, AWS for as long as the deployment runs.
        _readable[deployment] = _readable_alarms(application, environment)
    found = _before["_first_monitor_alarm"](application, environment, start, end)
    return found if found is None or found[0] in _readable[deployment] else None


def _readable_alarms(application: str, environment: str) -> set[str]:
    monitors = (appconfig._environments.get(f"{application}/{environment}") or {}).get("Monitors") or []
    caller = Caller(
        service="appconfig.amazonaws.com",
        source_account=get_account_id(),
        source_arn=appconfig._env_arn(application, environment),
    )
    action = "cloudwatch:DescribeAlarms"
    pairs = [(monitor["AlarmArn"], monitor.get("AlarmRoleArn")) for monitor in monitors]
    return {alarm for alarm, role in pairs if role and may_with_role(caller, role, action, alarm)}


def may_validate(function_arn: str) -> bool:
    """Tell whether AppConfig may call a validator.

    AWS documents no condition keys that it sends, so it sends none: a permission that asks for `aws:SourceArn` or
    `aws:SourceAccount` allows nothing here. It may on AWS, or not.
    """
    return may_reach(Caller(service="appconfig.amazonaws.com"), "lambda:InvokeFunction", function_arn)


def install() -> None:
    """Stand before MiniStack's deliveries, and before what other parts have put in their place."""
    for module, name, judging in (
        (eventbridge, "_invoke_target", target),
        (sns, "_deliver_to_sqs", to_queue),
        (sns, "_deliver_to_lambda", to_function),
        (cloudwatch, "_dispatch_alarm_actions", alarm_actions),
        (appconfig, "_first_monitor_alarm", monitor_alarm),
    ):
        _before[name] = getattr(module, name)
        setattr(module, name, judging)
