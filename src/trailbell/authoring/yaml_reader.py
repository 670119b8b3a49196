"""Reads YAML into plain values that remember where each was written.

YAML 1.2's core schema, so that `on`, `17:00`, `011122223333` and `2026-01-01` are what they look like: strings. Only
plain mappings, lists and scalars; a key that is written twice is an error.
"""

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from trailbell.authoring.problems import Problem, Problems

Step = str | int
ValuePath = tuple[Step, ...]

MAX_VALUES = 200_000
"""Aliases can multiply a small file without end; no config that people write comes near."""

_MAX_DEPTH = 100
_LIBYAML_LEVELS = 3_000
"""About a kilobyte of stack each, of the eight megabytes that a process has."""
_CORE = "tag:yaml.org,2002:"
_COLLECTIONS = (_CORE + "map", _CORE + "seq")
_SCALARS: Mapping[str, tuple[str, str]] = {
    "null": (r"^(?:~|null|Null|NULL|)$", "~nN"),
    "bool": (r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    "int": (r"^(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$", "-+0123456789"),
    "float": (r"^[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$", "-+0123456789."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place in a file, from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One YAML file: its values and where they stand."""

    file: str
    """As messages name it."""
    value: Any
    marks: Mapping[ValuePath, Mark]

    def mark(self, path: ValuePath) -> Mark:
        """Return where a value is written, or the nearest one around it."""
        while path not in self.marks and path:
            path = path[:-1]
        return self.marks.get(path, Mark(line=1, column=1))


def read_yaml(path: Path, file: str, problems: Problems) -> Document | None:
    """Read a file; what is wrong with its YAML goes to `problems`, and None comes back where nothing can be read."""

    def fail(message: str, mark: Mark, tip: str = "") -> None:
        problems.add(Problem(level="error", message=message, tip=tip, file=file, line=mark.line, column=mark.column))

    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        fail(f"cannot be read: {error.strerror}", Mark(line=1, column=1))
        return None
    except UnicodeDecodeError as error:
        fail(f"is not UTF-8 text: {error.reason} at byte {error.start}", Mark(line=1, column=1))
        return None
    return parse_yaml(text, file, problems)


def parse_yaml(text: str, file: str, problems: Problems) -> Document | None:
    """Parse YAML text; what is wrong with it goes to `problems`."""
    builder = _Builder(file=file, problems=problems, marks={})
    try:
        node = _compose(text)
        value = None if node is None else builder.build(node, ())
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        builder.fail(f"is not YAML: {error.problem or error.context}", mark, "Check indentation, quotes and brackets.")
        return None
    except (yaml.YAMLError, RecursionError) as error:
        builder.fail(f"is not YAML: {str(error) or 'nested too deeply'}", None)
        return None
    except _TooMuchError as error:
        builder.fail(str(error), None, "Write it out in fewer values.")
        return None
    return Document(file=file, value=value, marks=builder.marks)


class _TooMuchError(Exception):
    pass


def _compose(text: str) -> yaml.Node | None:
    """Return the text's nodes. Raises YAMLError, or RecursionError.

    libyaml reads eight times as fast. PyYAML's own parser is left what is wrong, because messages are in its words, and
    what may nest so deep that libyaml's recursion would end the process.
    """
    if yaml.__with_libyaml__ and _most_levels(text) <= _LIBYAML_LEVELS:
        with contextlib.suppress(yaml.YAMLError):
            return yaml.compose(text, Loader=_loader(yaml.CSafeLoader))
    return yaml.compose(text, Loader=_loader(yaml.SafeLoader))


def _most_levels(text: str) -> int:
    """Return how deep a text nests at the most: a level takes a bracket, or a further column of its line."""
    return text.count("[") + text.count("{") + max(map(len, text.splitlines()), default=0)


@cache
def _loader(base: Any) -> Any:
    """Return a loader that knows the core schema's scalars and nothing else."""

    class Loader(base):  # type: ignore[misc] # one of PyYAML's two
        yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML has it

    for name, (pattern, first) in _SCALARS.items():
        Loader.add_implicit_resolver(_CORE + name, re.compile(pattern), [*first, ""] if name == "null" else list(first))
    return Loader


@dataclass(slots=True, kw_only=True)
class _Builder:
    file: str
    problems: Problems
    marks: dict[ValuePath, Mark]

    def fail(self, message: str, mark: yaml.Mark | None, tip: str = "") -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.problems.add(Problem(level="error", message=message, tip=tip, file=self.file, line=line, column=column))

    def build(self, node: yaml.Node, path: ValuePath) -> Any:
        if len(self.marks) > MAX_VALUES or len(path) > _MAX_DEPTH:
            raise _TooMuchError(f"holds more than {MAX_VALUES} values or nests deeper than {_MAX_DEPTH}")
        self.marks.setdefault(path, Mark(line=node.start_mark.line + 1, column=node.start_mark.column + 1))
        if not isinstance(node, yaml.ScalarNode) and node.tag not in _COLLECTIONS:
            self._refuse_tag(node)
        if isinstance(node, yaml.MappingNode):
            return dict(self._entries(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, number)) for number, child in enumerate(node.value)]
        return self._scalar(node)

    def _entries(self, node: yaml.MappingNode, path: ValuePath) -> Iterator[tuple[str, Any]]:
        seen: dict[str, yaml.Mark] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fail("a key must be a plain word", key.start_mark)
                continue
            if key.value in seen:
                first = seen[key.value].line + 1
                self.fail(f"{key.value} is written twice; first in line {first}", key.start_mark, "Keep one.")
                continue
            seen[key.value] = key.start_mark
            self.marks[(*path, key.value)] = Mark(line=key.start_mark.line + 1, column=key.start_mark.column + 1)
            yield key.value, self.build(value, (*path, key.value))

    def _scalar(self, node: yaml.Node) -> Any:
        kind, text = node.tag.removeprefix(_CORE), node.value
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text, 0) if text.lstrip("+-").startswith("0x") else int(text)
            case "float":
                number = float(text)
                return number if math.isfinite(number) else text
            case _:
                self._refuse_tag(node)
                return text

    def _refuse_tag(self, node: yaml.Node) -> None:
        self.fail(f"the tag {node.tag} is not allowed", node.start_mark, "Write a plain value.")
