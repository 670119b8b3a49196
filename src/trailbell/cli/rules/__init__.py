"""`trailbell rules`: list, show, test, draft and import rules."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from trailbell.authoring import RuleEntry, TestResult, find_untested, run_rule_tests
from trailbell.cli.rules.imports import IMPORT_EXAMPLES, import_rules
from trailbell.cli.rules.new import NEW_EXAMPLES, new
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, find_events_dir, find_rule, load
from trailbell.cli.shared.output import (
    EXIT_PROBLEMS,
    Format,
    FormatOption,
    count,
    result_console,
    say,
    severity,
    write_json,
)
from trailbell.rule import SEVERITIES

app = typer.Typer(no_args_is_help=True, help="List, show, test, draft and import rules.")

_LIST_EXAMPLES = """
Examples:

  trailbell rules list                               the rules that are on

  trailbell rules list --all --severity high         those of high severity or worse, off ones too

  trailbell rules list --format json | jq -r '.[].id'
"""
_SHOW_EXAMPLES = """
Example:

  trailbell rules show ec2-instance-launched
"""
_TEST_EXAMPLES = """
Examples:

  trailbell rules test                               every test of every rule

  trailbell rules test ec2-instance-launched         of one rule

  trailbell rules test --require-both                fail where a rule lacks a test that alerts, or one that does not
"""

app.command(name="new", epilog=NEW_EXAMPLES)(new)
app.command(name="import", epilog=IMPORT_EXAMPLES)(import_rules)

EventsOption = Annotated[
    Path | None,
    typer.Option("--events-dir", help="Folder of the records that tests name. Left out: tests/events of the checkout."),
]


@app.callback()
def rules() -> None:
    """List, show, test, draft and import rules."""


@app.command(name="list", epilog=_LIST_EXAMPLES)
def list_rules(
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Rules that are off, too.")] = False,
    pack: Annotated[str | None, typer.Option(help="Rules of this pack only; `own` for the config's own.")] = None,
    at_least: Annotated[
        str | None, typer.Option("--severity", help=f"This severity or worse: {', '.join(SEVERITIES)}.")
    ] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """List the rules of the config and its packs."""
    if at_least is not None and at_least not in SEVERITIES:
        raise typer.BadParameter(
            f"{at_least} is no severity; use one of {', '.join(SEVERITIES)}", param_hint="--severity"
        )
    entries = [
        entry
        for entry in load(config, packs_dir).entries
        if (everything or entry.enabled)
        and (pack is None or (entry.rule.pack or "own") == pack)
        and (at_least is None or SEVERITIES.index(entry.rule.severity) >= SEVERITIES.index(at_least))
    ]
    if output is Format.JSON:
        write_json([_describe(entry) for entry in entries])
        return
    result_console().print(_table(entries))
    say(f"{count(len(entries), 'rule')}.")


@app.command(epilog=_SHOW_EXAMPLES)
def show(
    rule_id: Annotated[str, typer.Argument(metavar="RULE", help="The rule's id.")],
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show one rule as it is in force: overrides applied, with its file and tests."""
    entry = find_rule(load(config, packs_dir), rule_id)
    if output is Format.JSON:
        write_json(_describe(entry) | {"rule": entry.rule.to_json(), "tests": [test.name for test in entry.tests]})
        return
    console = result_console()
    state = "on" if entry.enabled else "off"
    console.print(Text.assemble((entry.rule.title, "bold"), "  ", severity(entry.rule.severity), f"  {state}"))
    console.print(Text(f"{entry.file}:{entry.line}" + (f", pack {entry.rule.pack}" if entry.rule.pack else "")))
    console.print()
    console.print(
        Syntax(yaml.safe_dump(entry.rule.to_json(), sort_keys=False, width=100), "yaml", background_color="default")
    )
    for test in entry.tests:
        console.print(Text(f"test: {test.name} ({'alerts' if test.alerts else 'stays silent'})"))


@app.command(name="test", epilog=_TEST_EXAMPLES)
def run_tests(
    rule_ids: Annotated[
        list[str] | None, typer.Argument(metavar="RULE", help="Rules to test; all if left out.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    events_dir: EventsOption = None,
    *,
    require_both: Annotated[
        bool, typer.Option("--require-both", help="Fail where a rule lacks a test that alerts, or one that does not.")
    ] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Run the tests that stand in rules: each names a record, and whether the rule alerts on it."""
    loaded = load(config, packs_dir)
    entries = [find_rule(loaded, rule_id) for rule_id in rule_ids] if rule_ids else list(loaded.entries)
    results = list(run_rule_tests(entries, events_dir=events_dir or find_events_dir(config)))
    untested = find_untested(entries)
    if output is Format.JSON:
        write_json({"tests": [asdict(result) for result in results], "untested": untested})
    else:
        _print_results(results, untested)
    if any(not result.passed for result in results) or (require_both and untested):
        raise typer.Exit(EXIT_PROBLEMS)


def _print_results(results: Sequence[TestResult], untested: dict[str, str]) -> None:
    console = result_console()
    for result in results:
        mark = Text("pass", style="green") if result.passed else Text("FAIL", style="bold red")
        console.print(Text.assemble(mark, f"  {result.rule_id}: {result.name}"))
        if not result.passed:
            console.print(Text(f"      {result.message} ({result.file}:{result.line})"))
    for rule_id, lacking in untested.items():
        console.print(Text.assemble(("note", "yellow"), f"  {rule_id} has no test with {lacking}"))
    passed = Counter(result.passed for result in results)
    say(f"{count(len(results), 'test')}: {passed[True]} passed, {passed[False]} failed.")


def _table(entries: Sequence[RuleEntry]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Rule", "Severity", "Pack", "Title"):
        table.add_column(heading, no_wrap=heading != "Title", overflow="fold")
    for entry in entries:
        rule = entry.rule
        name = Text(rule.id, style="" if entry.enabled else "dim") + Text(
            "" if entry.enabled else " (off)", style="dim"
        )
        table.add_row(name, severity(rule.severity), Text(rule.pack or "own"), Text(rule.title))
    return table


def _describe(entry: RuleEntry) -> dict[str, Any]:
    rule = entry.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "pack": rule.pack,
        "enabled": entry.enabled,
        "tags": list(rule.tags),
        "file": entry.file,
        "line": entry.line,
    }
