"""The queues that the detector and the window closer send to: their dead letters, and notifiers' own."""

from functools import cached_property
from typing import TYPE_CHECKING

from trailbell.errors import DeliveryError
from trailbell.runtime.clients import connect

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsQueues:
    """SQS. Its client is made for the first message, so that an invocation that sends none pays for none."""

    @cached_property
    def _client(self) -> "SQSClient":
        client: SQSClient = connect("sqs")
        return client

    def send(self, url: str, body: str) -> None:
        """Put a message on a queue. Raises DeliveryError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._client.send_message(QueueUrl=url, MessageBody=body)
        except (BotoCoreError, ClientError) as error:
            raise DeliveryError(f"SQS queue {url} did not take a message: {error}") from error
