"""An AWS whose clients answer from a table: (service, region) -> operation -> answer, error or function."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from trailbell.cli.shared.aws import Aws

Answer = Any | ClientError | Callable[..., Any]
HOME = "us-east-2"


def refused(code: str, operation: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


class FakeClient:
    """Answers the operations of the table, and no others."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        answer = self._answers[operation]

        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            if isinstance(answer, Exception):
                raise answer
            return answer(**arguments) if callable(answer) else answer

        return call

    def get_paginator(self, operation: str) -> "FakePaginator":
        return FakePaginator(getattr(self, operation))


class FakePaginator:
    """One page."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **arguments: Any) -> list[Any]:
        return [self._call(**arguments)]


class FakeAws(Aws):
    """Access to that AWS."""

    def __init__(self, table: Mapping[tuple[str, str], Mapping[str, Answer]]) -> None:
        super().__init__(region=HOME)
        self._clients = {key: FakeClient(answers) for key, answers in table.items()}

    @property
    def region(self) -> str:
        return HOME

    def client(self, service: str, region: str | None = None) -> Any:
        return self._clients[service, region or HOME]
