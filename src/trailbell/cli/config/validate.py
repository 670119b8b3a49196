"""`trailbell config validate`: check the config file."""

from pathlib import Path
from typing import Annotated

import typer

from trailbell.authoring import InvalidConfigError, LoadedConfig, Problem
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load_quietly
from trailbell.cli.shared.output import (
    EXIT_PROBLEMS,
    Format,
    FormatOption,
    count,
    print_problems,
    problems_to_json,
    result_console,
    say,
    write_json,
)

EXAMPLES = """
Examples:

  trailbell config validate                          the config of this checkout

  trailbell config validate other.yaml --strict      warnings count as errors

  trailbell config validate --format json | jq .problems
"""


def validate(
    path: Annotated[
        Path | None, typer.Argument(help="The config file; --config says the same.", show_default=False)
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
    output: FormatOption = Format.TEXT,
) -> None:
    """Check a config and its packs, and tell every mistake with file, line and what to do. Needs no AWS."""
    path = path or config
    loaded: LoadedConfig | None = None
    problems: tuple[Problem, ...]
    try:
        loaded = load_quietly(path, packs_dir)
        problems = loaded.warnings
    except InvalidConfigError as error:
        problems = error.problems
    valid = loaded is not None and not (strict and problems)
    if output is Format.JSON:
        version = loaded.config.version if loaded else None
        write_json({"valid": valid, "version": version, "problems": problems_to_json(problems)})
    else:
        print_problems(problems, result_console())
        say(_verdict(path, loaded, problems))
        if not path.exists():
            say("Write a config with `trailbell init`.")
    if not valid:
        raise typer.Exit(EXIT_PROBLEMS)


def _verdict(path: Path, loaded: LoadedConfig | None, problems: tuple[Problem, ...]) -> str:
    warnings = sum(problem.level == "warning" for problem in problems)
    told = f", {count(warnings, 'warning')}" if warnings else ""
    if loaded is None:
        return f"{path} is not valid: {count(len(problems) - warnings, 'error')}{told}."
    on = len(loaded.config.rules)
    off = len(loaded.entries) - on
    suppressions = count(len(loaded.config.suppressions), "suppression")
    return f"{path} is valid: {count(on, 'rule')} on, {off} off, {suppressions}{told}. Version {loaded.config.version}."
