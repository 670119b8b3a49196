"""A place in a document, at which problems are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trailbell.authoring.problems import Problem, Problems
from trailbell.authoring.yaml_reader import Document, Step, ValuePath


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """One value of a document, its place, and where to tell what is wrong with it."""

    document: Document
    problems: Problems
    path: ValuePath = ()

    @property
    def value(self) -> Any:
        """The value here; None where there is none."""
        value = self.document.value
        for step in self.path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    @property
    def line(self) -> int:
        """The line that the value is written in, from 1."""
        return self.document.mark(self.path).line

    def at(self, *steps: Step) -> "Cursor":
        """Return the place of a value within this one."""
        return Cursor(document=self.document, problems=self.problems, path=(*self.path, *steps))

    def items(self) -> Iterator["Cursor"]:
        """Return the places of a list's items; none where this is no list."""
        value = self.value
        return (self.at(number) for number in range(len(value) if isinstance(value, list) else 0))

    def entries(self) -> Iterator[tuple[str, "Cursor"]]:
        """Return the keys of a mapping and the places of their values; none where this is no mapping."""
        value = self.value
        return ((key, self.at(key)) for key in (value if isinstance(value, dict) else ()))

    def error(self, message: str, tip: str = "") -> None:
        """Tell what must be mended before the config can be used."""
        self._tell("error", message, tip)

    def warn(self, message: str, tip: str = "") -> None:
        """Tell what is probably not meant."""
        self._tell("warning", message, tip)

    def _tell(self, level: str, message: str, tip: str) -> None:
        mark = self.document.mark(self.path)
        rule, field = self._rule_and_field()
        self.problems.add(
            Problem(
                level="error" if level == "error" else "warning",
                message=message,
                tip=tip,
                file=self.document.file,
                line=mark.line,
                column=mark.column,
                rule=rule,
                field=field or None,
            )
        )

    def _rule_and_field(self) -> tuple[str | None, str]:
        match self.path:
            case ("rules", int(number), *rest):
                rule = Cursor(document=self.document, problems=self.problems, path=("rules", number, "id")).value
                return (rule if isinstance(rule, str) else f"number {number + 1}"), spell(tuple(rest))
            case _:
                return None, spell(self.path)


def spell(path: ValuePath) -> str:
    """Spell a path as people do: `match.eventName[0]`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
