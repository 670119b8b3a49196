"""Event sources and event names that do not go together, against the shipped list of operations."""

from collections.abc import Iterable, Mapping, Sequence

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.problems import did_you_mean
from trailbell.authoring.reachability.catalog import FACT_ROOT, Path
from trailbell.authoring.reachability.conjuncts import Condition, Conjunct, by_path
from trailbell.operations import Operations, is_read_only, load_operations, without_version

_SOURCE = ("eventSource",)
_NAME = ("eventName",)
_BARE_NAME = (FACT_ROOT, "event", "name")
_READ_ONLY = ("readOnly",)
_CLOSE = 0.85
"""Of event names that count as a slip of one another: many real ones are alike."""
_SURE_SUFFIX = "2015"
"""Lambda's operations of that API version are recorded with it, but for invocations; of later ones only some are."""
_NEVER_SUFFIXED = frozenset({"Invoke", "InvokeAsync"})


def check_events(alternatives: Sequence[Conjunct]) -> None:
    """Tell which event sources do not exist, and which event names no source has that they are asked with."""
    operations = load_operations()
    names: dict[tuple[str | int, ...], Condition] = {}
    allowed: dict[tuple[str | int, ...], set[str] | None] = {}
    for conjunct in alternatives:
        found = by_path(conjunct)
        _check_sources(found.get(_SOURCE, []), operations)
        sources = _sources(found.get(_SOURCE, []), operations)
        for condition in (*found.get(_NAME, []), *found.get(_BARE_NAME, [])):
            names[condition.place.path] = condition
            before = allowed.setdefault(condition.place.path, set())
            allowed[condition.place.path] = None if before is None or sources is None else before | sources
    for path, condition in names.items():
        open_to = allowed[path]
        if open_to is not None:
            _check_names(condition, sorted(open_to), operations)
    if len(alternatives) == 1:
        _check_together(by_path(alternatives[0]), operations)


def _check_sources(conditions: Iterable[Condition], operations: Operations) -> None:
    for source, place in (pair for condition in conditions for pair in condition.literals()):
        if source in operations.sources or "*" in source:
            continue
        meant = _meant_source(source, operations)
        if meant or not source.endswith(".amazonaws.com"):
            place.error(
                f"there is no event source {source}",
                f"Did you mean {meant}?" if meant else "It ends in .amazonaws.com.",
            )
        else:
            place.warn(f"{source} is not among the event sources that Trailbell knows", "Check its spelling.")


def _sources(conditions: Sequence[Condition], operations: Operations) -> set[str] | None:
    """Return the known sources that the conditions allow, misspelled ones too; None where they allow others."""
    unknown = {source for condition in conditions for source, _ in condition.literals()} - operations.sources.keys()
    meant = {_meant_source(source, operations) for source in unknown}
    if "" in meant:
        return None
    written = [{source for source, _ in condition.literals()} for condition in conditions if condition.only_literals]
    candidates = operations.sources.keys() & written[0] if written else operations.sources.keys()
    return meant | {source for source in candidates if all(condition.accepts(source) for condition in conditions)}


def _meant_source(written: str, operations: Operations) -> str:
    """Return the event source that was probably meant, or an empty string. Their first labels tell them apart."""
    label = did_you_mean(written.split(".", maxsplit=1)[0], {source.split(".")[0] for source in operations.sources})
    return f"{label}.amazonaws.com" if label else ""


def _check_names(condition: Condition, sources: Sequence[str], operations: Operations) -> None:
    for name, place in condition.literals():
        if "*" in name:
            continue  # told as a star
        if condition.path == _BARE_NAME and without_version(name) != name:
            place.error("this fact never has a version suffix: this never matches", f"Write {without_version(name)}.")
        elif any(operations.has(source, name) for source in sources):
            _check_suffix(name, place, condition, sources, operations)
        else:
            _tell_unknown(name, place, condition, sources, operations)


