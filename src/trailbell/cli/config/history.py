"""`trailbell config history`: which configs were live, since when, and who pushed them."""

from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from trailbell.cli.config.deployed import Deployed, Deployment
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.output import Format, FormatOption, result_console, write_json
from trailbell.contract.names import DEFAULT_STACK

EXAMPLES = """
Examples:

  trailbell config history                           the latest deployments of a config, newest first

  trailbell config history --limit 50 --format json
"""


def history(
    *,
    limit: Annotated[int, typer.Option(help="How many.", min=1)] = 20,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """List what was deployed to AppConfig: version, config, when, by whom and why, and which is live."""
    deployed = Deployed(Aws(profile=profile, region=region), stack)
    deployments = deployed.deployments()
    live = next((each.number for each in deployments if each.state == "COMPLETE"), None)
    shown = [deployed.deployment(each.number) for each in deployments[:limit]]
    if output is Format.JSON:
        write_json([_document(each, live) for each in shown])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Version", "Config", "When (UTC)", "State", "Description"):
        table.add_column(heading, no_wrap=heading != "Description", overflow="fold")
    for each in shown:
        when = each.started.strftime("%Y-%m-%d %H:%M:%S") if each.started else ""
        state = Text("live", style="bold green") if each.number == live else Text(each.state.lower().replace("_", " "))
        table.add_row(str(each.version), each.config_version or "", when, state, Text(each.description))
    result_console().print(table)


def _document(deployment: Deployment, live: int | None) -> dict[str, object]:
    return {
        "version": deployment.version,
        "config": deployment.config_version,
        "deployment": deployment.number,
        "started": deployment.started.isoformat() if deployment.started else None,
        "state": deployment.state,
        "live": deployment.number == live,
        "description": deployment.description,
        "reason": deployment.reason or None,
    }
