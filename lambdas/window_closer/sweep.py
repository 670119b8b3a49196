"""A sweep: acts on what is due, the oldest first, each thing by itself."""

from collections.abc import Callable, Sequence
from typing import Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.contract.tables import SWEEP_SECONDS
from trailbell.tables.due import Found, Leased

logger = Logger(child=True)

LIMIT = 1_000
"""More than a sweep has time for."""
MAX_TRIES = 60
"""An hour of trying."""
LONGEST_SECONDS = 12
"""A try that waits for DynamoDB and SNS; one that takes longer is cut off, and its lease ends."""


class Items(Protocol):
    """What is due, and who has it."""

    def look(self, now_ms: int, *, limit: int) -> Sequence[Found]:
        """Return what is due, the oldest first."""

    def lease(self, found: Found, *, until_ms: int) -> Leased | None:
        """Take an item until then; None where another has it, or it is done."""

    def done(self, leased: Leased) -> None:
        """Let an item be due no more."""


class Sweep:
    """Leases what is due, acts on it, and has it come again where that failed."""

    def __init__(
        self,
        *,
        items: Items,
        act: Callable[[Leased, LambdaContext], None],
        bury: Callable[[str], None],
        now_ms: Callable[[], int],
        metrics: Metrics,
    ) -> None:
        """`bury` keeps the body of what was tried too often."""
        self._items = items
        self._act = act
        self._bury = bury
        self._now_ms = now_ms
        self._metrics = metrics

    def run(self, context: LambdaContext) -> None:
        """Act on what is due, as far as time allows. Raises StateError where the index does not answer."""
        now_ms = self._now_ms()
        found = self._items.look(now_ms, limit=LIMIT)
        overdue_seconds = (now_ms - found[0].at_ms) / 1000 if found else 0.0
        # Each time: the alarm takes a minute without it for a sweep that did not run.
        self._metrics.add_metric("OverdueSeconds", MetricUnit.Seconds, overdue_seconds)
        for number, each in enumerate(found):
            if context.get_remaining_time_in_millis() < LONGEST_SECONDS * 1000:
                logger.warning("No time for all that is due; the next sweep goes on", left=len(found) - number)
                return
            self._take(each, context)

    def _take(self, found: Found, context: LambdaContext) -> None:
        fields = {"key": found.key, "entry": found.entry}
        try:
            leased = self._items.lease(found, until_ms=self._now_ms() + SWEEP_SECONDS * 1000)
            if leased is None:
                return
            if leased.tries > MAX_TRIES:
                # Counted before each try, so that one which kills the function ends here, too.
                self._bury(leased.body)
                logger.error("Tried too often; it is in the dead-letter queue", extra=fields)
                self._metrics.add_metric("Buried", MetricUnit.Count, 1)
            else:
                self._act(leased, context)
            self._items.done(leased)
        except Exception:  # a defect that one brings to light must not keep the others from people
            logger.exception("Not done; it is tried again in a minute", extra=fields)
            self._metrics.add_metric("Retried", MetricUnit.Count, 1)
