"""`trailbell init`: write a starter config."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from trailbell.authoring.shape.schema import render_schema
from trailbell.cli.shared.loading import DEFAULT_CONFIG
from trailbell.cli.shared.output import EXIT_PROBLEMS, say

STARTER_FILE = "starter.yaml"
SCHEMA_FILE = "trailbell.schema.json"
EXAMPLES = """
Examples:

  trailbell init                                     config/trailbell.yaml

  trailbell init accounts/production.yaml
"""


def init(
    path: Annotated[Path, typer.Argument(help="The config file to write.")] = DEFAULT_CONFIG,
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a commented starter config, and its JSON Schema beside it, so that editors complete and check it."""
    if path.exists() and not force:
        say(f"{path} is there already. Give another path, or --force to write over it.")
        raise typer.Exit(EXIT_PROBLEMS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(starter_config(), encoding="utf-8")
        (path.parent / SCHEMA_FILE).write_text(render_schema(), encoding="utf-8")
    except OSError as error:
        say(f"{path} cannot be written: {error.strerror}.")
        raise typer.Exit(EXIT_PROBLEMS) from error
    say(f"Wrote {path}. Next: put your names and destinations in, then run `trailbell config validate {path}`.")


def starter_config() -> str:
    """Return the text of the starter config."""
    return files("trailbell.cli").joinpath(STARTER_FILE).read_text(encoding="utf-8")
