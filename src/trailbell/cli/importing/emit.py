"""Imported rules as YAML: checked by Trailbell's own loader, with tests that were run."""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from trailbell.authoring import InvalidConfigError, LoadedConfig, Problem, load_config, run_rule_tests
from trailbell.cli.importing.result import Draft, Effect, Imported, Loss
from trailbell.cli.importing.samples import make_tests
from trailbell.filters import compile_filters
from trailbell.rule import Rule

_WIDTH = 118
_LOOKS_LIKE_A_NUMBER = re.compile(r"[-+.]?[0-9][0-9.eE+-]*")

_OFTEN_MISSING = frozenset(
    {"additionalEventData", "errorCode", "errorMessage", "requestParameters", "resources", "responseElements"}
)
"""Fields whose mere presence tells records apart."""
_EVENT_NAME = re.compile(r"match\.eventName\[(\d+)\]")


class _Values(list[Any]):
    """A list that is written in one line."""


class _Dumper(yaml.SafeDumper):
    """Writes lists indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002 - PyYAML's
        del indentless
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _write_values(dumper: yaml.SafeDumper, values: _Values) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


def _write_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # `1e5` is text to PyYAML and a number to the reader of configs.
    style = "'" if _LOOKS_LIKE_A_NUMBER.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(_Values, _write_values)
_Dumper.add_representer(str, _write_text)


def write_rules(drafts: Sequence[Draft], losses: Iterable[Loss] = ()) -> str:
    """Return the rules as a file of YAML, each with where it is from and what of it is lost."""
    if not drafts:
        return "rules: []\n"
    lost: dict[tuple[str, str], list[Loss]] = {}
    for loss in losses:
        lost.setdefault((loss.file, loss.rule), []).append(loss)
    blocks = []
    for draft in drafts:
        told = lost.get((draft.file, str(draft.document["title"])), [])
        comments = [f"{draft.origin}, in {draft.file}", *(f"{loss.effect}: {loss.what}: {loss.why}" for loss in told)]
        text = yaml.dump([_arrange(draft.document)], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)
        blocks.append("".join(f"# {' '.join(comment.split())}\n" for comment in comments) + text)
    body = "\n".join(blocks)
    return "rules:\n" + "".join(f"  {line}\n" if line else "\n" for line in body.splitlines())


def _arrange(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _flow(value) if key != "references" else value for key, value in document.items()}


def _flow(value: Any) -> Any:
    """Write lists of values in a line, lists of patterns one below the other."""
    if isinstance(value, Mapping):
        return {key: _flow(inner) for key, inner in value.items()}
    if not isinstance(value, list | tuple):
        return value
    items = [_flow(item) for item in value]
    operators = all(not isinstance(item, dict) or (len(item) == 1 and not _is_pattern(item)) for item in items)
    return _Values(items) if operators else items


def _is_pattern(item: Mapping[str, Any]) -> bool:
    """Tell a pattern from an operator: fields hold lists or fields."""
    (value,) = item.values()
    (key,) = item
    return key not in _OPERATORS and isinstance(value, list | dict)


_OPERATORS = frozenset(
    {"anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"}
)


def finish(imported: Imported) -> str:
    """Check what was imported, add tests, and return it as YAML.

    A rule that Trailbell refuses becomes a loss; what it warns of is kept beside.
    """
    while imported.drafts:
        try:
            loaded = _load(write_rules(imported.drafts))
        except InvalidConfigError as error:
            _drop(imported, [problem for problem in error.problems if problem.level == "error"])
            continue
        imported.warnings = [_say(imported, problem) for problem in loaded.warnings]
        rules = {entry.rule.id: entry.rule for entry in loaded.entries}
        imported.warnings += [_warn_of_width(draft) for draft in imported.drafts if _is_wide(rules[draft.id])]
        imported.drafts = [draft.with_fields(tests=make_tests(rules[draft.id]) or None) for draft in imported.drafts]
        _check_tests(imported)
        break
    return write_rules(imported.drafts, imported.losses)


def _load(text: str) -> LoadedConfig:
    with tempfile.TemporaryDirectory(prefix="trailbell-import-") as folder:
        path = Path(folder) / "imported.yaml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, today=datetime.now(UTC).date())


def _drop(imported: Imported, problems: Sequence[Problem]) -> None:
    """Take out what has errors: an event name where others are left, or else the rule."""
    by_rule: dict[str | None, list[Problem]] = {}
    for problem in problems:
        by_rule.setdefault(problem.rule, []).append(problem)
    if not by_rule.keys() & {draft.id for draft in imported.drafts}:
        raise InvalidConfigError(problems)  # an error of no rule: it is ours
    kept = []
    for draft in imported.drafts:
        found = by_rule.get(draft.id, [])
        left = _without_names(draft, found) if found else draft
        lost = found if left is not None else found[:1]
        imported.losses += [_refused(draft, problem, "fires less" if left else "not imported") for problem in lost]
        kept += [left] if left is not None else []
    imported.drafts = kept


def _without_names(draft: Draft, problems: Sequence[Problem]) -> Draft | None:
    """Return the rule without the event names that are told of; None where that is not all, or no name is left."""
    match = draft.document["match"]
    places = [_EVENT_NAME.fullmatch(problem.field or "") for problem in problems]
    taken = {int(place[1]) for place in places if place is not None}
    names = [name for number, name in enumerate(match.get("eventName", ())) if number not in taken]
    return draft.with_fields(match={**match, "eventName": names}) if all(places) and names else None


def _refused(draft: Draft, problem: Problem, effect: Effect) -> Loss:
    return Loss(
        file=draft.file,
        line=draft.line,
        rule=str(draft.document["title"]),
        what=(problem.field or "the rule").removeprefix("match."),
        why=f"{problem.message}. {problem.tip}".rstrip(" ."),
        effect=effect,
    )


def _say(imported: Imported, problem: Problem) -> str:
    draft = next((draft for draft in imported.drafts if draft.id == problem.rule), None)
    where = f"{draft.file}:{draft.line}: {draft.id}: " if draft else ""
    return f"{where}{problem.message}. {problem.tip}".rstrip(" .") + "."


def _is_wide(rule: Rule) -> bool:
    return any(_asks_nothing(found.pattern.get("detail", {})) for found in compile_filters([rule]))


def _asks_nothing(pattern: Mapping[str, Any]) -> bool:
    """Tell whether a filter, or an alternative of it, takes any value of the fields that it names."""
    return all(
        any(map(_asks_nothing, value))
        if key == "$or"
        else key not in _OFTEN_MISSING
        and (_asks_nothing(value) if isinstance(value, Mapping) else value == [{"exists": True}])
        for key, value in pattern.items()
    )


def _warn_of_width(draft: Draft) -> str:
    return (
        f"{draft.file}:{draft.line}: {draft.id}: nothing in it that EventBridge could see narrows it: "
        "with this rule, every event wakes the detector. Add an eventSource or eventName."
    )


def _check_tests(imported: Imported) -> None:
    """Run the tests as `rules test` will, and leave out any that does not hold there."""
    loaded = _load(write_rules(imported.drafts))
    failed = {
        (result.rule_id, result.name)
        for result in run_rule_tests(loaded.entries, events_dir=Path())
        if not result.passed
    }
    if failed:
        imported.drafts = [
            draft.with_fields(
                tests=[test for test in draft.document.get("tests", ()) if (draft.id, test["name"]) not in failed]
                or None
            )
            for draft in imported.drafts
        ]
