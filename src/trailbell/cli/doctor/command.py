"""The command: runs the checks, shows a table, fails where one fails."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Final

import typer
from rich.table import Table
from rich.text import Text

from trailbell.cli.doctor.checkup import Check, Deployment, Result, run_checks
from trailbell.cli.doctor.delivery import (
    check_alarms,
    check_dead_letters,
    check_functions,
    check_secrets,
    check_subscriptions,
)
from trailbell.cli.doctor.destinations import destination_checks
from trailbell.cli.doctor.filters import check_filters, check_forwarders
from trailbell.cli.doctor.live import check_config
from trailbell.cli.doctor.trail import check_trail
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, result_console, say, write_json
from trailbell.contract.names import DEFAULT_STACK

DOCTOR_EXAMPLES = """
Examples:

  trailbell doctor                                   check the deployment of this checkout's config

  trailbell doctor --region eu-central-1 --profile security

  trailbell doctor --format json | jq '.[] | select(.status != "ok")'
"""

CHECKS: Final[Mapping[str, Check]] = {
    "trail": check_trail,
    "forwarder": check_forwarders,
    "filters": check_filters,
    "functions": check_functions,
    "config": check_config,
    "subscriptions": check_subscriptions,
    "secrets": check_secrets,
    **destination_checks(),
    "dead letters": check_dead_letters,
    "alarms": check_alarms,
}
"""In the order of an event's way."""
_STYLES = {"ok": "green", "warn": "bold yellow", "fail": "bold red"}


def doctor(
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Check a deployment from the trail to the destinations, and say how to mend what is wrong. Changes nothing."""
    loaded = load(config, packs_dir)
    aws = Aws(profile=profile, region=region or loaded.config.deployment.home_region)
    deployment = Deployment(aws=aws, stack=stack, outputs=aws.stack_outputs(stack), config=loaded.config)
    results = list(run_checks(CHECKS, deployment))
    if output is Format.JSON:
        write_json([asdict(result) for result in results])
    else:
        result_console().print(_table(results))
        _sum_up(results)
    if any(result.status == "fail" for result in results):
        raise typer.Exit(EXIT_PROBLEMS)


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Check", "Found"):
        table.add_column(heading, overflow="fold", no_wrap=heading != "Found")
    for result in results:
        found = Text(result.said)
        if result.mend:
            found += Text(f"\n{result.mend}", style="green")
        table.add_row(Text(result.status, style=_STYLES[result.status]), result.check, found)
    return table


def _sum_up(results: Sequence[Result]) -> None:
    failed = sum(result.status == "fail" for result in results)
    unsure = sum(result.status == "warn" for result in results)
    if failed or unsure:
        say(f"{failed} failed, {unsure} to look at, {len(results) - failed - unsure} fine.")
    else:
        say("All is well.")
