"""Processes that die: what tests of crashes share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


class Killed(BaseException):
    """The end of a process: no `except Exception` sees it, so nothing is cleaned up."""


class _Invocation:
    """An invocation's context, as far as Powertools asks."""

    def __init__(self, left_seconds: float) -> None:
        self._left_seconds = left_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._left_seconds * 1000)


def left(seconds: float) -> "LambdaContext":
    """Return the context of an invocation with so much time left: the claims of one that crashed end then."""
    return cast("LambdaContext", _Invocation(seconds))


def dying(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    """Return a call that kills its process `before` or `after` it does what the original does."""

    def die(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            original(*args, **kwargs)
        raise Killed

    return die
