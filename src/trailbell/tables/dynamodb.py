"""The DynamoDB client that all tables of a function share."""

from typing import TYPE_CHECKING, Protocol

from trailbell.runtime.clients import connect

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class HasClient(Protocol):
    """What gives a DynamoDB client: the function's own, or a person's."""

    @property
    def client(self) -> "DynamoDBClient":
        """Return the client."""


class DynamoDb:
    """Makes the client when it is first needed, so an invocation that needs no table costs none."""

    def __init__(self) -> None:
        self._client: DynamoDBClient | None = None

    def connect(self) -> None:
        """Make the client; nothing is asked yet."""
        self.client  # noqa: B018 - it is kept

    @property
    def client(self) -> "DynamoDBClient":
        """Return the client."""
        if self._client is None:
            self._client = connect("dynamodb")
        return self._client
