"""`trailbell config plan`: what a push would change."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from trailbell.cli.config.changes import Changes, EntryChange, FieldChange, compare, deployed_changes
from trailbell.cli.config.deployed import Deployed, refusals_told, versions_in_force
from trailbell.cli.replay.rates import count_alerts, print_rates, rates_document
from trailbell.cli.replay.request import Request
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, count, result_console, say, write_json
from trailbell.cli.shared.output import severity as in_colour
from trailbell.cli.sources import options
from trailbell.config.compiled import write_compiled
from trailbell.config.model import Config
from trailbell.contract.names import DEFAULT_STACK
from trailbell.errors import ConfigError

EXAMPLES = """
Examples:

  trailbell config plan                              what `config push` would change

  trailbell config plan --exit-code                  exit with 1 where that is something, for CI

  trailbell config plan --replay s3://my-trail --since 30d   alerts a day, before and after

  trailbell config plan --format json | jq '.changes.rules[].id'
"""
_MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
_SHORT_CHARS = 80


def plan(
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    *,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 where there is something to push.")
    ] = False,
    replay: Annotated[
        str | None,
        typer.Option(
            metavar="SOURCE",
            help="Count alerts a day before and after: a file, a folder, s3://bucket/prefix, or `history`.",
            show_default=False,
        ),
    ] = None,
    since: options.SinceOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Compare the config with what is live: rules, suppressions, names, routes, filters. Changes nothing."""
    loaded = load(config, packs_dir).config
    aws = Aws(profile=profile, region=region)
    deployed = Deployed(aws, stack)
    live = live_config(deployed)
    changes = compare(live, loaded)
    rates = count_alerts(Request(source=replay, since=since), [live, loaded], aws) if replay else None
    blocked = deployed_changes(check(deployed, loaded), loaded)
    if output is Format.JSON:
        write_json(
            {
                "live": live.version or None,
                "config": loaded.version,
                "any": changes.any,
                "changes": asdict(changes),
                "needs_cdk_deploy": [asdict(change) for change in blocked],
                **({"alerts_a_day": rates_document(rates)} if rates else {}),
            }
        )
    else:
        print_changes(changes, result_console())
        if rates:
            print_rates(rates, result_console())
        say(_verdict(live, loaded, changes))
        tell_blocked(blocked)
    if exit_code and (changes.any or blocked):
        raise typer.Exit(EXIT_PROBLEMS)


def live_config(deployed: Deployed) -> Config:
    """Return the config that is live or about to be; an empty one where none is or it cannot be read."""
    found = versions_in_force(deployed.deployments())
    number = found.arriving or found.live
    if number is None:
        return Config()
    try:
        return deployed.config(number)
    except ConfigError as error:
        say(f"What is live is broken, and detectors go on with an earlier config: {error}")
        return Config()


def check(deployed: Deployed, config: Config) -> dict[str, Any]:
    """Ask the deployed validator; what it refuses is told, and ends the command. Returns the deployment's own parts."""
    with refusals_told():
        return deployed.validate(write_compiled(config))


def tell_blocked(blocked: Sequence[FieldChange]) -> None:
    """Say what takes a `cdk deploy`."""
    for change in blocked:
        say(f"{change.field} is {_text(change.after)} here and {_text(change.before)} in the deployment.")
    if blocked:
        say("Destinations and the deployment itself change by `cdk deploy --all`; after that, push.")


def print_changes(changes: Changes, console: Console) -> None:
    """Print each change as a line or a few."""
    for kind, entries in (("rule", changes.rules), ("suppression", changes.suppressions)):
        for entry in entries:
            for line in _entry(kind, entry):
                console.print(line)
    for change in (*changes.names, *([changes.routes] if changes.routes else [])):
        for line in _field(change, "~ "):
            console.print(line)
    filters = changes.filters
    if filters.changed:
        before = "" if filters.before == filters.after else f"{filters.before} -> "
        console.print(Text.assemble(("~ ", "yellow"), f"filters: {before}{count(filters.after, 'EventBridge rule')}"))


def _entry(kind: str, entry: EntryChange) -> Iterator[Text]:
    mark, style = _MARKS[entry.kind]
    level = Text.assemble("  ", in_colour(entry.severity)) if entry.severity else Text()
    yield Text.assemble((f"{mark} ", style), f"{kind} ", (entry.id, "bold"), level, f"  {entry.title}")
    for change in entry.fields:
        yield from _field(change, "    ")


def _field(change: FieldChange, margin: str) -> Iterator[Text]:
    """Write what is short on one line, and what is long on a line each."""
    before, after = _text(change.before), _text(change.after)
    if len(before) + len(after) <= _SHORT_CHARS:
        yield Text(f"{margin}{change.field}: {before} -> {after}")
        return
    yield Text(f"{margin}{change.field}:")
    yield Text(f"      - {before}", style="red")
    yield Text(f"      + {after}", style="green")


def _text(value: Any) -> str:
    return "none" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _verdict(live: Config, config: Config, changes: Changes) -> str:
    if not changes.any and live.version == config.version:
        return f"Nothing to push: config {live.version} is live."
    if not changes.any:
        return f"Config {live.version} is live, {config.version} is here: the same rules, under another name."
    kinds = [
        f"{number} {kind}"
        for kind in ("added", "changed", "removed")
        if (number := sum(entry.kind == kind for entry in changes.rules))
    ]
    rules = f" Rules: {', '.join(kinds)}." if kinds else ""
    return (
        f"Config {live.version or 'none'} is live, {config.version} is here.{rules} `trailbell config push` changes it."
    )
