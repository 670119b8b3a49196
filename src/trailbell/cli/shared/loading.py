"""Reads the config for a command: where it is, and what happens when it is wrong."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from trailbell import examples
from trailbell.authoring import InvalidConfigError, LoadedConfig, RuleEntry, load_config
from trailbell.authoring.problems import suggest
from trailbell.cli.shared.output import EXIT_PROBLEMS, count, message_console, print_problems, say

DEFAULT_CONFIG = Path("config/trailbell.yaml")

ConfigOption = Annotated[
    Path,
    typer.Option("--config", "-c", envvar="TRAILBELL_CONFIG", help="The config file.", show_default=True),
]
PacksOption = Annotated[
    Path | None,
    typer.Option(
        "--packs-dir", help="Where packs are looked for. Left out: packs/ beside the config, then the shipped ones."
    ),
]


def load(path: Path, packs_dir: Path | None) -> LoadedConfig:
    """Return the config without errors. Otherwise tells all of them on stderr and ends the command."""
    try:
        loaded = load_quietly(path, packs_dir)
    except InvalidConfigError as error:
        print_problems(error.problems, message_console())
        errors = sum(problem.level == "error" for problem in error.problems)
        say(f"{path}: {count(errors, 'error')}; nothing was done.")
        if not path.exists():
            say("Write a config with `trailbell init`, or name yours with --config.")
        raise typer.Exit(EXIT_PROBLEMS) from error
    return loaded


def load_quietly(path: Path, packs_dir: Path | None) -> LoadedConfig:
    """Return the config. Raises InvalidConfigError with all problems."""
    return load_config(path, packs_dir=packs_dir, today=datetime.now(UTC).date())


def find_rule(loaded: LoadedConfig, rule_id: str) -> RuleEntry:
    """Return a rule by its id. Otherwise says which was probably meant and ends the command."""
    by_id = {entry.rule.id: entry for entry in loaded.entries}
    if rule_id not in by_id:
        say(f"There is no rule {rule_id}. {suggest(rule_id, by_id, few=10) or 'See `trailbell rules list --all`.'}")
        raise typer.Exit(EXIT_PROBLEMS)
    return by_id[rule_id]


def find_events_dir(config: Path) -> Path:
    """Return the records that tests name: those of the checkout that the config lies in, else those of this one."""
    own = config.resolve().parent.parent / "tests" / "events"
    return own if own.is_dir() else examples.FOLDER
