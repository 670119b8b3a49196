import pytest

from localaws.ministack import free_port
from localaws.stand_ins.slack import Answer, SlackStandIn
from trailbell.destinations.slack.api import SlackTarget, post, read_reply
from trailbell.destinations.transport.outcome import Outcome
from trailbell.destinations.transport.web import post as post_anywhere


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (Answer(), Outcome(kind="delivered")),
        (Answer(status=429, body="", retry_after_seconds=7),
         Outcome(kind="try-later", reason="HTTP 429", retry_after_seconds=7)),
        (Answer(status=500, body="oops"), Outcome(kind="try-later", reason="HTTP 500 oops")),
        (Answer(status=503, body=""), Outcome(kind="try-later", reason="HTTP 503")),
        (Answer(status=404, body="no_service"), Outcome(kind="refused", reason="HTTP 404 no_service")),
        (Answer(status=400, body="invalid_payload"), Outcome(kind="refused", reason="HTTP 400 invalid_payload")),
        (Answer(status=302, body=""), Outcome(kind="refused", reason="HTTP 302")),
    ],
)  # fmt: skip
def test_what_slack_answers_tells_whether_to_come_back(answer: Answer, outcome: Outcome) -> None:
    with SlackStandIn() as slack:
        slack.answer_next([answer])
        assert post(SlackTarget(url=slack.webhook_url), {"text": "hello"}).outcome == outcome
        assert [attempt.message for attempt in slack.attempts] == [{"text": "hello"}]


def test_a_bot_token_posts_with_its_channel() -> None:
    with SlackStandIn() as slack:
        target = SlackTarget(url=f"{slack.endpoint}/api/chat.postMessage", token="xoxb-1", channel="#alerts")
        assert post(target, {"text": "hello"}).outcome.kind == "delivered"
        assert slack.delivered[0].message == {"text": "hello", "channel": "#alerts"}


def test_slack_out_of_reach_is_tried_later() -> None:
    outcome = post(SlackTarget(url=f"http://127.0.0.1:{free_port()}/services/x"), {"text": "hello"}).outcome
    assert outcome.kind == "try-later"


def test_a_server_that_is_not_there_is_told_without_its_address() -> None:
    answer = post_anywhere(f"http://127.0.0.1:{free_port()}/secret-path", b"{}", {})
    assert answer.status == 0
    assert "secret-path" not in answer.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"ok": true, "ts": "1.2"}', "delivered"),
        ('{"ok": false, "error": "channel_not_found"}', "refused"),
        ('{"ok": false, "error": "invalid_auth"}', "refused"),
        ('{"ok": false, "error": "ratelimited"}', "try-later"),
        ('{"ok": false, "error": "internal_error"}', "try-later"),
        ('{"ok": "true"}', "refused"),
        ("[]", "refused"),
        ("<html>", "try-later"),
    ],
)
def test_slacks_api_says_200_to_errors_too(text: str, kind: str) -> None:
    assert read_reply(text).outcome.kind == kind
