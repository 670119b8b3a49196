"""Claims as the DynamoDB table keeps them, in memory and without concurrency."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from aws_lambda_powertools.utilities.typing import LambdaContext

Done = TypeVar("Done", bound=str)


class MemoryClaims:
    """Remembers what was completed."""

    def __init__(self) -> None:
        self.completed: set[tuple[str, ...]] = set()

    def once(self, claim: Sequence[str], act: Callable[[], Done], _: LambdaContext) -> Done | None:
        if tuple(claim) in self.completed:
            return None
        outcome = act()
        self.completed.add(tuple(claim))
        return outcome
