"""The doctor asks Slack whether it would take alerts, and posts nothing."""

import json
from collections.abc import Iterator

import pytest

from localaws.stand_ins.slack import TEST_PATH, Answer, SlackStandIn
from tests.unit.cli.fake_aws import HOME, FakeAws
from trailbell.cli.doctor.checkup import Deployment, Result
from trailbell.cli.doctor.destinations import destination_checks
from trailbell.config.model import Config
from trailbell.destinations.settings import Destinations
from trailbell.destinations.slack import SlackSettings

TOKEN = "xoxb-hunter2"


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as stand_in:
        yield stand_in


def asked(secret: str, slack: SlackSettings, *, deployed: bool = True) -> list[Result]:
    table = {("secretsmanager", HOME): {"get_secret_value": {"SecretString": secret}}}
    config = Config(destinations=Destinations.having({"slack": slack}))
    check = destination_checks()["slack"]
    outputs = {"SlackSecretArn": "arn:slack"} if deployed else {}
    return list(check(Deployment(aws=FakeAws(table), stack="Trailbell", outputs=outputs, config=config)))


def test_a_webhook_that_slack_knows_is_fine_and_no_message_is_posted(slack: SlackStandIn) -> None:
    (result,) = asked(slack.webhook_url, SlackSettings(enabled=True, endpoint=slack.endpoint))
    assert (result.status, result.said[:7]) == ("ok", "slack: ")
    assert slack.delivered == []
    assert [attempt.message for attempt in slack.attempts] == [{}]


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [
        (Answer(status=404, body="no_service"), "fail", "no_service"),
        (Answer(status=403, body="invalid_token"), "fail", "invalid_token"),
        (Answer(status=410, body="channel_is_archived"), "fail", "channel_is_archived"),
        (Answer(status=429, body=""), "warn", "429"),
        (Answer(status=503, body=""), "warn", "503"),
    ],
)
def test_a_webhook_that_slack_refuses_fails_and_one_that_cannot_be_asked_now_is_left_open(
    slack: SlackStandIn, answer: Answer, status: str, says: str
) -> None:
    slack.answer_next([answer])
    (result,) = asked(slack.webhook_url, SlackSettings(enabled=True, endpoint=slack.endpoint))
    assert result.status == status
    assert says in result.said
    assert result.mend
    assert "local-stand-in" not in str(result), "the webhook is a secret"


def test_a_bot_token_is_asked_about_for_each_channel(slack: SlackStandIn) -> None:
    secret = json.dumps({"bot_token": TOKEN, "channel": "#alerts"})
    channels = {"soc": "#soc"}
    results = asked(secret, SlackSettings(enabled=True, channels=channels, endpoint=slack.endpoint))
    assert [(result.status, result.said.split(":")[0]) for result in results] == [("ok", "slack"), ("ok", "slack/soc")]
    assert [attempt.path for attempt in slack.attempts] == [TEST_PATH, TEST_PATH]


def test_a_revoked_token_fails(slack: SlackStandIn) -> None:
    slack.answer_next([Answer(body='{"ok": false, "error": "token_revoked"}')])
    (result,) = asked(json.dumps({"bot_token": TOKEN, "channel": "#a"}), SlackSettings(endpoint=slack.endpoint))
    assert (result.status, "token_revoked" in result.said, TOKEN in str(result)) == ("fail", True, False)


def test_a_secret_that_leads_elsewhere_is_not_asked(slack: SlackStandIn) -> None:
    (result,) = asked(slack.webhook_url, SlackSettings(enabled=True))
    assert result.status == "fail"
    assert "https://hooks.slack.com/" in result.said
    assert slack.attempts == []


@pytest.mark.parametrize(("secret", "deployed"), [("https://hooks.slack.com/services/T/B/x", False), ("{}", True)])
def test_where_slack_is_not_deployed_or_its_secret_empty_nothing_is_asked(secret: str, *, deployed: bool) -> None:
    assert asked(secret, SlackSettings(), deployed=deployed) == []
