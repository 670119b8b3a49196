"""A Lambda sandbox: AWS's own loop (`awslambdaric`) in a process, against stand-ins for the Runtime API and AppConfig.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Semaphore, Thread
from types import TracebackType
from typing import Any

TIMEOUT_SECONDS = 60


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of the connection that ends with the process."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Sandbox(AbstractContextManager["Sandbox"]):
    """Runs one handler, and hands it one event as often as it is told to."""

    def __init__(
        self, handler: str, folder: Path, event: bytes, config: bytes, environment: Mapping[str, str], log: Path
    ) -> None:
        """Take `module.function` in the folder, and where its output goes; `config` is AppConfig's answer."""
        self._event = event
        self._config = config
        self._due = Semaphore(0)
        self._done = Semaphore(0)
        self.errors: list[str] = []
        self._server = _Server(("127.0.0.1", 0), self._answers())
        address = f"127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()
        with log.open("w", encoding="utf-8") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "awslambdaric", handler],
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    **environment,
                    "PYTHONPATH": str(folder),
                    "LAMBDA_TASK_ROOT": str(folder),
                    "AWS_LAMBDA_RUNTIME_API": address,
                    "AWS_ENDPOINT_URL": f"http://{address}",
                },
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None, /
    ) -> None:
        """Stop the process."""
        self._process.kill()
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()

    def microseconds_each(self, turns: int) -> float:
        """Let the loop turn so many times. Raises RuntimeError where a turn fails or none comes."""
        begin = time.perf_counter()
        self._due.release(turns)
        for _ in range(turns):
            if not self._done.acquire(timeout=TIMEOUT_SECONDS) or self.errors:
                raise RuntimeError(f"the function failed or stopped: {self.errors[:1]}")
        return (time.perf_counter() - begin) * 1e6 / turns

    def _answers(self) -> type[BaseHTTPRequestHandler]:
        sandbox = self

        class Answers(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
                """Say nothing."""

            def do_GET(self) -> None:
                """Answer `next` and GetLatestConfiguration."""
                if self.path.startswith("/configuration"):
                    headers = {"Next-Poll-Configuration-Token": "next", "Next-Poll-Interval-In-Seconds": "60"}
                    self._answer(200, sandbox._config, headers)
                    return
                sandbox._due.acquire()
                self._answer(
                    200,
                    sandbox._event,
                    {
                        "Lambda-Runtime-Aws-Request-Id": "6bc28136-xmpl-4365-b021-0ce6b2e64ab0",
                        "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 30) * 1000)),
                        "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:111122223333:function:f",
                    },
                )

            def do_POST(self) -> None:
                """Take a response or an error, or start a configuration session."""
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path == "/configurationsessions":
                    self._answer(201, b'{"InitialConfigurationToken": "first"}', {})
                    return
                if self.path.endswith("/error"):
                    sandbox.errors.append(body.decode())
                self._answer(202, b"", {})
                sandbox._done.release()

            def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                told = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
                lines = [f"HTTP/1.1 {status} OK", *(f"{name}: {value}" for name, value in told.items()), "", ""]
                self.wfile.write("\r\n".join(lines).encode() + body)

        return Answers
