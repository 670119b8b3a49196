"""The dead-letter queues of a deployment: read without consuming, and sent back one by one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from cli.aws import Aws
from cli.dlq.letters import OUTPUT_SUFFIX, Letter, read_letter
from cli.output import EXIT_PROBLEMS, say

BATCH = 10
"""As many messages as SQS hands over at once."""
HELD_SECONDS = 60
"""How long a letter is hidden from others while it is looked at."""
QUIET_SECONDS = 1
"""SQS's long polling: without it, an answer may be empty though the queue is not."""
CLOCK_SKEW = timedelta(seconds=5)
"""How far this machine's clock may be behind that of SQS."""


@dataclass(slots=True, kw_only=True)
class Redriven:
    """What became of a queue's letters."""

    sent: int = 0
    failed: int = 0
    """Could not be sent back: they stay where they are."""


class DeadLetters:
    """All dead-letter queues of one deployment."""

    def __init__(self, aws: Aws, stack: str) -> None:
        self._aws = aws
        self._outputs = aws.stack_outputs(stack)

    @property
    def names(self) -> list[str]:
        """Return the queues' names."""
        return sorted(name.removesuffix(OUTPUT_SUFFIX) for name in self._outputs if name.endswith(OUTPUT_SUFFIX))

    def count(self, name: str) -> int:
        """Return about how many letters lie in a queue, those included that somebody looks at."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = self._sqs.get_queue_attributes(QueueUrl=self._url(name), AttributeNames=list(counts))["Attributes"]
        return sum(int(found[each]) for each in counts)

    def look(self, name: str, limit: int) -> list[Letter]:
        """Return letters and give them back: reading takes nothing out of the queue."""
        found: dict[str, Letter] = {}
        try:
            for letter in self._receive(name, limit):
                found[letter.id] = letter
        finally:
            for letter in found.values():
                self._give_back(letter)
        return list(found.values())

    def redrive(self, name: str, *, ids: Collection[str] = ()) -> Redriven:
        """Send letters back to where they came from, and delete those that were taken.

        Only letters that were there when it began: one that fails anew and comes back is not sent in circles.
        """
        began, result = datetime.now(UTC), Redriven()
        kept: list[Letter] = []
        for letter in self._receive(name, self.count(name)):
            if letter.sent > began + CLOCK_SKEW:
                kept.append(letter)
                break
            if ids and letter.id not in ids:
                kept.append(letter)
            elif self._send_back(letter):
                self._sqs.delete_message(QueueUrl=self._url(name), ReceiptHandle=letter.receipt_handle)
                result.sent += 1
            else:
                kept.append(letter)
                result.failed += 1
        for letter in kept:
            self._give_back(letter)
        return result

    def _send_back(self, letter: Letter) -> bool:
        if letter.way == "detector":
            self._aws.client("lambda").invoke(
                FunctionName=self._outputs["DetectorName"], InvocationType="Event", Payload=letter.payload.encode()
            )
        elif letter.way == "queue":
            name = "WindowTimersUrl" if letter.queue == "Windows" else f"{letter.queue}QueueUrl"
            self._sqs.send_message(QueueUrl=self._outputs[name], MessageBody=letter.payload)
        else:
            say(f"{letter.queue}: {letter.id} cannot be sent back: {letter.what}.")
        return letter.way is not None

    def _receive(self, name: str, limit: int) -> Iterator[Letter]:
        """Yield letters, each hidden from others for a while, until there are no more or `limit` is reached."""
        left = limit
        while left > 0:
            messages = self._sqs.receive_message(
                QueueUrl=self._url(name),
                MaxNumberOfMessages=min(BATCH, left),
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=QUIET_SECONDS,
                AttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            if not messages:
                return
            left -= len(messages)
            yield from (read_letter(name, message) for message in messages)

    def _give_back(self, letter: Letter) -> None:
        self._sqs.change_message_visibility(
            QueueUrl=self._url(letter.queue), ReceiptHandle=letter.receipt_handle, VisibilityTimeout=0
        )

    def _url(self, name: str) -> str:
        return self._outputs[f"{name}{OUTPUT_SUFFIX}"]

    @cached_property
    def _sqs(self) -> Any:
        return self._aws.client("sqs")


def chosen(letters: DeadLetters, names: Collection[str] | None) -> list[str]:
    """Return the queues that were named, all where none was. Ends the command where there is no such queue."""
    import typer

    unknown = set(names or ()) - set(letters.names)
    if unknown:
        say(f"There is no dead-letter queue {', '.join(sorted(unknown))}. There are {', '.join(letters.names)}.")
        raise typer.Exit(EXIT_PROBLEMS)
    return [name for name in letters.names if not names or name in names]


def as_document(letter: Letter) -> Mapping[str, Any]:
    """Return a letter as plain JSON."""
    return {
        "queue": letter.queue,
        "id": letter.id,
        "sent": letter.sent.isoformat().replace("+00:00", "Z"),
        "what": letter.what,
        "why": letter.why,
        "can_be_sent_back": letter.way is not None,
    }
