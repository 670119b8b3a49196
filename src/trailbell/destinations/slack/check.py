"""Whether Slack would take alerts. It is asked without a message being posted."""

from collections.abc import Iterator

from trailbell.destinations.interface import Checked
from trailbell.destinations.slack import SlackSettings
from trailbell.destinations.slack.api import POST_METHOD, SlackTarget, read_reply
from trailbell.destinations.slack.target import SlackPlaces, parse_secret
from trailbell.destinations.transport import web
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.errors import DeliveryError

NO_MESSAGE = b"{}"
"""A webhook that Slack knows refuses it with HTTP 400 (`no_text`), one that it does not know with 403, 404 or 410.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
"""
TAKEN_AS_NO_MESSAGE = 400
TEST_METHOD = "auth.test"
"""Tells whose a token is. https://docs.slack.dev/reference/methods/auth.test"""


def check_slack(secret: str, settings: SlackSettings) -> Iterator[Checked]:
    """Ask Slack whether it knows what the secret holds, for each channel."""
    places = SlackPlaces(channel=settings.channel, channels=settings.channels, endpoint=settings.endpoint)
    for label in ("", *sorted(settings.channels)):
        name = f"slack/{label}" if label else "slack"
        try:
            outcome = _ask(parse_secret(secret, places, label))
        except DeliveryError as error:
            yield Checked(status="fail", said=f"{name}: {error}", mend="Then run `trailbell doctor` again.")
        else:
            yield _judge(name, outcome)


def _ask(target: SlackTarget) -> Outcome:
    """Ask about a webhook or a token."""
    if target.token is None:
        answer = web.post(target.url, NO_MESSAGE, {})
        return DELIVERED if answer.status == TAKEN_AS_NO_MESSAGE else web.judge(answer)
    url = target.url.removesuffix(POST_METHOD) + TEST_METHOD
    answer = web.post(url, NO_MESSAGE, {"Authorization": f"Bearer {target.token}"})
    return read_reply(answer.text).outcome if answer.ok else web.judge(answer)


def _judge(name: str, outcome: Outcome) -> Checked:
    if outcome.kind == "delivered":
        return Checked(status="ok", said=f"{name}: Slack knows it; `trailbell send-test` shows a message there")
    if outcome.kind == "try-later":
        said = f"{name}: Slack did not answer from here: {outcome.reason}"
        return Checked(status="warn", said=said, mend="Look again; alerts wait, and are tried for hours.")
    return Checked(
        status="fail",
        said=f"{name}: Slack refuses it: {outcome.reason}",
        mend="Make a new webhook, or give the bot its token and its channel anew, and fill the secret.",
    )
