"""Stand-ins on the loopback address for a Teams workflow, PagerDuty and a webhook's receiver: as strict as they are.

Each is one judge: what it takes is kept, and everything else is refused in the words of the service.
"""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

TEAMS_PATH = "/workflows/local/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sig=local"
PAGERDUTY_PATH = "/v2/enqueue"
WEBHOOK_PATH = "/alerts"
ROUTING_KEY = "R0LOCALSTANDIN0LOCALSTANDIN0LOC0"
SIGNING_KEY = "whsec_" + base64.b64encode(b"a key of the local stand-in alone").decode()
_TEAMS_BYTES = 28 * 1024
"""https://learn.microsoft.com/en-us/connectors/teams/#known-issues-and-limitations-with-actions

A real workflow answers 202 first and fails afterwards, unseen; here it is refused.
"""
_PAGERDUTY_BYTES = 512 * 1024
_CARD = "application/vnd.microsoft.card.adaptive"
_TOLERANCE_SECONDS = 300
"""https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a service answers."""

    status: HTTPStatus
    body: str = ""


Judge = Callable[[Mapping[str, str], bytes], Reply]
"""Takes a request's headers, their names in lower case, and its body."""


def judge_teams(headers: Mapping[str, str], body: bytes) -> Reply:
    """Answer as a workflow that begins with "When a Teams webhook request is received"."""
    if len(body) > _TEAMS_BYTES:
        return Reply(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, body="RequestEntityTooLarge")
    message = _object(headers, body)
    attachments = message.get("attachments")
    cards = attachments if isinstance(attachments, list) else []
    if message.get("type") != "message" or not cards or not all(_is_card(card) for card in cards):
        return Reply(status=HTTPStatus.BAD_REQUEST, body='{"error":{"code":"TriggerInputSchemaMismatch"}}')
    return Reply(status=HTTPStatus.ACCEPTED)


def _is_card(attachment: Mapping[str, Any]) -> bool:
    content = attachment.get("content", {})
    return (
        attachment.get("contentType") == _CARD
        and content.get("type") == "AdaptiveCard"
        and bool(content.get("version"))
        and isinstance(content.get("body"), list)
    )


def judge_pagerduty(headers: Mapping[str, str], body: bytes) -> Reply:
    """Answer as the Events API v2.

    https://developer.pagerduty.com/docs/events-api-v2-overview
    https://developer.pagerduty.com/docs/send-alert-event
    """
    if len(body) > _PAGERDUTY_BYTES:
        return Reply(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    event = _object(headers, body)
    if errors := list(_errors_of_event(event)):
        told = {"status": "invalid event", "message": "Event object is invalid", "errors": errors}
        return Reply(status=HTTPStatus.BAD_REQUEST, body=json.dumps(told))
    told = {"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}
    return Reply(status=HTTPStatus.ACCEPTED, body=json.dumps(told))


def _errors_of_event(event: Mapping[str, Any]) -> Iterator[str]:
    payload = event.get("payload") or {}
    if event.get("routing_key") != ROUTING_KEY:
        yield "Invalid routing key"
    if event.get("event_action") not in {"trigger", "acknowledge", "resolve"}:
        yield "'event_action' is missing or invalid"
    if not 1 <= len(event.get("dedup_key", "")) <= 255:  # noqa: PLR2004 - the page's own number
        yield "'dedup_key' must have 1 to 255 characters"
    if not 1 <= len(payload.get("summary", "")) <= 1024:  # noqa: PLR2004 - the page's own number
        yield "'payload.summary' must have 1 to 1024 characters"
    if not payload.get("source"):
        yield "'payload.source' is missing or blank"
    if payload.get("severity") not in {"critical", "error", "warning", "info"}:
        yield "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
    if not all(link.get("href") for link in event.get("links", [])):
        yield "'links' need an href"


def judge_webhook(headers: Mapping[str, str], body: bytes) -> Reply:
    """Verify the signature as a receiver does, by the Standard Webhooks specification."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    key = base64.b64decode(SIGNING_KEY.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [each.removeprefix("v1,") for each in headers.get("webhook-signature", "").split(" ")]
    fresh = timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= _TOLERANCE_SECONDS
    if not message_id or not fresh or not any(hmac.compare_digest(each, expected) for each in given):
        return Reply(status=HTTPStatus.UNAUTHORIZED, body="the signature is not that of the message")
    return Reply(status=HTTPStatus.NO_CONTENT if _object(headers, body) else HTTPStatus.BAD_REQUEST)


def _object(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    """Return a body that is a JSON object and says so, else nothing."""
    if headers.get("content-type", "").partition(";")[0] != "application/json":
        return {}
    try:
        content = json.loads(body)
    except ValueError:
        return {}
    return content if isinstance(content, Mapping) else {}


class StandIn:
    """An HTTP server that asks a judge, as a context manager."""

    def __init__(self, path: str, judge: Judge) -> None:
        self.taken: list[Mapping[str, Any]] = []
        """The bodies that were taken."""
        self.refused: list[Reply] = []
        self.answer_next: deque[Reply] = deque()
        """What the next requests are answered with, whatever they hold."""
        self._path = path
        self._judge = judge
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.url = self.endpoint + path

    def wait_for(self, fits: Callable[[Mapping[str, Any]], bool], seconds: float) -> list[Mapping[str, Any]]:
        """Wait until something fits among what was taken, and return all that does. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: any(map(fits, self.taken)), seconds):
                raise TimeoutError(f"{self._path} took nothing such in {seconds} s; it refused {self.refused}")
            return list(filter(fits, self.taken))

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        with self._changed:
            if self.answer_next:
                reply = self.answer_next.popleft()
            else:
                reply = self._judge(headers, body) if path == self._path else Reply(status=HTTPStatus.NOT_FOUND)
            if reply.status < HTTPStatus.BAD_REQUEST:
                self.taken.append(json.loads(body))
            else:
                self.refused.append(reply)
            self._changed.notify_all()
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = stand_in._take(self.path, headers, body)
                self.send_response(reply.status)
                self.send_header("Content-Length", str(len(reply.body.encode())))
                self.end_headers()
                self.wfile.write(reply.body.encode())

            def log_message(self, *_: object) -> None:
                """Keep quiet: what was taken and refused is kept."""

        return Handler
