import json

import pytest

from trailbell.cli.dlq.letters import read_letter
from trailbell.functions.notifier.queue import MAX_REASON_CHARS, write_reason


@pytest.mark.parametrize(
    "reason", ["", "channel_not_found", "x" * (MAX_REASON_CHARS - 2), 'a "quoted"\n\x00 \U0001f4a5 one']
)
def test_a_reason_is_written_whole(reason: str) -> None:
    assert json.loads(write_reason(reason)) == reason


@pytest.mark.parametrize(
    "reason",
    [
        "x" * (MAX_REASON_CHARS - 1),
        "x" * 5000,
        "\n" * 5000,
        '"\\' * 5000,
        "é" * 5000,
        "\U0001f4a5" * 5000,
        "x\U0001f4a5" * 5000,
    ],
)
def test_a_long_reason_is_cut_at_its_end_and_what_is_left_is_json(reason: str) -> None:
    written = write_reason(reason)
    # One character more, of up to twelve in JSON, would be too much.
    assert MAX_REASON_CHARS - 12 < len(written) <= MAX_REASON_CHARS
    assert written.isascii()
    assert reason.startswith(json.loads(written))


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (write_reason("\n" * 5000), "\n" * 511),
        # After the quote 1023 characters, 17 a time.
        (json.dumps("no such channel\n" * 5000)[:1024], r"no such channel\n" * 60 + "no "),
    ],
    ids=["as it is cut now", "as it was cut before"],
)
def test_a_cut_reason_is_read_from_its_dead_letter(written: str, why: str) -> None:
    message = {
        "MessageId": "1",
        "ReceiptHandle": "r",
        "Body": json.dumps({"id": "1/rule", "severity": "low", "rule": {"id": "rule"}}),
        "MessageAttributes": {"reason": {"StringValue": written}},
    }
    assert read_letter("Slack", message).why == why
