"""What the model alone cannot see: patterns, placeholders, key names, and ids that point at nothing."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.problems import suggest
from trailbell.authoring.reachability.conjuncts import conditions, is_or
from trailbell.authoring.reachability.fields import check_region
from trailbell.errors import ConfigError, PatternError
from trailbell.named_values import known_names, named_values
from trailbell.pattern import Pattern
from trailbell.summary_template import check_summary, former_placeholders

_WINDOWED = ("dedupe", "threshold", "first_seen")


def check_rule(rule: Cursor) -> None:
    """Tell what is wrong with a rule beyond its shape."""
    check_pattern(rule.at("match"))
    for exception in rule.at("except").items():
        check_pattern(exception)
    _check_summary(rule.at("summary"))
    for name in _WINDOWED:
        check_keys(rule.at(name, "by"))
    if rule.at("threshold").value is not None and rule.at("first_seen").value is not None:
        rule.at("first_seen").error("a rule has either threshold or first_seen, not both", "Make two rules of it.")
    names = [test.at("name").value for test in rule.at("tests").items()]
    for test, name in zip(rule.at("tests").items(), names, strict=True):
        if isinstance(name, str) and names.count(name) > 1:
            test.at("name").error(f"two tests are called {name!r}", "Give each a name of its own.")


def check_pattern(pattern: Cursor) -> None:
    """Tell what is wrong with an event pattern as such: each field first, then what holds it together."""
    if not isinstance(pattern.value, dict) or not pattern.value:
        return  # the model has told it
    told = [_check_parses(condition.place, {"field": condition.values}) for condition in conditions(pattern)]
    for place in _bare_values(pattern):
        told.append(True)
        place.error("a field takes a list of values or further fields", f"Put brackets around it: [{place.value}].")
    if not any(told):
        _check_parses(pattern, pattern.value)


def _bare_values(pattern: Cursor) -> Iterator[Cursor]:
    """Return the fields whose value stands there without a list."""
    for key, place in pattern.entries():
        if is_or(key, place.value):
            for branch in place.items():
                yield from _bare_values(branch)
        elif isinstance(place.value, dict):
            yield from _bare_values(place)
        elif not isinstance(place.value, list):
            yield place


def _check_parses(place: Cursor, pattern: dict[str, Any]) -> bool:
    """Tell why a pattern is none, at a place. Returns whether there was anything to tell."""
    try:
        Pattern.parse(pattern)
    except PatternError as error:
        where, colon, what = str(error).partition(": ")
        message, _, tip = (what if colon and where in ("field", "the pattern") else str(error)).partition("; ")
        place.error(message, tip[:1].upper() + tip[1:] + "." if tip else "")
        return True
    return False


def check_keys(by: Cursor) -> None:
    """Tell which names of a `by` are unknown, written twice, or have another name today."""
    seen = set()
    for key in by.items():
        if not isinstance(key.value, str):
            continue  # the model has told it
        value = known_names("key").get(key.value)
        if value is None:
            key.error(f"unknown key {key.value!r}", suggest(key.value, named_values("key")))
            continue
        if value.name != key.value:
            key.warn(f"the key {key.value} is called {value.name} now", f"Write {value.name}: it means the same.")
        if value.name in seen:
            key.error(f"{value.name} is named twice", "Keep one.")
        seen.add(value.name)


def check_unique_ids(rules: Iterable[Cursor]) -> dict[str, Cursor]:
    """Return the rules by id; tell of ids that are used twice."""
    first: dict[str, Cursor] = {}
    for rule in rules:
        name = rule.at("id").value
        if not isinstance(name, str):
            continue
        if name in first:
            other = first[name]
            rule.at("id").error(
                f"the id {name} is taken by the rule in {other.document.file}, line {other.at('id').line}",
                "Choose another; to change a pack's rule, use `overrides` or `disable`.",
            )
        first.setdefault(name, rule)
    return first


def check_references(config: Cursor, rules: Collection[str], today: date) -> None:
    """Tell what the file says about rules that do not exist, and which suppressions are over."""
    for name, override in config.at("overrides").entries():
        _check_rule_id(override, name, rules)
        check_keys(override.at("dedupe", "by"))
    listed = [*config.at("disable").items()]
    for route in config.at("routes").items():
        listed += route.at("rule").items()
    for suppression in config.at("suppressions").items():
        check_pattern(suppression.at("match"))
        _check_expiry(suppression.at("expires"), today)
        listed += suppression.at("rules").items()
    for entry in listed:
        if isinstance(entry.value, str):
            _check_rule_id(entry, entry.value, rules)
    for region in _regions(config):
        if "-" in str(region.value):  # what does not even look like one was told by the model
            check_region(region)
    _check_suppression_ids(config)
    _check_networks(config.at("networks"))


def _regions(config: Cursor) -> Iterator[Cursor]:
    """Return every place outside patterns that names a region."""
    yield config.at("deployment", "home_region")
    yield from config.at("deployment", "regions").items()
    yield from config.at("expected_regions").items()
    for route in config.at("routes").items():
        yield from route.at("region").items()


def _check_summary(place: Cursor) -> None:
    if not isinstance(place.value, str):
        return
    try:
        check_summary(place.value)
    except ConfigError as error:
        place.error(str(error).removeprefix("summary: "))
    for former, name in former_placeholders(place.value).items():
        place.warn(f"the placeholder {{{former}}} is called {{{name}}} now", f"Write {{{name}}}: it says the same.")


def _check_rule_id(place: Cursor, name: str, rules: Collection[str]) -> None:
    if name not in rules:
        place.error(f"there is no rule {name}", suggest(name, rules, few=0) or "See `trailbell rules list --all`.")


def _check_expiry(place: Cursor, today: date) -> None:
    try:
        expires = date.fromisoformat(place.value)
    except (TypeError, ValueError):
        return  # the model has told it
    if expires < today:
        place.warn(f"expired on {expires}: it hides nothing any more", "Take it out, or give it a later date.")


def _check_suppression_ids(config: Cursor) -> None:
    seen: set[str] = set()
    for place in (suppression.at("id") for suppression in config.at("suppressions").items()):
        if isinstance(place.value, str) and place.value in seen:
            place.error(f"two suppressions have the id {place.value}", "Give each an id of its own.")
        elif isinstance(place.value, str):
            seen.add(place.value)


def _check_networks(networks: Cursor) -> None:
    owners: dict[str, str] = {}
    for label, ranges in networks.entries():
        for place in ranges.items():
            if isinstance(place.value, str) and owners.setdefault(place.value, label) != label:
                place.error(f"{place.value} is in {owners[place.value]} too", "An address range has one name.")