def _tell_unknown(
    name: str, place: Cursor, condition: Condition, sources: Sequence[str], operations: Operations
) -> None:
    """Tell of a name that none of the sources has. A name that may be newer than the list is only warned of."""
    who = f" of {sources[0]}" if len(sources) == 1 else ""
    sure = f"If you are sure of it, write {{prefix: {name}}}."
    real = [other for source in sources for other in operations.renamed.get(source, {}).get(name, ())]
    if real:
        if not any(condition.accepts(other) for other in real):
            place.error(f"CloudTrail records {name} under another name", f"Write {' or '.join(real)}.")
        return
    owners = sorted(operations.sources_of(name), key=len)  # the services that most people use have short names
    meant = did_you_mean(name, {known for source in sources for known in operations.sources[source]}, similarity=_CLOSE)
    if owners:
        place.error(f"there is no event {name}{who}", f"It is one of {', '.join(owners[:3])}. {sure}")
    elif meant:
        place.error(f"there is no event {name}{who}", f"Did you mean {meant}? {sure}")
    else:
        place.warn(
            f"{name} is not among the events{who} that Trailbell knows",
            f"Check its spelling, unless it is newer than botocore {operations.botocore_version}.",
        )


def _check_suffix(
    name: str, place: Cursor, condition: Condition, sources: Sequence[str], operations: Operations
) -> None:
    """Lambda's event names end in an API version: the bare name never comes."""
    if condition.path != _NAME or name in _NEVER_SUFFIXED:
        return
    for source in sources:
        version = operations.dated.get(source, {}).get(name, "")
        if not version or any(operations.has(other, name) for other in sources if other != source):
            continue
        if condition.accepts(name + version) or condition.accepts(f"{name}{version}v2"):
            continue
        message = f"{source} records {name} with a version: {name}{version} or {name}{version}v2"
        if version.startswith(_SURE_SUFFIX):
            place.error(message, f"Write {{prefix: {name}{version[:4]}}}, or use the fact trailbell.event.name.")
        else:
            place.warn(message.replace("records", "may record"), f"Write {name}{version} too.")


def _check_together(found: Mapping[Path, list[Condition]], operations: Operations) -> None:
    """Tell of sources without any of the names, of names that none can have, and of a readOnly that is never so."""
    sources, names = found.get(_SOURCE, []), found.get(_NAME, [])
    allowed = _sources(sources, operations)
    if not sources or not names or allowed is None:
        return
    barren = {source for source in allowed if not _has_any(source, names, operations)}
    for source, place in (pair for condition in sources for pair in condition.literals()):
        if source in barren and len(barren) < len(allowed):
            place.warn(f"none of the event names is one of {source}", "Take it out, or make it a rule of its own.")
    if barren == allowed and not all(condition.only_literals for condition in names):
        names[0].place.warn("no event that Trailbell knows has such a name", "Check its spelling.")
    for condition in found.get(_READ_ONLY, []):
        _check_read_only(condition, names, allowed, operations)


def _has_any(source: str, names: Sequence[Condition], operations: Operations) -> bool:
    written = {name for condition in names for name, _ in condition.literals() if operations.has(source, name)}
    suffixes = operations.dated.get(source, {})
    known = operations.sources[source] | {name + suffix for name, suffix in suffixes.items()}
    return any(all(condition.accepts(name) for condition in names) for name in (*written, *known))


def _check_read_only(
    condition: Condition, names: Sequence[Condition], sources: Iterable[str], operations: Operations
) -> None:
    if condition.values not in ([True], [False]) or not all(pair.only_literals for pair in names):
        return
    wanted = condition.values[0]
    literals = {name for pair in names for name, _ in pair.literals()}
    reading = {is_read_only(source, name) for source in sources for name in literals if operations.has(source, name)}
    if reading == {not wanted}:
        does = "change something" if wanted else "only read"
        condition.place.warn(f"these events {does}: readOnly is never {str(wanted).lower()}", "Take it out.")
