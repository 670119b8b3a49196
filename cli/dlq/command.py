"""`trailbell dlq`: what could not be handled or delivered, and sending it back."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from cli.aws import DEFAULT_STACK, Aws, ProfileOption, RegionOption, StackOption
from cli.dlq.letters import Letter
from cli.dlq.queues import DeadLetters, as_document, chosen
from cli.output import EXIT_PROBLEMS, Format, FormatOption, count, result_console, say, write_json
from trailbell.render.clean import quote

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
    if output is Format.JSON:
        write_json([as_document(letter) for each in found.values() for letter in each])
        return
    shown = [letter for each in found.values() for letter in each]
    if shown:
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
    if dry_run or not any(waiting.values()):
        for name, number in waiting.items():
            if number:
                say(f"{name}: {count(number, 'letter')}.")
        say("Nothing was sent back." if any(waiting.values()) else "There are no dead letters.")
        return
    if not yes:
        typer.confirm(f"Send {count(sum(waiting.values()), 'letter')} back?", abort=True, err=True)
    failed = 0
    for name in (name for name in names if waiting[name]):
        result = letters.redrive(name, ids=letter_id or ())
        failed += result.failed
        stay = f", {result.failed} could not be" if result.failed else ""
        say(f"{name}: {result.sent} sent back{stay}.")
    if failed:
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
