"""`trailbell rules new`: a first draft of a rule, with comments and tests."""

import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from trailbell.authoring import InvalidConfigError, Problem, load_config, run_rule_tests
from trailbell.cli.rules.drafting import Subject, draft_rule, put_into, subject_of_event, subject_of_record
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load_quietly
from trailbell.cli.shared.output import EXIT_PROBLEMS, message_console, print_problems, say
from trailbell.cli.sources.one import read_record_file
from trailbell.errors import ConfigError
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.redact import redact
from trailbell.rule import SEVERITIES

NEW_EXAMPLES = """
Examples:

  trailbell rules new key-made --event iam:CreateAccessKey

  trailbell rules new key-made --event iam:CreateAccessKey --severity high --to config/trailbell.yaml

  trailbell show EVENT_ID --format json | jq .record > record.json

  trailbell rules new like-this-one --from record.json
"""


def new(
    rule_id: Annotated[str, typer.Argument(metavar="ID", help="The rule's id: small letters, digits and hyphens.")],
    *,
    event: Annotated[
        str | None, typer.Option(help="The call that it is about, such as iam:CreateAccessKey.", show_default=False)
    ] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="A file with a record that it is to fire on.", show_default=False)
    ] = None,
    severity: Annotated[str, typer.Option(help=f"{', '.join(SEVERITIES)}.")] = "medium",
    to: Annotated[
        Path | None,
        typer.Option(help="A config or rule file to put the rule into; stdout if left out.", show_default=False),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
) -> None:
    """Draft a rule with comments and tests, for an event by its name or for a record."""
    if (event is None) == (source is None):
        raise typer.BadParameter("name the event or a record: one of both", param_hint="--event, --from")
    if severity not in SEVERITIES:
        raise typer.BadParameter(
            f"{severity} is no severity; use one of {', '.join(SEVERITIES)}", param_hint="--severity"
        )
    rule = draft_rule(_find_subject(event, source), rule_id=rule_id, severity=severity)
    _check(rule)
    if to is None:
        sys.stdout.write(put_into("", rule))
        say("Put it under `rules:` of your config, or have that done with --to.")
        return
    _put(rule, to, config, packs_dir)
    say(f"{to} has the rule {rule_id}. Make it yours, then run `trailbell config validate`.")


def _find_subject(event: str | None, source: Path | None) -> Subject:
    try:
        if event is not None:
            return subject_of_event(event)
        assert source is not None  # noqa: S101 - one of both is given
        return subject_of_record(read_record(redact(read_record_file(source)), Names()))
    except ConfigError as error:
        raise typer.BadParameter(str(error), param_hint="--event" if event else "--from") from error


def _check(rule: str) -> None:
    """See to it that the draft is valid and that its tests pass. Ends the command where the id or event forbids it."""
    with tempfile.TemporaryDirectory(prefix="trailbell-rule-") as folder:
        path = Path(folder) / "rule.yaml"
        path.write_text(put_into("", rule), encoding="utf-8")
        try:
            loaded = load_config(path, today=datetime.now(UTC).date())
        except InvalidConfigError as error:
            _refuse(error.problems)
        failed = [result for result in run_rule_tests(loaded.entries, events_dir=path.parent) if not result.passed]
    if failed:
        say(f"The draft's test {failed[0].name!r} fails: {failed[0].message}.")
        raise typer.Exit(EXIT_PROBLEMS)


def _put(rule: str, to: Path, config: Path, packs_dir: Path | None) -> None:
    """Write the rule into the file, unless the config is worse for it."""
    before = to.read_text(encoding="utf-8") if to.exists() else ""
    broken = _problems(config, packs_dir)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(put_into(before, rule), encoding="utf-8")
    worse = _problems(config, packs_dir)
    if worse and not broken:
        if before:
            to.write_text(before, encoding="utf-8")
        else:
            to.unlink()
        say(f"{to} was left as it is:")
        _refuse(worse)


def _problems(config: Path, packs_dir: Path | None) -> Sequence[Problem]:
    if not config.exists():
        return ()
    try:
        load_quietly(config, packs_dir)
    except InvalidConfigError as error:
        return error.problems
    return ()


def _refuse(problems: Sequence[Problem]) -> None:
    print_problems([problem for problem in problems if problem.level == "error"], message_console())
    raise typer.Exit(EXIT_PROBLEMS)
