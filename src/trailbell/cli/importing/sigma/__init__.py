"""Sigma rules as Trailbell's. pySigma reads them: it loads half a second's worth of modules, so import this late."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import yaml
from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.exceptions import SigmaConditionError, SigmaError
from sigma.filters import SigmaFilter
from sigma.modifiers import modifier_mapping
from sigma.rule import SigmaRule

from trailbell.cli.importing.detect import looks_like_sigma
from trailbell.cli.importing.logic import And, Expression, Lost, Not, Or, Plans, TooManyWaysError, make_plans
from trailbell.cli.importing.naming import Ids
from trailbell.cli.importing.places import Document, Place, describe_yaml_error, read_documents
from trailbell.cli.importing.result import Effect, Imported, Loss
from trailbell.cli.importing.sigma.correlation import draft_correlation
from trailbell.cli.importing.sigma.meta import Meta, read_meta
from trailbell.cli.importing.sigma.values import Values

_LOGSOURCE = {"product": "aws", "service": "cloudtrail"}
_READ_BY_PYSIGMA = ("name", "logsource", "detection", "correlation", "filter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A rule of a Sigma file, read."""

    meta: Meta
    rule: SigmaRule
    place: Place
    plans: Plans


def import_sigma(files: Sequence[tuple[str, str]], *, aws_names: bool = False) -> Imported:
    """Import the Sigma rules of files, each a name and its text. They may refer to one another.

    With `aws_names`, known event sources and names are written as AWS spells them, and compared so.
    """
    imported, ids = Imported(), Ids()
    documents = [document for file, text in files for document in _read(file, text, imported)]
    filters = _read_filters(documents, imported)
    sources = []
    for document in documents:
        source = _read_rule(document, filters, imported, aws_names=aws_names) if _is_rule(document) else None
        if source is not None:
            sources.append(source)
    correlations = [document for document in documents if "correlation" in document.value]
    silent = {name for document in correlations for name in _counted_only(document.value)}
    for source in sources:
        if not {source.meta.id, source.meta.name} & silent:
            imported.drafts += source.meta.draft(source.plans.plans, source.place, ids)
    by_name = {name: source for source in sources for name in (source.meta.id, source.meta.name) if name}
    plans_of = {name: source.plans.plans for name, source in by_name.items()}
    for document in correlations:
        drafts, losses = draft_correlation(document, plans_of, ids)
        imported.extend(drafts, losses)
    return imported


def _read(file: str, text: str, imported: Imported) -> list[Document]:
    try:
        documents = read_documents(text, file)
    except yaml.YAMLError as error:
        line, what = describe_yaml_error(error)
        imported.losses.append(
            Loss(file=file, line=line, rule="", what="the file", why=f"it is not YAML: {what}", effect="not imported")
        )
        return []
    found = []
    for document in documents:
        if looks_like_sigma(document.value):
            found.append(document)
            continue
        old = isinstance(document.value, Mapping) and "action" in document.value
        why = "`action` is an old form; write each rule out" if old else "it is no Sigma rule: it has no detection"
        imported.losses.append(_lose(document.place, "", Lost(what="this document", why=why), "not imported"))
    return found


def _lose(place: Place, title: str, lost: Lost, effect: Effect) -> Loss:
    field = lost.what.split(":", maxsplit=1)[0]
    return Loss(file=place.file, line=place.line_of(field), rule=title, what=lost.what, why=lost.why, effect=effect)


def _is_rule(document: Document) -> bool:
    return not {"filter", "correlation"} & document.value.keys()


def _read_filters(documents: Sequence[Document], imported: Imported) -> list[SigmaFilter]:
    found = []
    for document in documents:
        if "filter" not in document.value:
            continue
        try:
            found.append(SigmaFilter.from_dict(document.value))
        except (SigmaError, AttributeError, TypeError) as error:
            lost = Lost(what="this filter", why=str(error))
            imported.losses.append(_lose(document.place, str(document.value.get("title", "")), lost, "not imported"))
    return found


