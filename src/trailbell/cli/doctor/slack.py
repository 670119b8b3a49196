"""Whether Slack would take alerts. It is asked without a message being posted."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trailbell.cli.doctor.checkup import Deployment, Result
from trailbell.cli.doctor.delivery import is_filled
from trailbell.contract.names import SECRET_SUFFIX
from trailbell.errors import DeliveryError

if TYPE_CHECKING:
    from trailbell.destinations.slack.api import SlackTarget
    from trailbell.destinations.transport.outcome import Outcome

NO_MESSAGE = b"{}"
"""A webhook that Slack knows refuses it with HTTP 400 (`no_text`), one that it does not know with 403, 404 or 410.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
"""
TAKEN_AS_NO_MESSAGE = 400
TEST_METHOD = "auth.test"
"""Tells whose a token is. https://docs.slack.dev/reference/methods/auth.test"""


def check_slack(deployment: Deployment) -> Iterator[Result]:
    """See whether Slack knows what the secret holds, for each channel. The check of secrets tells an empty one."""
    # Here, because they bring boto3 and Powertools.
    from trailbell.destinations.slack import SlackPlaces, parse_secret

    arn = deployment.outputs.get(f"Slack{SECRET_SUFFIX}")
    if arn is None:
        return
    text = deployment.aws.client("secretsmanager").get_secret_value(SecretId=arn).get("SecretString", "")
    if not is_filled(text):
        return
    slack = deployment.config.destinations.slack
    places = SlackPlaces(channel=slack.channel, channels=slack.channels, endpoint=slack.endpoint)
    for label in ("", *sorted(slack.channels)):
        name = f"slack/{label}" if label else "slack"
        try:
            outcome = _ask(parse_secret(text, places, label))
        except DeliveryError as error:
            yield Result(
                check="slack", status="fail", said=f"{name}: {error}", mend="Then run `trailbell doctor` again."
            )
        else:
            yield _judge(name, outcome)


def _ask(target: "SlackTarget") -> "Outcome":
    """Ask about a webhook or a token."""
    from trailbell.destinations.slack.api import POST_METHOD, read_reply
    from trailbell.destinations.transport import web
    from trailbell.destinations.transport.outcome import DELIVERED

    if target.token is None:
        answer = web.post(target.url, NO_MESSAGE, {})
        return DELIVERED if answer.status == TAKEN_AS_NO_MESSAGE else web.judge(answer)
    url = target.url.removesuffix(POST_METHOD) + TEST_METHOD
    answer = web.post(url, NO_MESSAGE, {"Authorization": f"Bearer {target.token}"})
    return read_reply(answer.text).outcome if answer.ok else web.judge(answer)


def _judge(name: str, outcome: "Outcome") -> Result:
    if outcome.kind == "delivered":
        return Result(
            check="slack", status="ok", said=f"{name}: Slack knows it; `trailbell send-test` shows a message there"
        )
    if outcome.kind == "try-later":
        said = f"{name}: Slack did not answer from here: {outcome.reason}"
        return Result(check="slack", status="warn", said=said, mend="Look again; alerts wait, and are tried for hours.")
    return Result(
        check="slack",
        status="fail",
        said=f"{name}: Slack refuses it: {outcome.reason}",
        mend="Make a new webhook, or give the bot its token and its channel anew, and fill the secret.",
    )
