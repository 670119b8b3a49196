"""How commands speak: results on stdout, words on stderr, problems one block each."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any, TextIO

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from trailbell.authoring import Problem

EXIT_PROBLEMS = 1
"""A check failed, or the config has errors."""
EXIT_USAGE = 2
"""The command was called in a way it does not know."""
EXIT_AWS = 3
"""AWS could not be reached, or refused."""

_WIDE = 100_000
"""Characters: more than any line has."""
_SEVERITY_STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "dim"}


class Format(StrEnum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="How the result is written: text for people, json for programs.")
]


def result_console() -> Console:
    """Return the console for results."""
    return _console(sys.stdout)


def message_console() -> Console:
    """Return the console for words beside the result."""
    return _console(sys.stderr)


def say(text: str) -> None:
    """Tell people something beside the result."""
    message_console().print(Text(text))


def write_json(value: Any) -> None:
    """Write a result as JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def severity(value: str) -> Text:
    """Return a severity in its colour."""
    return Text(value, style=_SEVERITY_STYLES.get(value, ""))


def print_problems(problems: Iterable[Problem], console: Console) -> None:
    """Print each problem as a block: place, what is wrong, what to do."""
    for problem in problems:
        style = "bold red" if problem.level == "error" else "bold yellow"
        where = " · ".join(part for part in (problem.rule and f"rule {problem.rule}", problem.field) if part)
        place = f"{problem.file}:{problem.line}:{problem.column}"
        console.print(Text.assemble((problem.level, style), "  ", (place, "bold"), "  ", (where, "cyan")))
        console.print(Padding(Text(_sentence(problem.message)), (0, 0, 0, 4), expand=False))
        if problem.tip:
            console.print(Padding(Text(problem.tip, style="green"), (0, 0, 0, 4), expand=False))
        console.print()


def problems_to_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """Return problems as plain JSON."""
    return [asdict(problem) for problem in problems]


def count(number: int, one: str, many: str = "") -> str:
    """Spell a number of things: `1 rule`, `2 rules`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def _console(stream: TextIO) -> Console:
    """Return a console that wraps lines for a terminal only: programs read whole lines."""
    return Console(file=stream, highlight=False, width=None if stream.isatty() else _WIDE)


def _sentence(text: str) -> str:
    """End a text as a sentence; names and values at its beginning stay as they are."""
    return text if text.endswith((".", "?", "!")) else text + "."
