"""The values of a record that people name: in a rule's `by` and `summary`, in filter policies, on the command line.

One entry of `table.VALUES` serves every use (docs/decisions/0021-named-values.md). Patterns have names of their own,
CloudTrail's fields and the facts; an entry tells which fact is the same value.
"""

from collections.abc import Iterable, Mapping
from functools import cache

from trailbell.named_values.model import Call, NamedValue, Use
from trailbell.named_values.table import VALUES

__all__ = ["VALUES", "Call", "NamedValue", "Use", "former_names", "known_names", "named_values", "present_names"]


@cache
def named_values(use: Use) -> Mapping[str, NamedValue]:
    """Return what may be named in a use, by its name."""
    return {value.name: value for value in VALUES if use in value.uses}


@cache
def former_names(use: Use) -> Mapping[str, NamedValue]:
    """Return what may be named in a use, by the name that it had before."""
    return {value.formerly[use]: value for value in VALUES if use in value.formerly}


@cache
def known_names(use: Use) -> Mapping[str, NamedValue]:
    """Return what may be named in a use, by every name that is understood."""
    return {**former_names(use), **named_values(use)}


def present_names(use: Use, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that the values have today. Raises KeyError for one that is unknown."""
    return tuple(known_names(use)[name].name for name in names)
