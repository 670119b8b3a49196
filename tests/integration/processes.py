"""Processes that die: what tests of crashes share."""

from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """The end of a process: no `except Exception` sees it, so nothing is cleaned up."""


def dying(original: Callable[..., Any], when: str) -> Callable[..., Any]:
    """Return a call that kills its process `before` or `after` it does what the original does."""

    def die(*args: Any, **kwargs: Any) -> Any:
        if when == "after":
            original(*args, **kwargs)
        raise Killed

    return die
