"""A stand-in for Slack on the loopback address: takes messages, or fails as Slack does when told to."""

import contextlib
import itertools
import json
import random
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

WEBHOOK_PATH = "/services/T0LOCAL/B0LOCAL/local-stand-in"
POST_PATH = "/api/chat.postMessage"
UPDATE_PATH = "/api/chat.update"
TEST_PATH = "/api/auth.test"
CHANNEL_IDS = "C0LOCAL"
"""What the ids of channels begin with: the API takes names when it posts, and answers with ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the stand-in answers one request."""

    status: int = 200
    body: str = "ok"
    retry_after_seconds: int | None = None
    hang_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """How often Slack fails, and how: shares of all requests."""

    busy: float = 0
    """429, with a Retry-After of one second."""
    broken: float = 0
    """500."""
    hanging: float = 0
    """Takes the request and nothing comes back until long after its sender gave up; the message is not taken."""
    hang_seconds: float = 12

    def answers(self, seed: int) -> Iterator[Answer]:
        """Yield answers without end, the same ones for the same seed."""
        kinds = [
            Answer(status=429, body="", retry_after_seconds=1),
            Answer(status=500, body=""),
            Answer(status=504, body="", hang_seconds=self.hang_seconds),
            Answer(),
        ]
        shares = [self.busy, self.broken, self.hanging, 1 - self.busy - self.broken - self.hanging]
        chance = random.Random(seed)  # noqa: S311 - weather that can be repeated
        while True:
            yield chance.choices(kinds, shares)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request, and how it was answered."""

    path: str
    message: dict[str, Any]
    status: int
    answer: str
    time: float
    """`time.monotonic` at its end."""


class SlackStandIn:
    """An HTTP server, as a context manager."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self._answers: deque[Answer] = deque()
        self._weather: Iterator[Answer] = itertools.repeat(Answer())
        self._posted = itertools.count(1)
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.webhook_url = self.endpoint + WEBHOOK_PATH

    def answer_next(self, answers: Iterable[Answer]) -> None:
        """Answer the next requests so, one each; those after them are taken."""
        self._answers.extend(answers)

    def answer_always(self, answers: Iterator[Answer]) -> None:
        """Answer every request from here on with what an endless iterator yields."""
        self._weather = answers

    @property
    def delivered(self) -> list[Attempt]:
        """The messages that were taken."""
        return [attempt for attempt in self.attempts if attempt.status == 200]  # noqa: PLR2004 - HTTP's OK

    def wait_for(self, count: int, seconds: float) -> list[Attempt]:
        """Wait until so many messages were taken, and return them. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.delivered) >= count, seconds):
                seen = [attempt.status for attempt in self.attempts]
                raise TimeoutError(
                    f"Slack got {len(self.delivered)} of {count} messages in {seconds} s; answered {seen}"
                )
            return self.delivered

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, path: str, message: dict[str, Any]) -> Answer:
        with self._changed:
            answer = self._answers.popleft() if self._answers else next(self._weather)
        if path not in {WEBHOOK_PATH, POST_PATH, UPDATE_PATH, TEST_PATH}:
            answer = Answer(status=404, body="no_service")
        if path == WEBHOOK_PATH and not message and answer == Answer():
            answer = Answer(status=400, body="no_text")
        if path in {POST_PATH, UPDATE_PATH, TEST_PATH} and answer == Answer():
            answer = Answer(body=json.dumps(self._told(path, message)))
        time.sleep(answer.hang_seconds)
        with self._changed:
            attempt = Attempt(
                path=path, message=message, status=answer.status, answer=answer.body, time=time.monotonic()
            )
            self.attempts.append(attempt)
            self._changed.notify_all()
        return answer

    def _told(self, path: str, message: dict[str, Any]) -> dict[str, Any]:
        """Return the API's answer to a call that it takes."""
        if path == TEST_PATH:
            return {"ok": True, "user": "trailbell"}
        if path == POST_PATH:
            channel = CHANNEL_IDS + message["channel"].strip("#").upper()
            return {"ok": True, "channel": channel, "ts": f"1700000000.{next(self._posted):06}"}
        if not message["channel"].startswith(CHANNEL_IDS):
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "channel": message["channel"], "ts": message["ts"]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = stand_in._take(self.path, json.loads(body))
                self.send_response(answer.status)
                if answer.retry_after_seconds is not None:
                    self.send_header("Retry-After", str(answer.retry_after_seconds))
                self.send_header("Content-Length", str(len(answer.body.encode())))
                # Who asked may have given up by now.
                with contextlib.suppress(ConnectionError):
                    self.end_headers()
                    self.wfile.write(answer.body.encode())

            def log_message(self, *_: object) -> None:
                """Keep quiet: the attempts are recorded."""

        return Handler
