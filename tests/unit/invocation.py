"""Invocations of functions, as far as Powertools asks their context."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class _Invocation:
    def __init__(self, left_seconds: float) -> None:
        self._left_seconds = left_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_seconds * 1000)


def left(seconds: float) -> "LambdaContext":
    """Return the context of an invocation with so much time left: the claims of one that crashed end then."""
    return cast("LambdaContext", _Invocation(seconds))
