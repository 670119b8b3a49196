"""`trailbell baseline`: teaches rules with `first_seen` what is normal, from history."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Protocol

import typer
from rich.progress import track
from rich.table import Table

from trailbell.cli.replay.request import Request, past_of
from trailbell.cli.shared.aws import Aws, ClientOfPerson, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import (
    EXIT_PROBLEMS,
    Format,
    FormatOption,
    count,
    message_console,
    result_console,
    say,
    write_json,
)
from trailbell.cli.sources import options
from trailbell.contract.names import DEFAULT_STACK, Output
from trailbell.finding import Finding
from trailbell.rule import Rule
from trailbell.sources.reading import DEFAULT_CACHE
from trailbell.windows.keys import learning_key, make_key
from trailbell.windows.store import Sighting

EXAMPLES = """
Examples:

  trailbell baseline tests/events --dry-run          what the rules would learn from these files

  trailbell baseline s3://my-trail --since 30d

  trailbell baseline history --since 30d --regions all

What an intruder did before counts as normal afterwards: look at `trailbell replay` of the same time first.
"""
BY = "baseline"
"""Stands for the event that made a value new: no event has this id, so each of them finds the value seen."""


class Memory(Protocol):
    """The part of `windows.Store` that learns."""

    def see(self, key: str, sighting: Sighting, *, now_ms: int, window_ms: int) -> bool:
        """Remember that a key was seen."""

    def begin(self, key: str, *, at_ms: int) -> int:
        """Remember since when a rule learns."""


@dataclass(slots=True, kw_only=True)
class Lesson:
    """What one rule learns."""

    rule: Rule
    window_ms: int
    last_ms: dict[str, int] = field(default_factory=dict)
    """Key -> when it was seen last, in milliseconds since 1970."""


def baseline(  # noqa: PLR0913 - options
    source: options.SourceArgument,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be learned.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    regions: options.SourceRegionsOption = None,
    accounts: options.AccountsOption = None,
    cache: options.CacheOption = DEFAULT_CACHE,
    processes: options.ProcessesOption = None,
    stack: StackOption = DEFAULT_STACK,
    profile: ProfileOption = None,
    region: RegionOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Teach rules with first_seen what is normal: what history holds alerts no more, and counts as warm-up."""
    aws = Aws(profile=profile, region=region)
    loaded = load(config, packs_dir).config
    rules = [rule for rule in loaded.rules if rule.first_seen]
    if not rules:
        say(f"No rule of {config} that is on has first_seen: there is nothing to learn.")
        return
    # Before hours of reading, not after.
    table_name = None if dry_run else find_table(aws, stack)
    request = Request(
        source=source, since=since, until=until, regions=regions, accounts=accounts, cache=cache, processes=processes
    )
    now = datetime.now(UTC)
    with past_of(request, [loaded], aws) as (past,):
        first, _ = past.ends
        judged = past.judged(only={rule.id for rule in rules}, say=False)
        lessons = learn(rules, (each.finding for each in judged if each.suppression_id is None), now=now)
    if table_name is not None:
        teach(open_memory(table_name, aws), lessons, began=first, now=now)
    _show(lessons, output)
    keys = sum(len(lesson.last_ms) for lesson in lessons)
    what = "would be learned; nothing was written" if table_name is None else f"learned into {table_name}"
    say(f"{count(keys, 'key')} of {count(len(rules), 'rule')} with first_seen {what}.")


def learn(rules: Iterable[Rule], findings: Iterable[Finding], *, now: datetime) -> list[Lesson]:
    """Return what each rule learns: the keys that it would still remember now."""
    lessons = {rule.id: Lesson(rule=rule, window_ms=rule.first_seen.window_seconds * 1000)
               for rule in rules if rule.first_seen}  # fmt: skip
    for finding in findings:
        first_seen, lesson = finding.rule.first_seen, lessons[finding.rule.id]
        at_ms = _milliseconds(finding.record.event.time)
        if first_seen and at_ms > _milliseconds(now) - lesson.window_ms:
            key = make_key("first_seen", first_seen.by, finding)
            lesson.last_ms[key] = max(lesson.last_ms.get(key, at_ms), at_ms)
    return list(lessons.values())


def teach(memory: Memory, lessons: Iterable[Lesson], *, began: datetime | None, now: datetime) -> None:
    """Write lessons into the deployed memory. What it knows already stays; doing it twice changes nothing.

    `began` is when the history begins: a rule's warm-up counts from there, also where it found nothing.
    """
    now_ms = _milliseconds(now)
    for lesson in lessons:
        for key, at_ms in _watched(lesson):
            memory.see(key, Sighting(at_ms=at_ms, event_id=BY), now_ms=now_ms, window_ms=lesson.window_ms)
        if began is not None and lesson.rule.first_seen and lesson.rule.first_seen.warm_up_seconds:
            memory.begin(learning_key(lesson.rule.id, test=False), at_ms=_milliseconds(began))


def find_table(aws: Aws, stack: str) -> str:
    """Return the deployment's table. Ends the command where it tells none."""
    outputs = aws.stack_outputs(stack)
    if Output.WINDOWS_TABLE_NAME not in outputs:
        say(f"The stack {stack} does not name its table of windows. Deploy this version of Trailbell first.")
        raise typer.Exit(EXIT_PROBLEMS)
    return outputs[Output.WINDOWS_TABLE_NAME]


def open_memory(table_name: str, aws: Aws) -> Memory:
    """Return the deployed table, written as the detector writes it."""
    from trailbell.tables.windows import DynamoDbStore

    return DynamoDbStore(table_name, ClientOfPerson(client=aws.client("dynamodb")))


def _watched(lesson: Lesson) -> Iterator[tuple[str, int]]:
    console = message_console()
    entries = sorted(lesson.last_ms.items())
    yield from track(
        entries, description=lesson.rule.id, console=console, transient=True, disable=not console.is_terminal
    )


def _show(lessons: Iterable[Lesson], output: Format) -> None:
    if output is Format.JSON:
        write_json({"rules": {lesson.rule.id: len(lesson.last_ms) for lesson in lessons}})
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Rule", no_wrap=True)
    table.add_column("Keys", justify="right")
    table.add_column("By", overflow="fold")
    for lesson in sorted(lessons, key=lambda each: (-len(each.last_ms), each.rule.id)):
        by = lesson.rule.first_seen.by if lesson.rule.first_seen else ()
        table.add_row(lesson.rule.id, f"{len(lesson.last_ms):,}", ", ".join(by))
    result_console().print(table)


def _milliseconds(time: datetime) -> int:
    return round(time.timestamp() * 1000)
