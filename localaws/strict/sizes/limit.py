"""One way to measure, to refuse and to tell of it."""

import json
from collections.abc import Callable
from typing import Any

from localaws.strict import journal

Response = tuple[int, dict[str, str], bytes]


class TooLargeError(ValueError):
    """Something is larger than AWS takes it; the message names both sizes. A stack fails by it."""


def limit(size: int, most: int, *, what: str, action: str, resource: str) -> None:
    """Refuse what is larger than `most`. Raises TooLargeError."""
    if size > most:
        journal.note("refused", action=action, resource=resource, reason=f"size: {what}, {size} of {most}")
        raise TooLargeError(f"{what} of {resource}: {size} is more than {most}")


def compact(document: Any) -> str:
    """Return a document, or one that is JSON already, without white space between its parts."""
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        # MiniStack refuses what is no JSON.
        return str(document)
    return json.dumps(parsed, separators=(",", ":"), ensure_ascii=False)


def judged(
    operation: Callable[..., Response], judge: Callable[..., None], refuse: Callable[[str], Response]
) -> Callable[..., Response]:
    """Return a service's operation that is refused where its judge raises TooLargeError."""

    def operate(*arguments: Any, **named: Any) -> Response:
        try:
            judge(*arguments, **named)
        except TooLargeError as error:
            return refuse(str(error))
        return operation(*arguments, **named)

    return operate
