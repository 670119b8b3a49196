"""With a bot token, what follows an alert stands in its thread, and the first message tells the count."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from localaws.stand_ins.slack import POST_PATH, UPDATE_PATH, WEBHOOK_PATH, Answer, SlackStandIn
from tests.unit.alerts import run_instances_alert
from tests.unit.notifier.memory_threads import MemoryThreads
from trailbell.alert import Alert, FollowUp
from trailbell.destinations.slack.sender import FIRST_MAY_COME, Slack
from trailbell.destinations.slack.target import SlackPlaces
from trailbell.destinations.transport.outcome import DELIVERED, Outcome
from trailbell.errors import StateError
from trailbell.formats.digest import make_digest
from trailbell.formats.slack import message
from trailbell.tables.threads import Posted

FIRST = run_instances_alert()
FOLLOW_UP = replace(
    FIRST,
    id=f"{FIRST.id}/follow-up",
    alerted_at=FIRST.alerted_at + timedelta(minutes=15),
    follow_up=FollowUp(of=FIRST.id, repeats=37),
)
TOKEN = '{"bot_token": "xoxb-1", "channel": "#alerts"}'


class Bench:
    """A Slack destination in front of a stand-in, with a clock that stands at the follow-up's time."""

    def __init__(self, stand_in: SlackStandIn) -> None:
        self.stand_in = stand_in
        self.secret = TOKEN
        self.threads = MemoryThreads()
        self.now: datetime = FOLLOW_UP.alerted_at
        self.slack = Slack(
            read_secret=lambda: self.secret,
            places=SlackPlaces(channels={"soc": "#soc"}, endpoint=stand_in.endpoint),
            threads=self.threads,
            clock=lambda: self.now,
        )

    def send(self, alert: Alert, label: str = "") -> Outcome:
        return self.slack.send(alert, label)

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        return [(attempt.path, attempt.message) for attempt in self.stand_in.attempts]


@pytest.fixture
def bench() -> Iterator[Bench]:
    with SlackStandIn() as stand_in:
        yield Bench(stand_in)


def test_a_follow_up_changes_the_first_message_and_stands_in_its_thread(bench: Bench) -> None:
    assert [bench.send(alert) for alert in (FIRST, FOLLOW_UP)] == [DELIVERED, DELIVERED]
    (_, first), (update_path, changed), (reply_path, reply) = bench.calls
    # Slack's own id of the channel: chat.update takes no names.
    place = {"channel": "C0LOCALALERTS", "ts": "1700000000.000001"}
    assert (update_path, reply_path) == (UPDATE_PATH, POST_PATH)
    assert changed.items() >= place.items()
    assert changed["blocks"][:-1] == first["blocks"]
    assert "Seen 37 more times" in json.dumps(changed["blocks"][-1])
    assert "Seen 37 more times" in changed["text"]
    assert changed["attachments"] == first["attachments"]
    assert (reply["channel"], reply["thread_ts"]) == (place["channel"], place["ts"])
    assert "thread_ts" not in first


def test_each_channel_has_a_thread_of_its_own(bench: Bench) -> None:
    for alert in (FIRST, FOLLOW_UP):
        for label in ("", "soc"):
            assert bench.send(alert, label) == DELIVERED
    threads = [(call["channel"], call["thread_ts"]) for _, call in bench.calls if "thread_ts" in call]
    assert threads == [("C0LOCALALERTS", "1700000000.000001"), ("C0LOCALSOC", "1700000000.000002")]


def test_a_follow_up_waits_for_its_first_alert_and_then_stands_in_its_thread(bench: Bench) -> None:
    early = bench.send(FOLLOW_UP)
    assert (early.kind, early.retry_after_seconds) == ("try-later", 15)
    assert bench.calls == []
    assert bench.send(FIRST) == bench.send(FOLLOW_UP) == DELIVERED
    assert bench.calls[-1][1]["thread_ts"] == "1700000000.000001"


def test_a_follow_up_whose_first_alert_never_comes_is_a_message_of_its_own(bench: Bench) -> None:
    bench.now = FOLLOW_UP.alerted_at + FIRST_MAY_COME
    assert bench.send(FOLLOW_UP) == DELIVERED
    assert bench.calls == [(POST_PATH, {"channel": "#alerts", **message(FOLLOW_UP)})]


def test_a_webhook_knows_no_threads(bench: Bench) -> None:
    bench.secret = json.dumps({"webhook_url": bench.stand_in.webhook_url})
    assert bench.send(FIRST) == bench.send(FOLLOW_UP) == DELIVERED
    assert bench.calls == [(WEBHOOK_PATH, message(FIRST)), (WEBHOOK_PATH, message(FOLLOW_UP))]
    assert bench.threads.kept == {}


def test_what_follows_a_folded_alert_stands_in_the_digests_thread_and_the_digest_stays(bench: Bench) -> None:
    others = [replace(FIRST, id=f"{number}/rule") for number in range(3)]
    digest = make_digest(destination="slack", since=FIRST.alerted_at, until=FIRST.alerted_at, alerts=[*others, FIRST])
    assert bench.slack.send_digest(digest, "") == DELIVERED
    assert bench.send(FOLLOW_UP) == DELIVERED
    assert [path for path, _ in bench.calls] == [POST_PATH, POST_PATH]
    assert bench.calls[1][1]["thread_ts"] == "1700000000.000001"


def test_a_test_alert_with_the_id_of_a_real_one_does_not_take_its_thread(bench: Bench) -> None:
    assert bench.send(replace(FIRST, test=True)) == DELIVERED
    assert bench.send(FOLLOW_UP).kind == "try-later"


def refusal(error: str) -> Answer:
    return Answer(body=json.dumps({"ok": False, "error": error}))


@pytest.mark.parametrize(
    ("answers", "outcome", "paths"),
    [
        pytest.param([refusal("message_not_found")], DELIVERED, [UPDATE_PATH, POST_PATH], id="first not to be changed"),
        pytest.param(
            [refusal("cant_update_message"), refusal("channel_not_found")],
            DELIVERED,
            [UPDATE_PATH, POST_PATH, POST_PATH],
            id="thread gone",
        ),
        pytest.param(
            [Answer(status=429, body="", retry_after_seconds=9)],
            Outcome(kind="try-later", reason="HTTP 429", retry_after_seconds=9),
            [UPDATE_PATH],
            id="busy at the change",
        ),
        pytest.param(
            [Answer(body='{"ok": true}'), Answer(status=500, body="")],
            Outcome(kind="try-later", reason="HTTP 500"),
            [UPDATE_PATH, POST_PATH],
            id="broken at the reply",
        ),
        pytest.param(
            [refusal("token_revoked")] * 3,
            Outcome(kind="refused", reason="token_revoked"),
            [UPDATE_PATH, POST_PATH, POST_PATH],
            id="token revoked",
        ),
    ],
)
def test_a_follow_up_is_said_somewhere_or_comes_back(
    bench: Bench, answers: Sequence[Answer], outcome: Outcome, paths: list[str]
) -> None:
    assert bench.send(FIRST) == DELIVERED
    bench.stand_in.answer_next(answers)
    assert bench.send(FOLLOW_UP) == outcome
    assert [path for path, _ in bench.calls[1:]] == paths


def test_a_message_that_could_not_be_remembered_is_not_posted_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(destination: str, keys: Sequence[str], posted: Posted) -> None:
        raise StateError(f"no table: {destination} {keys} {posted}")

    monkeypatch.setattr(bench.threads, "keep", fail)
    assert bench.send(FIRST) == DELIVERED
