"""`trailbell replay`: run a config over the past without sending anything."""

import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from trailbell.cli.replay.compare import change_line, compare, print_changes
from trailbell.cli.replay.past import Past
from trailbell.cli.replay.request import Request, past_of
from trailbell.cli.replay.show import alert_line, full_line, print_tally
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption
from trailbell.cli.shared.inert import inert_json
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, find_rule, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, result_console, say
from trailbell.cli.sources import options
from trailbell.config.model import Config
from trailbell.sources.reading import DEFAULT_CACHE

EXAMPLES = """
Examples:

  trailbell replay tests/events                      what the config alerts on in these files

  trailbell replay s3://my-trail --since 30d         a trail's bucket; what was fetched is kept for the next time

  trailbell replay history --since 7d --regions all  CloudTrail's event history

  trailbell replay logs/ --compare old.yaml          which alerts this config adds to those of another, or takes away

  trailbell replay logs/ --html report.html          a page to look through it with a browser

  trailbell replay logs/ --format json | jq -r .principal | sort | uniq -c | sort -rn

Nothing is sent, and nothing in AWS is changed.
"""

RuleOption = Annotated[
    list[str] | None, typer.Option("--rule", help="Only this rule; may be given several times.", show_default=False)
]


def replay(  # noqa: PLR0913 - options
    source: options.SourceArgument,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    rule: RuleOption = None,
    other: Annotated[
        Path | None,
        typer.Option("--compare", metavar="OLD.yaml", help="Show what changes from this config.", show_default=False),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most so many rules; in JSON, alerts.", show_default=False)
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="In JSON: with each alert the whole event.")] = False,
    regions: options.SourceRegionsOption = None,
    accounts: options.AccountsOption = None,
    cache: options.CacheOption = DEFAULT_CACHE,
    processes: options.ProcessesOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write a page to look through it with a browser.", show_default=False
        ),
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Run a config over the past: what would have alerted, who caused it, and what would have been held back."""
    request = Request(
        source=source, since=since, until=until, regions=regions, accounts=accounts, cache=cache, processes=processes
    )
    loaded = load(config, packs_dir)
    for rule_id in rule or ():
        find_rule(loaded, rule_id)
    configs = [_only(loaded.config, rule)]
    if other is not None:
        configs.append(_only(load(other, packs_dir).config, rule))
    with past_of(request, configs, Aws(profile=profile, region=region)) as pasts:
        if page is not None:
            _write_page(page, pasts[0], source)
        if other is not None:
            _write_changes(pasts[1], pasts[0], limit, output)
        elif output is Format.JSON:
            _write_alerts(pasts[0], limit, full=full)
        else:
            print_tally(result_console(), pasts[0], limit)


def _only(config: Config, rules: Collection[str] | None) -> Config:
    return replace(config, rules=tuple(each for each in config.rules if each.id in rules)) if rules else config


def _write_alerts(past: Past, limit: int | None, *, full: bool) -> None:
    """Write a line for each alert as soon as it is known, so that a reader of the pipe need not wait for the last."""
    written = 0
    for judged in past.judged():
        if judged.alert is None:
            continue
        line = full_line(judged.alert, judged.finding.record) if full else alert_line(judged.alert)
        sys.stdout.write(inert_json(line) + "\n")
        written += 1
        if written == limit:
            return


def _write_page(path: Path, past: Past, source: str) -> None:
    """Write the HTML report, and say where it is. Ends the command where the file cannot be written."""
    from trailbell.cli.replay.page import make_report  # loaded only where it is asked for: a replay starts faster
    from trailbell.cli.report import write_report

    try:
        write_report(path, make_report(past, source))
    except OSError as error:
        say(f"{path} could not be written: {error.strerror}.")
        raise typer.Exit(EXIT_PROBLEMS) from error
    say(f"{path} written: open it with a browser.")


def _write_changes(before: Past, after: Past, limit: int | None, output: Format) -> None:
    changes = compare(before, after)
    if output is Format.TEXT:
        print_changes(result_console(), changes, limit)
        return
    for change in changes[:limit]:
        sys.stdout.write(inert_json(change_line(change)) + "\n")
