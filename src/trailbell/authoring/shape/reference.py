"""Tables of the config's keys for docs/configuration.md, made from the model."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from trailbell.authoring.shape import model
from trailbell.authoring.shape.destinations import DestinationsPart, part_of
from trailbell.destinations import KINDS, all_kinds, load_kind
from trailbell.facts.catalogue import FACTS
from trailbell.formats import FORMATS, load_format
from trailbell.named_values import former_names, named_values
from trailbell.summary_template import placeholders

_PARTS: dict[str, type[BaseModel]] = {
    "file": model.ConfigFile,
    "rule": model.RulePart,
    "threshold": model.ThresholdPart,
    "first_seen": model.FirstSeenPart,
    "dedupe": model.DedupePart,
    "test": model.TestPart,
    "override": model.OverridePart,
    "suppression": model.SuppressionPart,
    "business_hours": model.BusinessHoursPart,
    "slack": part_of(load_kind("slack")),
    "destinations": DestinationsPart,
    "route": model.RoutePart,
    "deployment": model.DeploymentPart,
}
_MARKED = re.compile(r"(<!-- table: (?P<name>[a-z_]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def insert_tables(page: str) -> str:
    """Return the page with every `<!-- table: name -->` ... `<!-- end -->` filled anew."""
    return _MARKED.sub(lambda found: f"{found[1]}{_table(found['name'], page)}{found[3]}", page)


def table_names() -> list[str]:
    """Return the tables there are."""
    return [*_PARTS, "destination_kinds", *_MADE]


def _kinds(page: str) -> str:
    """Return what each kind of destination gets and is told; what has a table of its own on the page is left to it."""
    kinds = [(KINDS[name].section, kind) for name, kind in all_kinds().items()]
    rows = ((f"`{section}`", kind.holds, kind.gets) for section, kind in kinds)
    parts = [_rows(("Destination", "Secret", "What it gets"), rows)]
    parts += [
        f"\n`{section}`:\n\n{_fields(part_of(kind))}"
        for section, kind in kinds
        if not kind.spread and fields(kind.settings) and f"<!-- table: {section} -->" not in page
    ]
    return "".join(parts)


def _table(name: str, page: str) -> str:
    if name == "destination_kinds":
        return _kinds(page)
    if name in _MADE:
        head, make = _MADE[name]
        return _rows(head, make())
    return _fields(_PARTS[name])


def _fields(part: type[BaseModel]) -> str:
    rows = (
        (f"`{field.alias or key}`", _type(field.annotation), _default(field), field.description or "")
        for key, field in part.model_fields.items()
    )
    return _rows(("Key", "Value", "Left out", "Meaning"), rows)


def _keys() -> Iterator[tuple[str, ...]]:
    return ((f"`{name}`", value.meaning) for name, value in sorted(named_values("key").items()))


def _placeholders() -> Iterator[tuple[str, ...]]:
    meanings = {name: value.meaning for name, value in named_values("placeholder").items()}
    return ((f"`{{{name}}}`", meanings.get(name, "what was done, in plain words")) for name in placeholders())


def _former_names() -> Iterator[tuple[str, ...]]:
    for former, value in sorted(former_names("key").items()):
        yield f"`{former}` in `by`", f"`{value.name}`"
    for former, value in sorted(former_names("placeholder").items()):
        yield f"`{{{former}}}` in `summary`", f"`{{{value.name}}}`"


def _formats() -> Iterator[tuple[str, ...]]:
    return ((f"`{each}`", load_format(each).description) for each in FORMATS)


_MADE: Mapping[str, tuple[tuple[str, ...], Callable[[], Iterator[tuple[str, ...]]]]] = {
    "facts": (("Fact", "Type and meaning"), lambda: ((f"`{fact}`", meaning) for fact, meaning in FACTS.items())),
    "https_formats": (("`https_format`", "What HTTPS subscribers get"), _formats),
    "former_names": (("Written before", "Written now"), _former_names),
    "keys": (("Key", "What it holds"), _keys),
    "placeholders": (("Placeholder", "What is put there"), _placeholders),
}
"""Tables that are made of something else than the model: their heads and rows."""


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _type(annotation: Any) -> str:
    """Spell a type for people: `list of text`."""
    origin, options = get_origin(annotation), get_args(annotation)
    if hasattr(annotation, "__metadata__") or NoneType in options:
        return _type(next(option for option in options if option is not NoneType))
    if origin is Literal:
        return ", ".join(f"`{option}`" for option in options)
    if origin is list:
        return f"list of {_type(options[0])}"
    if origin is dict:
        return f"{_type(options[0])} to {_type(options[1])}" if options[1] is not Any else "event pattern"
    plain = {str: "text", int: "whole number", bool: "`true` or `false`", Any: "file name or mapping"}
    return plain.get(annotation, "mapping")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    default = field.default
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, list) and default:
        return f"`[{', '.join(default)}]`"
    return f"`{default}`" if isinstance(default, str | int) and default != "" else ""
