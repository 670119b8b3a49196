"""`trailbell rules import`: rules of other tools as Trailbell's, and a list of what could not be carried over."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from trailbell.cli.importing.detect import Kind, detect
from trailbell.cli.importing.result import Imported, Loss
from trailbell.cli.shared.output import (
    EXIT_PROBLEMS,
    EXIT_USAGE,
    Format,
    FormatOption,
    count,
    message_console,
    say,
    write_json,
)

IMPORT_EXAMPLES = """
Examples:

  trailbell rules import sigma/rules/cloud/aws/cloudtrail --out config/packs/sigma/rules.yaml

  trailbell rules import pattern.json                what an EventBridge rule matches

  trailbell rules import terraform.tfvars            cloudtrail-to-slack's events_to_track and rules

Exit codes: 0 all of it was imported, 1 something was not, or not wholly (it is listed), 2 wrong usage.
"""

_SUFFIXES = frozenset({".yml", ".yaml", ".json", ".tf", ".tfvars", ".txt", ".env", ".template"})
_STYLES = {"not imported": "bold red"}


def import_rules(
    paths: Annotated[list[Path], typer.Argument(metavar="FILE|FOLDER...", help="Rule files, or folders of them.")],
    *,
    kind: Annotated[
        Kind | None, typer.Option("--from", help="The tool that they are of; told by their content if left out.")
    ] = None,
    aws_names: Annotated[
        bool,
        typer.Option(
            "--aws-names",
            help="Write Sigma's event sources and names as AWS spells them: in any other case they never come, and "
            "filters stay tight.",
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option(help="File to write the rules to; stdout if left out.")] = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Import rules of Sigma, EventBridge or cloudtrail-to-slack, and tell what could not be carried over."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        say(f"There is no {missing[0]}.")
        raise typer.Exit(EXIT_USAGE)
    imported = _import(_read(paths), kind, aws_names=aws_names)
    # Here, because the loader and its model take longer than the help text should.
    from trailbell.cli.importing.emit import finish

    text = finish(imported)
    if out is not None and imported.drafts:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    if output is Format.JSON:
        write_json(_describe(imported))
    elif out is None and imported.drafts:
        typer.echo(text, nl=False)
    if output is Format.TEXT:
        _tell(imported)
    _sum_up(imported, out)
    if imported.losses:
        raise typer.Exit(EXIT_PROBLEMS)


def _read(paths: Iterable[Path]) -> list[tuple[str, str]]:
    """Return the files and their texts, those of folders by name."""
    found = []
    for path in paths:
        inside = sorted(child for child in path.rglob("*") if child.suffix in _SUFFIXES) if path.is_dir() else [path]
        found += [(str(file), file.read_text(encoding="utf-8", errors="replace")) for file in inside if file.is_file()]
    return found


def _import(files: list[tuple[str, str]], kind: Kind | None, *, aws_names: bool) -> Imported:
    imported = Imported()
    by_kind: dict[Kind, list[tuple[str, str]]] = {}
    for file, text in files:
        found = kind or detect(text, file)
        if found is None:
            why = "it is no Sigma rule, event pattern or list of events; name its tool with --from"
            imported.losses.append(Loss(file=file, line=1, rule="", what="the file", why=why, effect="not imported"))
        else:
            by_kind.setdefault(found, []).append((file, text))
    for found, members in by_kind.items():
        one = _import_kind(found, members, aws_names=aws_names)
        imported.extend(one.drafts, one.losses)
    return imported


def _import_kind(kind: Kind, files: list[tuple[str, str]], *, aws_names: bool) -> Imported:
    """Import files of one tool; each reader is loaded where it is needed, pySigma above all."""
    match kind:
        case Kind.SIGMA:
            from trailbell.cli.importing.sigma import import_sigma

            return import_sigma(files, aws_names=aws_names)
        case Kind.EVENTBRIDGE:
            from trailbell.cli.importing.eventbridge import import_eventbridge

            return import_eventbridge(files)
        case Kind.EVENTS_TO_TRACK:
            from trailbell.cli.importing.cloudtrail_to_slack.events_to_track import import_events_to_track

            return import_events_to_track(files)


def _describe(imported: Imported) -> dict[str, Any]:
    return {
        "rules": [dict(draft.document) | {"source": f"{draft.file}:{draft.line}"} for draft in imported.drafts],
        "losses": [
            {
                "file": loss.file,
                "line": loss.line,
                "rule": loss.rule,
                "what": loss.what,
                "why": loss.why,
                "effect": loss.effect,
            }
            for loss in imported.losses
        ],
        "warnings": imported.warnings,
    }


def _tell(imported: Imported) -> None:
    console = message_console()
    for loss in imported.losses:
        style = _STYLES.get(loss.effect, "bold yellow")
        console.print(
            Text.assemble((loss.effect, style), "  ", (f"{loss.file}:{loss.line}", "bold"), "  ", (loss.rule, "cyan"))
        )
        console.print(Text(f"    {loss.what}: {loss.why}."))
    for warning in imported.warnings:
        console.print(Text.assemble(("warning", "bold yellow"), f"  {warning}"))


def _sum_up(imported: Imported, out: Path | None) -> None:
    untested = sum("tests" not in draft.document for draft in imported.drafts)
    where = f" to {out}" if out is not None and imported.drafts else ""
    say(f"{count(len(imported.drafts), 'rule')} imported{where}, {count(len(imported.losses), 'loss', 'losses')}.")
    if untested:
        say(f"{count(untested, 'rule has', 'rules have')} no test: no record could be made up for it.")
