"""Reads a config file and its packs: all problems of one run, or the config."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from trailbell import packs
from trailbell.authoring.checks import check_references, check_rule, check_unique_ids
from trailbell.authoring.cursor import Cursor
from trailbell.authoring.problems import InvalidConfigError, Problem, Problems, suggest
from trailbell.authoring.reachability import Conjunct, check_rule_reach, check_suppression_reach
from trailbell.authoring.resolve import (
    make_deployment,
    make_names,
    make_routes,
    make_rule,
    make_suppressions,
    merge_names,
)
from trailbell.authoring.route_names import check_route_names
from trailbell.authoring.shape.destinations import make_destinations
from trailbell.authoring.shape.model import ConfigFile, RuleFile, RulePart
from trailbell.authoring.shape.structure import read_as
from trailbell.authoring.yaml_reader import read_yaml
from trailbell.config.model import Config
from trailbell.names import Names
from trailbell.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A record, and whether the rule alerts on it."""

    name: str
    record: str | Mapping[str, Any]
    """Name of a file in `tests/events`, or the record itself."""
    changes: Mapping[str, Any]
    """What differs from the record: dotted path or key -> value; mappings are merged."""
    removals: tuple[str, ...]
    """Dotted paths that are taken out."""
    alerts: bool
    names: Names
    """What the test's account calls things. A pack's tests do not see the names of the config."""
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """A rule as it stands in a file, whether it is on or not."""

    rule: Rule
    enabled: bool
    file: str
    line: int
    tests: tuple[RuleTest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedConfig:
    """A config without errors."""

    config: Config
    entries: tuple[RuleEntry, ...]
    """Every rule that was read; `config.rules` are those that are on."""
    warnings: tuple[Problem, ...]


def load_config(path: Path, *, packs_dir: Path | None = None, today: date) -> LoadedConfig:
    """Read a config file and the packs it switches on.

    Packs are looked for in `packs_dir`, or else in `packs/` beside the file and among the packs that ship with
    Trailbell. `today` (UTC) decides which suppressions are over. Raises InvalidConfigError with
    all problems.
    """
    problems = Problems()
    document = read_yaml(path, str(path), problems)
    if document is None:
        raise InvalidConfigError(problems.sorted())
    root = Cursor(document=document, problems=problems)
    file = read_as(ConfigFile, root)
    folders = [packs_dir] if packs_dir else [path.parent / "packs", packs.FOLDER]
    sources = [_Source(pack=None, root=root, parts=file.rules if file else [])]
    sources += [source for pack in _pack_names(root) for source in _read_pack(pack, folders)]
    by_id = check_unique_ids(rule for source in sources for rule in source.rules())
    reach: dict[str, Sequence[Conjunct]] = {}
    for source in sources:
        for rule in source.rules():
            check_rule(rule)
            reach[str(rule.at("id").value)] = check_rule_reach(rule)
    check_references(root, by_id, today)
    check_suppression_reach(root.at("suppressions").items(), reach, today)
    if file:
        check_route_names(
            root, (rule for source in sources for rule in source.rules()), make_destinations(file.destinations)
        )
    if problems.failed or file is None:
        raise InvalidConfigError(problems.sorted())
    return _resolve(file, sources, problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A file with rules."""

    pack: str | None
    root: Cursor
    parts: Sequence[RulePart]

    def rules(self) -> Iterator[Cursor]:
        return self.root.at("rules").items()


def _pack_names(root: Cursor) -> list[Cursor]:
    return [place for place in root.at("packs").items() if isinstance(place.value, str)]


def _read_pack(place: Cursor, folders: Sequence[Path]) -> list[_Source]:
    """Read the rule files of a pack, by name."""
    folder = next((folder / place.value for folder in folders if (folder / place.value).is_dir()), None)
    if folder is None:
        known = {child.name for parent in folders if parent.is_dir() for child in parent.iterdir() if child.is_dir()}
        place.error(f"there is no pack {place.value}", suggest(place.value, known))
        return []
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".yaml", ".yml"})
    if not paths:
        place.error(f"the pack {place.value} has no rules: {folder} holds no .yaml file")
    sources = []
    for path in paths:
        document = read_yaml(path, _display(path), place.problems)
        if document is not None:
            root = Cursor(document=document, problems=place.problems)
            file = read_as(RuleFile, root)
            sources.append(_Source(pack=place.value, root=root, parts=file.rules if file else []))
    return sources


def _display(path: Path) -> str:
    """Name a file as seen from here, where it is below."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _resolve(file: ConfigFile, sources: Sequence[_Source], problems: Problems) -> LoadedConfig:
    names = make_names(file)
    entries = tuple(
        _enter(part, place, source.pack, file, names) for source in sources for part, place in _pairs(source)
    )
    config = Config(
        rules=tuple(entry.rule for entry in entries if entry.enabled),
        suppressions=make_suppressions(file),
        names=names,
        destinations=make_destinations(file.destinations),
        routes=make_routes(file),
        deployment=make_deployment(file),
    )
    return LoadedConfig(config=config.with_version(), entries=entries, warnings=problems.sorted())


def _pairs(source: _Source) -> Iterator[tuple[RulePart, Cursor]]:
    return zip(source.parts, source.rules(), strict=True)


def _enter(part: RulePart, place: Cursor, pack: str | None, file: ConfigFile, names: Names) -> RuleEntry:
    override = file.overrides.get(part.id)
    enabled = part.enabled if override is None or override.enabled is None else override.enabled
    base = Names() if pack else names
    return RuleEntry(
        rule=make_rule(part, pack, override),
        enabled=enabled and part.id not in file.disable,
        file=place.document.file,
        line=place.line,
        tests=tuple(
            RuleTest(
                name=test.name,
                record=test.record,
                changes=test.with_,
                removals=tuple(test.without),
                alerts=test.alerts,
                names=merge_names(base, test.names),
                file=place.document.file,
                line=place.at("tests", number).line,
            )
            for number, test in enumerate(part.tests)
        ),
    )
