"""`trailbell dlq`: what could not be handled or delivered, and sending it back."""

from collections.abc import Collection, Mapping
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from trailbell.cli.dlq.letters import Letter
from trailbell.cli.dlq.queues import DeadLetters, Redriven, as_document, chosen
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, count, result_console, say, write_json
from trailbell.contract.names import DEFAULT_STACK
from trailbell.words.clean import quote

app = typer.Typer(
    no_args_is_help=True, help="Dead letters: what could not be handled or delivered, and sending it back."
)

_LIST_EXAMPLES = """
Examples:

  trailbell dlq list                                 what failed and why, in every dead-letter queue

  trailbell dlq list --queue Slack --format json | jq -r '.[].why' | sort | uniq -c
"""
_REDRIVE_EXAMPLES = """
Examples:

  trailbell dlq redrive --dry-run                    what would be sent back

  trailbell dlq redrive --queue Slack --yes          alerts back to the notifier's queue, once Slack is mended
"""
MAX_CHARACTERS = 300

QueueOption = Annotated[
    list[str] | None,
    typer.Option(
        "--queue", help="Only this queue, such as Slack or Detector; may be given several times.", show_default=False
    ),
]


@app.callback()
def dlq() -> None:
    """Dead letters: what could not be handled or delivered, and sending it back."""


@app.command(name="list", epilog=_LIST_EXAMPLES)
def list_letters(
    *,
    queue: QueueOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each queue.")] = 100,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """List dead letters: what failed, when and why. They stay where they are."""
    letters = DeadLetters(Aws(profile=profile, region=region), stack)
    found = {name: letters.look(name, limit) for name in chosen(letters, queue)}
    shown = [letter for each in found.values() for letter in each]
    if output is Format.JSON:
        write_json([as_document(letter) for letter in shown])
    elif shown:
        result_console().print(_table(shown))
    for name, each in found.items():
        more = letters.count(name) - len(each)
        if more > 0:
            say(f"{name}: about {count(more, 'more letter')}, not shown or just being looked at by somebody else.")
    say(f"{count(len(shown), 'dead letter')} in {count(len(found), 'queue')}.")


@app.command(epilog=_REDRIVE_EXAMPLES)
def redrive(
    *,
    queue: QueueOption = None,
    letter_id: Annotated[
        list[str] | None,
        typer.Option("--id", help="Only this message, by its id; may be given several times.", show_default=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent back.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
) -> None:
    """Send dead letters back to where they came from: alerts to their queue, events to the detector.

    Each alert is delivered once, however often its message is sent back.
    """
    letters = DeadLetters(Aws(profile=profile, region=region), stack)
    names = chosen(letters, queue)
    waiting = {name: letters.count(name) for name in names}
    ids = frozenset(letter_id or ())
    if not any(waiting.values()):
        say("There are no dead letters.")
        _tell_missing(ids)
        return
    if dry_run:
        _tell_plan(letters, waiting, ids)
        return
    if not yes:
        typer.confirm(f"Send {count(len(ids) or sum(waiting.values()), 'letter')} back?", abort=True, err=True)
    results = {name: letters.redrive(name, ids=ids) for name in names if waiting[name]}
    for name, result in results.items():
        if result.found or not ids:
            say(_told(name, result))
    _tell_missing(ids.difference(*(result.found for result in results.values())))
    if any(result.failed for result in results.values()):
        raise typer.Exit(EXIT_PROBLEMS)


def _tell_plan(letters: DeadLetters, waiting: Mapping[str, int], ids: Collection[str]) -> None:
    """Say what a redrive would send back."""
    missing = set(ids)
    for name, number in waiting.items():
        found = [letter for letter in letters.look(name, number) if not ids or letter.id in ids]
        missing -= {letter.id for letter in found}
        unreadable = sum(letter.way is None for letter in found)
        stay = f", {unreadable} of them cannot be sent back" if unreadable else ""
        if found:
            say(f"{name}: {count(len(found), 'letter')}{stay}.")
    say("Nothing was sent back.")
    _tell_missing(missing)


def _told(name: str, result: Redriven) -> str:
    stay = f", {result.failed} could not be" if result.failed else ""
    newer = f", {result.newer} came meanwhile and stay" if result.newer else ""
    return f"{name}: {result.sent} sent back{stay}{newer}."


def _tell_missing(ids: Collection[str]) -> None:
    """Name the ids that no queue has. Ends the command where there are any."""
    if ids:
        say(f"No dead letter has the id {', '.join(sorted(ids))}.")
        raise typer.Exit(EXIT_PROBLEMS)


def _table(letters: list[Letter]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Queue", "Since (UTC)", "What", "Why", "Message id"):
        table.add_column(heading, no_wrap=heading in {"Queue", "Since (UTC)", "Message id"}, overflow="fold")
    for letter in letters:
        table.add_row(
            letter.queue,
            letter.sent.strftime("%Y-%m-%d %H:%M:%S"),
            Text(quote(letter.what, MAX_CHARACTERS)),
            Text(quote(letter.why, MAX_CHARACTERS)),
            letter.id,
        )
    return table
