"""A stand-in for Slack on the loopback address: takes messages, or fails as Slack does when told to."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

WEBHOOK_PATH = "/services/T0LOCAL/B0LOCAL/local-stand-in"
API_PATH = "/api/chat.postMessage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How the stand-in answers one request."""

    status: int = 200
    body: str = "ok"
    retry_after_seconds: int | None = None
    hang_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request, and how it was answered."""

    path: str
    message: dict[str, Any]
    status: int
    time: float
    """`time.monotonic` at its end."""


class SlackStandIn:
    """An HTTP server, as a context manager."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self._answers: deque[Answer] = deque()
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self.webhook_url = self.endpoint + WEBHOOK_PATH

    def answer_next(self, answers: Iterable[Answer]) -> None:
        """Answer the next requests so, one each; those after them are taken."""
        self._answers.extend(answers)

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
        answer = self._answers.popleft() if self._answers else Answer()
        if path not in {WEBHOOK_PATH, API_PATH}:
            answer = Answer(status=404, body="no_service")
        time.sleep(answer.hang_seconds)
        with self._changed:
            self.attempts.append(Attempt(path=path, message=message, status=answer.status, time=time.monotonic()))
            self._changed.notify_all()
        return answer

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = stand_in._take(self.path, json.loads(body))
                text = answer.body
                if self.path == API_PATH and text == "ok":
                    text = json.dumps({"ok": True, "ts": f"{time.time():.6f}"})
                self.send_response(answer.status)
                if answer.retry_after_seconds is not None:
                    self.send_header("Retry-After", str(answer.retry_after_seconds))
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                """Keep quiet: the attempts are recorded."""

        return Handler
