"""Settles each finding once, however often its event is delivered: claim, act, complete, in a DynamoDB table.

Powertools' idempotency. A claim that was not completed ends when the invocation that made it would have been stopped,
so what a crash leaves behind is done by Lambda's next attempt, a minute later.
"""

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from detector.dynamodb import DynamoDb
from trailbell.errors import StateError
from trailbell.finding import Finding

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

logger = Logger(child=True)

KEPT_SECONDS = 16 * 86_400
"""A dead letter may be redriven after 14 days, EventBridge tries for one and Lambda for a quarter of one."""
WAITS_SECONDS = (0.1, 0.3, 0.9)
"""Two deliveries at the same time are usually milliseconds apart: a short wait spares a failed invocation."""


class Claims:
    """Lets one of any number of deliveries act on a finding."""

    def __init__(self, table_name: str, dynamodb: DynamoDb, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._table_name = table_name
        self._dynamodb = dynamodb
        self._sleep = sleep

    @cached_property
    def _table(self) -> "DynamoDBPersistenceLayer":
        # Imported here: it brings boto3, which an event without findings does not need.
        from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer

        return DynamoDBPersistenceLayer(self._table_name, boto3_client=self._dynamodb.client)

    def once(self, finding: Finding, act: Callable[[], str], context: LambdaContext) -> str | None:
        """Act on a finding that nobody acted on yet, return what came of it; None where it was done before.

        What `act` raises comes through, and the next delivery may try again. Raises StateError where the table does not
        answer before anything was done, or another delivery's claim is still open.
        """
        from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
        from aws_lambda_powertools.utilities.idempotency.exceptions import (
            IdempotencyAlreadyInProgressError,
            IdempotencyInconsistentStateError,
            IdempotencyPersistenceLayerError,
        )

        done: list[str] = []

        def settle(*, claim: list[str]) -> str:  # noqa: ARG001 - Powertools makes the key of it
            done.append(act())
            return done[0]

        # lambda_context: a claim lasts as long as the invocation may, no longer. sha256: md5 is refused under FIPS.
        config = IdempotencyConfig(expires_after_seconds=KEPT_SECONDS, hash_function="sha256", lambda_context=context)
        once = idempotent_function(
            settle, data_keyword_argument="claim", persistence_store=self._table, config=config, key_prefix="finding"
        )
        # The account: one call across accounts is two events. The test flag: nobody can claim for what AWS sends.
        claim = [finding.id, finding.record.event.account_id, "test" if finding.test else "aws"]
        for wait_seconds in (*WAITS_SECONDS, None):
            try:
                once(claim=claim)
            except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
                if wait_seconds is None:
                    raise StateError(
                        f"Another delivery of {finding.id} is being worked on; it is tried again"
                    ) from error
                self._sleep(wait_seconds)
            except IdempotencyPersistenceLayerError as error:
                if not done:
                    raise StateError(f"DynamoDB table {self._table_name} did not answer: {error}") from error
                # It is done but not marked so. To fail now would only make Lambda do it again.
                logger.warning("Finding settled, but not marked as settled", finding_id=finding.id, reason=str(error))
                break
            else:
                break
        return done[0] if done else None
