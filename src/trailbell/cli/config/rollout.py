"""Puts a version of the config live: widen the filters, deploy, follow, narrow the filters."""

import time
from collections.abc import Callable

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from trailbell.cli.config.deployed import Deployed, Deployment
from trailbell.cli.shared.output import EXIT_PROBLEMS, message_console, say
from trailbell.errors import ConfigError

POLL_SECONDS = 2.0
_MOST_CHARS = 1024


def describe(config_version: str, author: str, message: str) -> str:
    """Return what AppConfig keeps with a version and its deployment; it takes ASCII only."""
    text = f"{message} (config {config_version}, by {author})" if message else f"config {config_version}, by {author}"
    return text.encode("ascii", "replace").decode()[:_MOST_CHARS]


def wait_for_turn(deployed: Deployed, *, wait: bool, sleep: Callable[[float], None] = time.sleep) -> list[Deployment]:
    """Wait until no deployment is in progress, for AppConfig takes one at a time. Returns the deployments.

    Ends the command where one is in progress and nobody wants to wait.
    """
    deployments = deployed.deployments()
    busy = next((each for each in deployments if each.in_progress), None)
    if busy is None:
        return deployments
    if not wait:
        say(
            f"Version {busy.version} is being deployed or watched ({busy.state}). "
            "Wait until it is over, or take it back with `trailbell config rollback`."
        )
        raise typer.Exit(EXIT_PROBLEMS)
    _follow(deployed, busy, f"Waiting for version {busy.version}", sleep)
    return deployed.deployments()


def roll_out(
    deployed: Deployed,
    version: int,
    description: str,
    *,
    watched: bool,
    wait: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> Deployment:
    """Put a version live, and return its deployment. Ends the command where it was taken back.

    Nothing that the version before and this one both match is missed: filters are widened first, and narrowed last.
    """
    for place, reason in deployed.widen_filters(version).items():
        say(f"{place} refuses to change its filters, so what only this config matches is not seen there: {reason}.")
    deployment = deployed.start(version, description, watched=watched)
    # A filter sync between those two calls could have narrowed again what nothing asked for yet.
    settle(deployed)
    if not wait:
        return deployment
    if deployment.in_progress:
        deployment = _follow(deployed, deployment, f"Version {version}", sleep)
        settle(deployed)
    if deployment.state != "COMPLETE":
        say(f"Version {version} was taken back ({deployment.state}): {deployment.reason or 'see AppConfig'}.")
        raise typer.Exit(EXIT_PROBLEMS)
    return deployment


def settle(deployed: Deployed) -> None:
    """Bring the filters in line; a failure is told and no more, for filter sync tries again by itself."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        deployed.settle_filters()
    except (ConfigError, BotoCoreError, ClientError) as error:
        say(f"Filters stay as they are until the next filter sync: {error}.")


def _follow(deployed: Deployed, deployment: Deployment, title: str, sleep: Callable[[float], None]) -> Deployment:
    """Show a deployment until it is over."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    console = message_console()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=100, state=deployment.state)
        while deployment.in_progress:
            sleep(POLL_SECONDS)
            deployment = deployed.deployment(deployment.number)
            state = "live, and watched" if deployment.state == "BAKING" else deployment.state.lower()
            progress.update(task, completed=deployment.percent, state=state)
    return deployment
