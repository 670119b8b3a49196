"""The dead-letter queues of a deployment: read without consuming, and sent back one by one."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from trailbell.cli.dlq.due import make_due
from trailbell.cli.dlq.letters import Letter, read_letter
from trailbell.cli.shared.aws import Aws, ClientOfPerson, describe_error
from trailbell.cli.shared.output import EXIT_PROBLEMS, say
from trailbell.contract.names import DEAD_LETTERS_SUFFIX, QUEUE_SUFFIX, Output
from trailbell.errors import TrailbellError

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
    newer: int = 0
    """Came after it began: they stay, too."""
    found: set[str] = field(default_factory=set)
    """The ids of the letters that were to be sent."""


class DeadLetters:
    """All dead-letter queues of one deployment."""

    def __init__(self, aws: Aws, stack: str) -> None:
        self._aws = aws
        self._outputs = aws.stack_outputs(stack)

    @property
    def names(self) -> list[str]:
        """Return the queues' names."""
        return sorted(
            name.removesuffix(DEAD_LETTERS_SUFFIX) for name in self._outputs if name.endswith(DEAD_LETTERS_SUFFIX)
        )

    def count(self, name: str) -> int:
        """Return about how many letters lie in a queue, those included that somebody looks at."""
        counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        found = self._sqs.get_queue_attributes(QueueUrl=self._url(name), AttributeNames=list(counts))["Attributes"]
        return sum(int(found[each]) for each in counts)

    def look(self, name: str, limit: int) -> list[Letter]:
        """Return letters and give them back: reading takes nothing out of the queue."""
        held: dict[str, Letter] = {}
        try:
            return list(self._receive(name, limit, held))
        finally:
            self._give_back(held)

    def redrive(self, name: str, *, ids: Collection[str] = ()) -> Redriven:
        """Send letters back to where they came from, and delete those that were taken.

        Only letters that were there when it began: one that fails anew and comes back is not sent in circles.
        """
        result = Redriven()
        held: dict[str, Letter] = {}
        until = datetime.now(UTC) + CLOCK_SKEW
        try:
            for letter in self._receive(name, self.count(name), held, until=until):
                if ids and letter.id not in ids:
                    continue
                result.found.add(letter.id)
                if self._send_back(letter):
                    # Not given back even where the deletion fails: it was sent.
                    del held[letter.id]
                    self._sqs.delete_message(QueueUrl=self._url(name), ReceiptHandle=letter.receipt_handle)
                    result.sent += 1
                else:
                    result.failed += 1
            result.newer = sum(letter.sent > until for letter in held.values())
        finally:
            self._give_back(held)
        return result

    def _send_back(self, letter: Letter) -> bool:
        """Tell whether AWS took a letter; where it did not, say why."""
        from botocore.exceptions import BotoCoreError, ClientError

        if letter.way is None:
            say(f"{letter.queue}: {letter.id} cannot be sent back: {letter.what}.")
            return False
        try:
            self._send(letter)
        except (BotoCoreError, ClientError) as error:
            say(f"{letter.queue}: {letter.id} could not be sent back. {describe_error(error)}")
            return False
        except TrailbellError as error:
            say(f"{letter.queue}: {letter.id} could not be sent back. {error}")
            return False
        return True

    def _send(self, letter: Letter) -> None:
        if letter.way == "detector":
            self._aws.client("lambda").invoke(
                FunctionName=self._outputs[Output.DETECTOR_NAME],
                InvocationType="Event",
                Payload=letter.payload.encode(),
            )
            return
        if letter.way == "table":
            dynamodb = ClientOfPerson(client=self._aws.client("dynamodb"))
            make_due(self._outputs[Output.WINDOWS_TABLE_NAME], dynamodb, letter.payload)
            return
        self._sqs.send_message(QueueUrl=self._outputs[f"{letter.queue}{QUEUE_SUFFIX}"], MessageBody=letter.payload)

    def _receive(
        self, name: str, limit: int, held: dict[str, Letter], *, until: datetime | None = None
    ) -> Iterator[Letter]:
        """Yield letters, each once and hidden from others for a while, until there are no more or `limit` is reached.

        `held` gets all that were received, by their ids, with the handles that hold: those sent after `until` and
        those that came again, too. The caller gives them back.
        """
        seen: set[str] = set()
        while len(seen) < limit:
            messages = self._sqs.receive_message(
                QueueUrl=self._url(name),
                MaxNumberOfMessages=min(BATCH, limit - len(seen)),
                VisibilityTimeout=HELD_SECONDS,
                WaitTimeSeconds=QUIET_SECONDS,
                AttributeNames=["SentTimestamp"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            letters = {letter.id: letter for letter in (read_letter(name, message) for message in messages)}
            held.update(letters)
            fresh = [
                letter for letter in letters.values() if letter.id not in seen and not (until and letter.sent > until)
            ]
            if not fresh:
                return
            seen.update(letter.id for letter in fresh)
            yield from fresh

    def _give_back(self, held: Mapping[str, Letter]) -> None:
        for letter in held.values():
            self._sqs.change_message_visibility(
                QueueUrl=self._url(letter.queue), ReceiptHandle=letter.receipt_handle, VisibilityTimeout=0
            )

    def _url(self, name: str) -> str:
        return self._outputs[f"{name}{DEAD_LETTERS_SUFFIX}"]

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
