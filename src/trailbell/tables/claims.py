"""Does a thing once, however often it is asked for: claim, act, complete, in a DynamoDB table.

Powertools' idempotency. A claim that was not completed ends when the invocation that made it would have been stopped,
so what a crash leaves behind is done by the next attempt.
"""

import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.contract.retention import STATE_SECONDS
from trailbell.errors import InProgressError, StateError
from trailbell.tables.dynamodb import DynamoDb

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

logger = Logger(child=True)
Done = TypeVar("Done", bound=str)

WAITS_SECONDS = (0.1, 0.3, 0.9)
"""Two attempts at the same time are usually milliseconds apart: a short wait spares a failed invocation."""


class Once(Protocol):
    """Acts on what is claimed unless that was done before; None where it was."""

    def __call__(self, claim: Sequence[str], act: Callable[[], Done], context: LambdaContext, /) -> Done | None:
        """Act once."""


class Claims:
    """Lets one of any number of attempts act."""

    def __init__(
        self, table_name: str, dynamodb: DynamoDb, *, kind: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """`kind` keeps the claims of different users of one table apart."""
        self._table_name = table_name
        self._kind = kind
        self._dynamodb = dynamodb
        self._sleep = sleep

    @cached_property
    def _table(self) -> "DynamoDBPersistenceLayer":
        # Imported here: it brings boto3, which an event without findings does not need.
        from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

        return DynamoDBPersistenceLayer(self._table_name, boto3_client=self._dynamodb.client)

    def once(self, claim: Sequence[str], act: Callable[[], Done], context: LambdaContext) -> Done | None:
        """Act on what nobody acted on yet, return what came of it; None where it was done before.

        What `act` raises comes through, and the next attempt may try again. Raises InProgressError where
        another attempt's claim is still open, StateError where the table does not answer before anything was done.
        """
        from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
        from aws_lambda_powertools.utilities.idempotency.exceptions import (
            IdempotencyAlreadyInProgressError,
            IdempotencyInconsistentStateError,
            IdempotencyPersistenceLayerError,
        )

        done: list[Done] = []

        def settle(*, claim: list[str]) -> str:  # noqa: ARG001 - Powertools makes the key of it
            done.append(act())
            return done[0]

        # lambda_context: a claim lasts as long as the invocation may, no longer. sha256: md5 is refused under FIPS.
        config = IdempotencyConfig(expires_after_seconds=STATE_SECONDS, hash_function="sha256", lambda_context=context)
        once = idempotent_function(
            settle, data_keyword_argument="claim", persistence_store=self._table, config=config, key_prefix=self._kind
        )
        for wait_seconds in (*WAITS_SECONDS, None):
            try:
                once(claim=list(claim))
            except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
                if wait_seconds is None:
                    raise InProgressError(
                        f"{self._kind} {claim[0]} is being worked on by another attempt; it is tried again"
                    ) from error
                self._sleep(wait_seconds)
            except IdempotencyPersistenceLayerError as error:
                if not done:
                    raise StateError(f"DynamoDB table {self._table_name} did not answer: {error}") from error
                # It is done but not marked so. To fail now would only make Lambda do it again.
                logger.warning("Done, but not marked as done", claim=claim[0], kind=self._kind, reason=str(error))
                break
            else:
                break
        return done[0] if done else None
