"""What differs between two configs: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trailbell.config.model import DEPLOYED_PARTS, Config
from trailbell.filters import Filter, compile_filters

Kind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field of a rule, a suppression or the names: None where it is not there."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChange:
    """A rule or a suppression that one of the configs lacks or has otherwise."""

    id: str
    kind: Kind
    title: str
    """The rule's title, or the suppression's reason."""
    severity: str | None
    """As it is after the change; None for a suppression."""
    fields: tuple[FieldChange, ...] = ()
    """What changed; empty for what was added or removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterChange:
    """How many EventBridge rules are in use."""

    before: int
    after: int
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """All that a push would change."""

    rules: tuple[EntryChange, ...]
    suppressions: tuple[EntryChange, ...]
    names: tuple[FieldChange, ...]
    routes: FieldChange | None
    filters: FilterChange

    @property
    def any(self) -> bool:
        """Whether there is something to push."""
        return bool(self.rules or self.suppressions or self.names or self.routes)


def compare(before: Config, after: Config) -> Changes:
    """Return what the second config changes of the first; where alerts can go is left out: see `deployed_changes`."""
    old, new = before.to_json(), after.to_json()
    return Changes(
        rules=tuple(_entries(old["rules"], new["rules"], title="title")),
        suppressions=tuple(_entries(old["suppressions"], new["suppressions"], title="reason")),
        names=tuple(_fields(old["names"], new["names"])),
        routes=None
        if old["routes"] == new["routes"]
        else FieldChange(field="routes", before=old["routes"], after=new["routes"]),
        filters=_filters(before, after),
    )


def deployed_changes(deployed: Mapping[str, Any], config: Config) -> tuple[FieldChange, ...]:
    """Return what differs from the deployment and takes a `cdk deploy`, with dotted names."""
    document = config.to_json()
    wanted = {part: document[part] for part in DEPLOYED_PARTS}
    return tuple(_fields({part: deployed.get(part) for part in DEPLOYED_PARTS}, wanted, deep=True))


def _entries(old: list[dict[str, Any]], new: list[dict[str, Any]], *, title: str) -> Iterator[EntryChange]:
    before, after = ({entry["id"]: entry for entry in entries} for entries in (old, new))
    for id_ in sorted({*before, *after}):
        entry = after.get(id_) or before[id_]
        fields: tuple[FieldChange, ...] = ()
        kind: Kind = "added" if id_ not in before else "removed"
        if id_ in before and id_ in after:
            fields, kind = tuple(_fields(before[id_], after[id_])), "changed"
            if not fields:
                continue
        yield EntryChange(id=id_, kind=kind, title=entry[title], severity=entry.get("severity"), fields=fields)


def _fields(
    old: Mapping[str, Any], new: Mapping[str, Any], *, deep: bool = False, above: str = ""
) -> Iterator[FieldChange]:
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if deep and isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _fields(before, after, deep=True, above=f"{above}{key}.")
        else:
            yield FieldChange(field=f"{above}{key}", before=before, after=after)


def _filters(before: Config, after: Config) -> FilterChange:
    def filters(config: Config) -> tuple[Filter, ...]:
        return compile_filters(config.rules, slots=after.deployment.slots) if config.rules else ()

    old, new = filters(before), filters(after)
    return FilterChange(before=len(old), after=len(new), changed=old != new)
