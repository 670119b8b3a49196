"""`trailbell config rollback`: make an earlier config live again."""

from typing import Annotated

import typer

from trailbell.cli.config import options
from trailbell.cli.config.deployed import Deployed, Deployment, refusals_told
from trailbell.cli.config.rollout import describe, roll_out, settle, wait_for_turn
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, say, write_json
from trailbell.contract.names import DEFAULT_STACK

EXAMPLES = """
Examples:

  trailbell config rollback                          what was live before; takes back what is being deployed

  trailbell config rollback 7 --yes                  version 7 of `trailbell config history`

  trailbell config rollback 5023b5510f8f             the same by the config's own version, which alerts name
"""


def rollback(
    to: Annotated[
        str | None, typer.Argument(metavar="VERSION", help="A version or config of `config history`.")
    ] = None,
    *,
    yes: options.YesOption = False,
    wait: options.WaitOption = True,
    bake: options.BakeOption = False,
    message: options.MessageOption = "",
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Make an earlier config live again, at once: the one before if no version is given."""
    deployed = Deployed(Aws(profile=profile, region=region), stack)
    deployments = deployed.deployments()
    running = next((each for each in deployments if each.in_progress), None)
    if to is None and running is not None:
        _ask(f"Take back version {running.version}, which is {running.state.lower()}?", yes=yes)
        deployed.take_back(running)
        settle(deployed)
        version = next((each.version for each in deployments if each.state == "COMPLETE"), None)
        _tell(version, running.number, output)
        return
    earlier = _find(deployments, to)
    _ask(f"Make version {earlier.version} (config {earlier.config_version or 'unknown'}) live again?", yes=yes)
    wait_for_turn(deployed, wait=wait)
    description = describe(earlier.config_version or "unknown", deployed.author(), message or "rollback")
    with refusals_told():
        deployment = roll_out(deployed, earlier.version, description, watched=bake, wait=wait)
    _tell(earlier.version, deployment.number, output)


def _find(deployments: list[Deployment], to: str | None) -> Deployment:
    """Return the deployment that a person means. Ends the command where there is none."""
    complete = [each for each in deployments if each.state in ("COMPLETE", "REVERTED")]
    live = next((each for each in deployments if each.state == "COMPLETE"), None)
    if to is None:
        found = next(
            (each for each in complete if live and each.number < live.number and each.version != live.version), None
        )
        missing = "There is no earlier version to go back to."
    else:
        found = next((each for each in deployments if to in (str(each.version), each.config_version)), None)
        missing = f"{to} was never deployed; `trailbell config history` lists what was."
    if found is None:
        say(missing)
        raise typer.Exit(EXIT_PROBLEMS)
    return found


def _ask(question: str, *, yes: bool) -> None:
    if not yes:
        typer.confirm(question, abort=True, err=True)


def _tell(version: int | None, deployment: int, output: Format) -> None:
    if output is Format.JSON:
        write_json({"version": version, "deployment": deployment})
    say(f"Version {version} is live again; detectors have it within half a minute.")
