"""`trailbell config push`: make the config live."""

import typer

from trailbell.cli.config import options
from trailbell.cli.config.changes import compare, deployed_changes
from trailbell.cli.config.deployed import Deployed, refusals_told
from trailbell.cli.config.plan import check, live_config, print_changes, tell_blocked
from trailbell.cli.config.rollout import describe, roll_out, wait_for_turn
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, message_console, say, write_json
from trailbell.config.compiled import write_compiled
from trailbell.contract.names import DEFAULT_STACK

EXAMPLES = """
Examples:

  trailbell config push                              show what changes, ask, make it live, watch it for some minutes

  trailbell config push --yes --message "quieter CI"

  trailbell config push --yes --no-bake              live and done at once; nothing takes it back by itself
"""


def push(
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    *,
    yes: options.YesOption = False,
    wait: options.WaitOption = True,
    bake: options.BakeOption = True,
    message: options.MessageOption = "",
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Make the config live, without `cdk deploy`: check it, widen the filters, deploy it, narrow the filters."""
    loaded = load(config, packs_dir).config
    deployed = Deployed(Aws(profile=profile, region=region), stack)
    blocked = deployed_changes(check(deployed, loaded), loaded)
    if blocked:
        tell_blocked(blocked)
        raise typer.Exit(EXIT_PROBLEMS)
    live = live_config(deployed)
    changes = compare(live, loaded)
    if live.version == loaded.version and not changes.any:
        say(f"Nothing to push: config {live.version} is live.")
        if output is Format.JSON:
            write_json({"pushed": False, "config": live.version})
        return
    print_changes(changes, message_console())
    if not yes:
        typer.confirm(f"Make config {loaded.version} live?", abort=True, err=True)
    if bake and not live.version:
        # The alarm that a broken config has raised would take the next one back, too.
        say("There is no good config to go back to, so this one is not watched.")
        bake = False
    deployments = wait_for_turn(deployed, wait=wait)
    description = describe(loaded.version, deployed.author(), message)
    with refusals_told():
        version = deployed.host(write_compiled(loaded), loaded.version, description, deployments)
        deployment = roll_out(deployed, version, description, watched=bake, wait=wait)
    if output is Format.JSON:
        write_json({"pushed": True, "config": loaded.version, "version": version, "deployment": deployment.number})
    say(f"Config {loaded.version} is live, as version {version}; detectors have it within half a minute.")
