"""Answers a detector as AppConfig, DynamoDB and SNS do, at once: what is measured is the detector."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Self

PUBLISHED = (
    b'<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>'
    b"</PublishResult></PublishResponse>"
)
OPENED = {"Attributes": {"ends_at": {"N": "9999999999999"}, "earlier_repeats": {"N": "0"}, "opened_by": {"S": "me"}}}


class AwsStandIn:
    """A server on a free port."""

    def __init__(self, config: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65_536
            """An answer in one piece: in two, the second waits for the first to be acknowledged."""

            def do_GET(self) -> None:
                headers = {"Next-Poll-Configuration-Token": "t", "Next-Poll-Interval-In-Seconds": "60"}
                self._answer(200, config, "application/json", **headers)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "")
                if self.path == "/configurationsessions":
                    self._answer(201, b'{"InitialConfigurationToken":"t"}', "application/json")
                elif target.startswith("DynamoDB"):
                    # Nothing is open yet: what counts a repeat is refused, what opens a window is not.
                    if b"repeats + :one" in body:
                        error = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}
                        self._answer(400, json.dumps(error).encode(), "application/x-amz-json-1.0")
                    else:
                        answer = OPENED if target.endswith("UpdateItem") else {}
                        self._answer(200, json.dumps(answer).encode(), "application/x-amz-json-1.0")
                else:
                    self._answer(200, PUBLISHED, "text/xml")

            def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