def _read_rule(
    document: Document, filters: Sequence[SigmaFilter], imported: Imported, *, aws_names: bool
) -> Source | None:
    """Read a rule and what it comes to; what goes wrong is told."""
    meta, place = read_meta(document.value), document.place
    refusal = _refuse(document)
    if refusal is not None:
        imported.losses.append(_lose(place, meta.title, refusal, "not imported"))
        return None
    values = Values(aws_names=aws_names)
    try:
        rule, trees = _parse(document.value, filters)
        expression = Or(parts=tuple(_convert(tree, values, negated=False) for tree in trees))
        plans = make_plans(expression)
    except (SigmaError, TooManyWaysError) as error:
        what = "condition" if isinstance(error, SigmaConditionError) else "detection"
        lost = Lost(what=what, why=str(error).rstrip("."))
        imported.losses.append(_lose(place, meta.title, lost, "not imported"))
        return None
    imported.losses += [_lose(place, meta.title, lost, effect) for lost, effect in _effects(plans, values)]
    return Source(meta=meta, rule=rule, place=place, plans=plans) if plans.plans else None


def _effects(plans: Plans, values: Values) -> Iterator[tuple[Lost, Effect]]:
    for lost in plans.never:
        yield lost, "fires less" if plans.plans else "not imported"
    if plans.plans:
        for lost in plans.unexcepted:
            yield lost, "fires more"
        for lost, negated in values.widened:
            yield lost, "fires less" if negated else "fires more"
    elif not plans.never:
        yield Lost(what="condition", why="no record can meet it"), "not imported"


def _refuse(document: Document) -> Lost | None:
    """Return why a rule is not for CloudTrail, or is written wrongly."""
    logsource = document.value.get("logsource")
    if not isinstance(logsource, Mapping):
        return Lost(what="logsource", why="it is missing")
    other = {key: value for key, value in logsource.items() if key in ("product", "service", "category")}
    if other != _LOGSOURCE:
        shown = ", ".join(f"{key} {value}" for key, value in other.items())
        return Lost(what="logsource", why=f"it is for {shown or 'other logs'}; Trailbell reads AWS CloudTrail")
    for key in dict.fromkeys(_detection_keys(document.value.get("detection"))):
        unknown = [name for name in key.split("|")[1:] if name not in modifier_mapping]
        if unknown:
            return Lost(
                what=key, why=f"there is no modifier {unknown[0]}; Sigma has {', '.join(sorted(modifier_mapping))}"
            )
    return None


def _detection_keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _detection_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _detection_keys(inner)


def _parse(document: Mapping[str, Any], filters: Sequence[SigmaFilter]) -> tuple[SigmaRule, list[Any]]:
    """Hand pySigma what matching needs, and return the rule and its conditions as trees. Raises SigmaError.

    The words around it are read by `sigma_meta`, which forgives more.
    """
    kept = {key: document[key] for key in _READ_BY_PYSIGMA if key in document}
    try:
        rule = SigmaRule.from_dict({"title": "a rule", **kept})
        rule.id = _uuid(document.get("id"))
        for found in filters:
            found.apply_on_rule(rule)  # in place
        trees = [condition.parsed for condition in rule.detection.parsed_condition]
    except SigmaError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # pySigma takes the types of what it reads on trust.
        raise SigmaError(f"it is not written as Sigma has it ({error})") from error
    return rule, trees


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _convert(tree: Any, values: Values, *, negated: bool) -> Expression:
    match tree:
        case ConditionFieldEqualsValueExpression():
            return values.compare(tree.field, tree.value, negated=negated)
        case ConditionValueExpression():
            return values.search(tree.value, negated=negated)
        case ConditionNOT():
            return Not(part=_convert(tree.args[0], values, negated=not negated))
        case ConditionAND():
            return And(parts=_convert_all(tree, values, negated=negated))
        case ConditionOR():
            return Or(parts=_convert_all(tree, values, negated=negated))
        case _:
            return Lost(what="condition", why="pySigma made nothing of it")


def _convert_all(tree: ConditionItem, values: Values, *, negated: bool) -> tuple[Expression, ...]:
    return tuple(_convert(part, values, negated=negated) for part in tree.args)


def _counted_only(document: Mapping[str, Any]) -> list[str]:
    """Return the rules that a correlation names, where it does not want them by themselves, too."""
    correlation = document["correlation"]
    if not isinstance(correlation, Mapping) or correlation.get("generate") is True:
        return []
    rules = correlation.get("rules")
    return [str(name) for name in (rules if isinstance(rules, list) else [rules])]
