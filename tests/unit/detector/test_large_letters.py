import json
import random
import string
from typing import TYPE_CHECKING, Any, cast

import pytest

from trailbell.errors import DeliveryError, RecordError
from trailbell.outbox.large_letters import MAX_LETTER_BYTES, MAX_PLAIN_BYTES, LargeLetters, pack, unpack

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast("LambdaContext", None)
"""No test looks at it."""


def event(size: int) -> dict[str, Any]:
    """Return an event whose JSON without blanks has so many bytes."""
    frame = {"detail": {"eventID": "e", "requestParameters": ""}}
    text = "ab" * size
    frame["detail"]["requestParameters"] = text[: size - len(json.dumps(frame, separators=(",", ":")))]
    return frame


def fail(*_: object) -> None:
    raise RecordError("the event has no detail")


def test_a_large_event_that_fails_is_left_as_a_letter_and_does_not_raise() -> None:
    letters: list[str] = []
    large = event(1_000_000)
    LargeLetters(handle=fail, send=letters.append).handle(large, CONTEXT)
    (letter,) = letters
    assert len(letter) < MAX_LETTER_BYTES
    assert unpack(json.loads(letter)) == (large, "RecordError: the event has no detail")


@pytest.mark.parametrize("over", [0, 1])
def test_what_lambda_can_keep_is_left_to_it(over: int) -> None:
    letters: list[str] = []
    made = LargeLetters(handle=fail, send=letters.append)
    if over:
        made.handle(event(MAX_PLAIN_BYTES + over), CONTEXT)
    else:
        with pytest.raises(RecordError):
            made.handle(event(MAX_PLAIN_BYTES), CONTEXT)
    assert len(letters) == over


def test_a_large_event_that_is_handled_leaves_nothing() -> None:
    letters: list[str] = []
    seen: list[object] = []
    LargeLetters(handle=lambda event, _: seen.append(event), send=letters.append).handle(event(1_000_000), CONTEXT)
    assert (len(seen), letters) == (1, [])


def test_a_letter_that_the_queue_does_not_take_fails_the_event() -> None:
    def send(_: str) -> None:
        raise DeliveryError("SQS is out of order")

    with pytest.raises(DeliveryError, match="out of order"):
        LargeLetters(handle=fail, send=send).handle(event(1_000_000), CONTEXT)


def test_an_event_that_does_not_fit_even_packed_fails_and_says_where_its_record_is() -> None:
    letters: list[str] = []
    # What hardly shrinks: every printable character, at random.
    signs = string.digits + string.ascii_letters + string.punctuation
    noise = "".join(random.Random(12).choices(signs, k=1_040_000))  # noqa: S311 - noise that can be repeated
    with pytest.raises(DeliveryError, match="CloudTrail's event history") as caught:
        LargeLetters(handle=fail, send=letters.append).handle({"detail": noise}, CONTEXT)
    assert isinstance(caught.value.__cause__, RecordError)
    assert letters == []


@pytest.mark.parametrize("packed", ["no base64!", "bm8gZ3ppcA==", pack({}, "")[17:40]])
def test_what_is_no_letter_is_said_to_be_none(packed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack({"packedEvent": packed, "reason": "x"})
