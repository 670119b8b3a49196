"""Problems of a config: collected in one run, each with its place and what to do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

from trailbell.errors import ConfigError

_SIMILARITY = 0.72
"""Of names that count as a slip of the other: `sourceIpAdress` and `sourceIPAddress`, not `roles` and `rules`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a config."""

    level: Literal["error", "warning"]
    message: str
    tip: str = ""
    """What to do about it."""
    file: str
    line: int
    """From 1."""
    column: int
    """From 1."""
    rule: str | None = None
    """Id of the rule that it is in."""
    field: str | None = None
    """Path within the rule, or within the file where it is in no rule: `match.eventName[0]`."""

    def __str__(self) -> str:
        """Say it in one line: place, level, rule and field, message, tip."""
        what = ", ".join(part for part in (self.rule and f"rule {self.rule}", self.field) if part)
        tip = f". {self.tip}" if self.tip else ""
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {what + ': ' if what else ''}{self.message}{tip}"


class InvalidConfigError(ConfigError):
    """A config with errors: all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        """Errors and warnings, in the order of files and lines."""
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True, kw_only=True)
class Problems:
    """Collects problems while a config is read."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep a problem, once."""
        if problem not in self.found:
            self.found.append(problem)

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(problem.level == "error" for problem in self.found)

    def sorted(self) -> tuple[Problem, ...]:
        """Return them by file, in the order the files were read, then by line."""
        files = {file: number for number, file in enumerate(dict.fromkeys(problem.file for problem in self.found))}
        return tuple(sorted(self.found, key=lambda problem: (files[problem.file], problem.line, problem.column)))


def did_you_mean(written: str, known: Collection[str], *, similarity: float = _SIMILARITY) -> str:
    """Return the known name that was probably meant, or an empty string. Similarity is from 0 to 1."""
    folded = {name.lower(): name for name in sorted(known, reverse=True)}
    near = get_close_matches(written.lower(), folded, n=1, cutoff=similarity)
    return folded[near[0]] if near else ""


def suggest(written: str, known: Collection[str], *, few: int = 20) -> str:
    """Return a tip: the name that was probably meant, or all names where there are few."""
    meant = did_you_mean(written, known)
    if meant:
        return f"Did you mean {meant}?"
    return f"Known: {', '.join(sorted(known))}." if 0 < len(known) <= few else ""
