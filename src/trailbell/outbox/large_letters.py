"""Dead letters of events that are too large for Lambda's own.

An event may have 1 MB, and a message of SQS 1 MiB. Lambda's record of a failed invocation is the event, the error and
its stack trace: of an event of nearly 1 MB it does not fit, and would be lost. Here the detector leaves the letter.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.errors import DeliveryError

logger = Logger(child=True)

MAX_PLAIN_BYTES = 900_000
"""Of an event that is left to Lambda: more than 100 kB remain for its error and stack trace."""
MAX_LETTER_BYTES = 1024 * 1024
PACKED = "packedEvent"
REASON = "reason"


class LargeLetters:
    """Handles events, and leaves a letter of each that fails and that Lambda could not keep."""

    def __init__(self, *, handle: Callable[[object, LambdaContext], None], send: Callable[[str], None]) -> None:
        """`send` puts a letter on the dead-letter queue."""
        self._handle = handle
        self._send = send

    def handle(self, event: object, context: LambdaContext) -> None:
        """Handle an event. Raises what handling raises, unless it left a letter: then Lambda has nothing to keep.

        Such an event is not tried again by itself: only its last attempt ought to leave a letter, and nothing tells
        which one it is.
        """
        try:
            self._handle(event, context)
        except Exception as error:  # whatever it is, it is raised or stands in the letter
            if len(json.dumps(event, separators=(",", ":")).encode()) <= MAX_PLAIN_BYTES:
                raise
            letter = pack(event, f"{type(error).__name__}: {error}")
            if len(letter) > MAX_LETTER_BYTES:
                raise DeliveryError(
                    f"The event does not fit the dead-letter queue, packed it has {len(letter):,} bytes; "
                    "CloudTrail's event history has its record"
                ) from error
            self._send(letter)
            logger.exception("Event too large for Lambda's record of a failure; left as a dead letter")


def pack(event: object, reason: str) -> str:
    """Return a letter: the event, compressed, and why it could not be handled."""
    packed = base64.b64encode(gzip.compress(json.dumps(event, separators=(",", ":")).encode(), mtime=0)).decode()
    return json.dumps({PACKED: packed, REASON: reason[:1_000]})


def unpack(letter: Mapping[str, Any]) -> tuple[Any, str]:
    """Return the event and the reason of a letter. Raises KeyError, TypeError or ValueError where it is none."""
    try:
        text = gzip.decompress(base64.b64decode(letter[PACKED], validate=True))
    except (OSError, EOFError) as error:
        raise ValueError("The letter's event is not compressed as it should be") from error
    return json.loads(text), str(letter[REASON])
