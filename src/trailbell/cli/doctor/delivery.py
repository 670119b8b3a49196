"""Whether alerts can arrive: subscriptions, secrets, dead letters, alarms, the functions themselves."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from trailbell.cli.doctor.checkup import Deployment, Result, pages
from trailbell.cli.shared.output import count
from trailbell.contract.names import SECRET_SUFFIX, Output

PENDING = "PendingConfirmation"


def check_functions(deployment: Deployment) -> Iterator[Result]:
    """See whether every function of the stack is ready.

    `Inactive` is: a function that was not called for weeks starts when it is.
    """
    client = deployment.aws.client("lambda")
    names = sorted(deployment.resources("AWS::Lambda::Function", deployment.home))
    functions = {name: client.get_function_configuration(FunctionName=name) for name in names}
    failed = {name: function for name, function in functions.items() if "Failed" in _states(function)}
    for name, function in failed.items():
        why = function.get("StateReason") or function.get("LastUpdateStatusReason") or "it does not say why"
        yield Result(check="functions", status="fail", said=f"{name} failed: {why}", mend="Run `cdk deploy` again.")
    for name, function in functions.items():
        if name not in failed and _states(function) & {"Pending", "InProgress"}:
            yield Result(
                check="functions", status="warn", said=f"{name} is being updated", mend="Look again in a minute."
            )
    if not failed:
        yield Result(check="functions", status="ok", said=f"{count(len(names), 'function')}, none failed")


def _states(function: Mapping[str, Any]) -> set[str]:
    return {function.get("State", ""), function.get("LastUpdateStatus", "")}


def check_subscriptions(deployment: Deployment) -> Iterator[Result]:
    """See whether somebody gets the alerts, and the alarms of Trailbell itself."""
    for output, what in ((Output.ALERTS_TOPIC_ARN, "alerts"), (Output.HEALTH_TOPIC_ARN, "Trailbell's own alarms")):
        arn = deployment.outputs[output]
        found = list(pages(deployment.aws.client("sns"), "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn))
        waiting = [each["Endpoint"] for each in found if each["SubscriptionArn"] == PENDING]
        if waiting:
            yield Result(
                check="subscriptions",
                status="fail",
                said=f"{what}: not confirmed by {', '.join(waiting)}",
                mend="Open the link in AWS's mail to that address. After three days, subscribe it anew.",
            )
        elif not found:
            yield Result(
                check="subscriptions",
                status="fail" if output == Output.ALERTS_TOPIC_ARN else "warn",
                said=f"{what}: nobody subscribes",
                mend="Set destinations and deployment.alarm_email in the config and deploy, or subscribe to the topic.",
            )
        else:
            yield Result(
                check="subscriptions", status="ok", said=f"{what}: {count(len(found), 'subscriber')}, confirmed"
            )


def check_secrets(deployment: Deployment) -> Iterator[Result]:
    """See whether the destinations' secrets are filled. What is in them is neither shown nor kept."""
    for output in sorted(deployment.outputs):
        if output.endswith(SECRET_SUFFIX):
            arn, name = deployment.outputs[output], output.removesuffix(SECRET_SUFFIX)
            value = deployment.aws.client("secretsmanager").get_secret_value(SecretId=arn)
            filled = is_filled(value.get("SecretString", ""))
            yield Result(
                check="secrets",
                status="ok" if filled else "fail",
                said=f"{name}: filled" if filled else f"{name}: the secret is empty, nothing is sent there",
                mend="" if filled else f"Fill it: `aws secretsmanager put-secret-value --secret-id {arn} ...`.",
            )


def is_filled(text: str) -> bool:
    """Tell whether a secret holds more than what the deployment made: fields without values, and padding."""
    try:
        content = json.loads(text)
    except ValueError:
        return bool(text.strip())  # a bare webhook address
    return any(value for name, value in content.items() if name != _PADDING) if isinstance(content, dict) else False


_PADDING = "unused"
"""The field that Secrets Manager fills by chance when the deployment makes the secret."""


def check_dead_letters(deployment: Deployment) -> Iterator[Result]:
    """Count what could not be handled."""
    queues = {
        output.removesuffix("DeadLettersUrl"): (deployment.home, url)
        for output, url in deployment.outputs.items()
        if output.endswith("DeadLettersUrl")
    }
    for place in deployment.forwarded:
        urls = deployment.resources("AWS::SQS::Queue", place.region)
        queues |= {f"forwarder in {place}": (place.region, url) for url in urls}
    waiting = {name: _count_messages(deployment, *queue) for name, queue in sorted(queues.items())}
    for name, messages in waiting.items():
        if messages:
            yield Result(
                check="dead letters",
                status="fail",
                said=f"{name}: {count(messages, 'dead letter')}",
                mend="See docs/operations.md: mend the cause, then put them back.",
            )
    if not any(waiting.values()):
        yield Result(check="dead letters", status="ok", said=f"none in {count(len(waiting), 'queue')}")


def _count_messages(deployment: Deployment, region: str, url: str) -> int:
    name = "ApproximateNumberOfMessages"
    answer = deployment.aws.client("sqs", region).get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def check_alarms(deployment: Deployment) -> Iterator[Result]:
    """See whether one of the stack's alarms is on."""
    names = deployment.resources("AWS::CloudWatch::Alarm", deployment.home)
    on: list[Any] = [
        alarm
        for alarm in pages(deployment.aws.client("cloudwatch"), "describe_alarms", "MetricAlarms", StateValue="ALARM")
        if alarm["AlarmName"] in names
    ]
    for alarm in on:
        said = f"{alarm['AlarmName']} is on: {alarm.get('AlarmDescription') or alarm.get('StateReason', '')}"
        yield Result(check="alarms", status="fail", said=said, mend="See docs/operations.md.")
    if not on:
        yield Result(check="alarms", status="ok", said=f"none of {count(len(names), 'alarm')} is on")
