"""The stand-ins take what the notifiers send and refuse what the real services would."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest

from localaws.stand_ins.receivers import (
    PAGERDUTY_PATH,
    ROUTING_KEY,
    SIGNING_KEY,
    Reply,
    StandIn,
    judge_pagerduty,
    judge_teams,
    judge_webhook,
)
from tests.alerts import RUN_INSTANCES
from trailbell.destinations.transport import web
from trailbell.destinations.transport.signature import read_key, signed_headers
from trailbell.formats.adaptive_card import message
from trailbell.formats.pagerduty import event

JSON = {"content-type": "application/json; charset=utf-8"}
EVENT: Mapping[str, Any] = event(RUN_INSTANCES, ROUTING_KEY)
CARD: Mapping[str, Any] = message(RUN_INSTANCES)
NOW = 1_795_000_000


def body(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content).encode()


def test_pagerduty_takes_an_event_and_tells_its_key() -> None:
    reply = judge_pagerduty(JSON, body(EVENT))
    assert reply.status == HTTPStatus.ACCEPTED
    assert json.loads(reply.body) == {
        "status": "success",
        "message": "Event processed",
        "dedup_key": RUN_INSTANCES.id,
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"routing_key": "0" * 32}, "routing key"),
        ({"event_action": "fire"}, "event_action"),
        ({"dedup_key": "x" * 256}, "dedup_key"),
        ({"payload": {**EVENT["payload"], "summary": "x" * 1025}}, "summary"),
        ({"payload": {**EVENT["payload"], "source": ""}}, "source"),
        ({"payload": {**EVENT["payload"], "severity": "high"}}, "severity"),
        ({"links": [{"text": "page"}]}, "href"),
    ],
)
def test_pagerduty_refuses_what_is_no_event(changes: Mapping[str, Any], said: str) -> None:
    reply = judge_pagerduty(JSON, body({**EVENT, **changes}))
    assert reply.status == HTTPStatus.BAD_REQUEST
    (error,) = json.loads(reply.body)["errors"]
    assert said in error


def test_pagerduty_refuses_what_is_too_large_or_no_json() -> None:
    large = {**EVENT, "client": "x" * 512 * 1024}
    assert judge_pagerduty(JSON, body(large)).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert judge_pagerduty(JSON, b"{").status == HTTPStatus.BAD_REQUEST
    assert judge_pagerduty({}, body(EVENT)).status == HTTPStatus.BAD_REQUEST


def test_teams_takes_a_message_with_a_card() -> None:
    assert judge_teams(JSON, body(CARD)).status == HTTPStatus.ACCEPTED


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "card"},
        {"attachments": []},
        {"attachments": [{**CARD["attachments"][0], "contentType": "text/html"}]},
        {"attachments": [{**CARD["attachments"][0], "content": {"type": "AdaptiveCard", "version": "1.4"}}]},
    ],
)
def test_teams_refuses_what_is_no_card(changes: Mapping[str, Any]) -> None:
    assert judge_teams(JSON, body({**CARD, **changes})).status == HTTPStatus.BAD_REQUEST


def test_teams_refuses_what_is_over_28_kb() -> None:
    large = {**CARD, "summary": "x" * 28 * 1024}
    assert judge_teams(JSON, body(large)).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def signed(monkeypatch: pytest.MonkeyPatch, content: bytes, *, seconds_ago: int = 0) -> Mapping[str, str]:
    """Return the headers that the notifier signs a body with."""
    monkeypatch.setattr("localaws.stand_ins.receivers.time.time", lambda: NOW)
    key = read_key(SIGNING_KEY)
    return {**JSON, **signed_headers(key, message_id="m", timestamp_seconds=NOW - seconds_ago, body=content)}


def test_the_webhook_takes_what_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    content = body({"id": "a"})
    assert judge_webhook(signed(monkeypatch, content), content).status == HTTPStatus.NO_CONTENT


def test_the_webhook_refuses_what_is_changed_old_or_unsigned(monkeypatch: pytest.MonkeyPatch) -> None:
    content = body({"id": "a"})
    headers = signed(monkeypatch, content)
    for wrong in (
        judge_webhook(headers, body({"id": "b"})),
        judge_webhook({**headers, "webhook-id": "other"}, content),
        judge_webhook({**headers, "webhook-signature": "v1,AAAA"}, content),
        judge_webhook(signed(monkeypatch, content, seconds_ago=301), content),
        judge_webhook(JSON, content),
    ):
        assert wrong.status == HTTPStatus.UNAUTHORIZED


def test_a_stand_in_keeps_what_it_takes_and_what_it_refuses() -> None:
    with StandIn(PAGERDUTY_PATH, judge_pagerduty) as stand_in:
        assert web.post(stand_in.url, body(EVENT), {}).status == HTTPStatus.ACCEPTED
        assert web.post(stand_in.url, b"{}", {}).status == HTTPStatus.BAD_REQUEST
        assert web.post(stand_in.endpoint + "/v1/enqueue", body(EVENT), {}).status == HTTPStatus.NOT_FOUND
        assert stand_in.wait_for(lambda taken: taken["client"] == "Trailbell", 1) == [EVENT]
        assert [reply.status for reply in stand_in.refused] == [HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND]
        stand_in.answer_next.append(Reply(status=HTTPStatus.TOO_MANY_REQUESTS))
        assert web.post(stand_in.url, body(EVENT), {}).status == HTTPStatus.TOO_MANY_REQUESTS
        assert len(stand_in.taken) == 1
        with pytest.raises(TimeoutError, match="took nothing such"):
            stand_in.wait_for(lambda _: False, 0.01)
