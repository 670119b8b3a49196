"""The DynamoDB client that all tables of a function share."""

from typing import TYPE_CHECKING, Protocol

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

    @property
    def client(self) -> "DynamoDBClient":
        """Return the client."""
        if self._client is None:
            import boto3
            from botocore.config import Config

            # DynamoDB answers within milliseconds. One that does not is waited for rather than asked again: the second
            # request for a claim would find the first one's, and take it for somebody else's.
            config = Config(connect_timeout=1, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
            self._client = boto3.client("dynamodb", config=config)
        return self._client
