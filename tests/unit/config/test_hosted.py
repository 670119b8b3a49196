"""What the validator refuses of a hosted config, and what a detector that got it would refuse, too."""

import copy
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from trailbell import packs
from trailbell.authoring import load_config
from trailbell.config.compiled import MAX_BYTES, check_compiled, write_compiled
from trailbell.config.hosted import read_hosted
from trailbell.config.model import Config
from trailbell.errors import ConfigError
from trailbell.pattern import Pattern
from trailbell.rule import Rule

ROOT = Path(__file__).resolve().parents[3]
RULE: dict[str, Any] = {
    "id": "a",
    "title": "A",
    "severity": "low",
    "match": {"eventName": ["CreateThing"]},
    "threshold": {"by": ["principal"], "window_seconds": 60, "count": 2},
}
SUPPRESSION: dict[str, Any] = {"id": "s", "match": {"eventName": ["CreateThing"]}, "reason": "known", "rules": ["a"]}
DOCUMENT: dict[str, Any] = Config().to_json() | {"version": "v", "rules": [RULE], "suppressions": [SUPPRESSION]}


def content(document: object) -> bytes:
    return json.dumps(document).encode()


def test_a_good_config_is_read() -> None:
    config = check_compiled(content(DOCUMENT), slots=5)
    assert [rule.id for rule in config.rules] == ["a"]
    assert config.version == "v"


def test_every_shipped_pack_at_once_passes_and_fits(tmp_path: Path) -> None:
    path = tmp_path / "trailbell.yaml"
    path.write_text(json.dumps({"packs": packs.pack_names()}))
    config = load_config(path, packs_dir=packs.FOLDER, today=date(2026, 11, 23)).config
    hosted = write_compiled(config)
    assert check_compiled(hosted, slots=5).rules == config.rules
    assert len(hosted) < MAX_BYTES / 2


def in_rule(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["rules"][0].update(changes)


def in_suppression(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["suppressions"][0].update(changes)


def in_names(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["names"].update(changes)


def in_config(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document.update(changes)


def without(field: str) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["rules"][0].pop(field)


HOURS = {"timezone": "Europe/Atlantis", "start": "08:00", "end": "18:00", "days": [0]}
WINDOW = {"by": ["principal"], "window_seconds": 60}
BROKEN = [
    (in_rule(severity="loud"), "rule a: severity: there is no 'loud'"),
    (in_rule(severity=None), "rule a: severity: it is NoneType, not a text"),
    (in_rule(title=7), "rule a: title: it is int, not a text"),
    (in_rule(match={"eventName": [{"regex": ".*"}]}), "rule a: match: eventName: there is no operator 'regex'"),
    (in_rule(match="RunInstances"), "rule a: match: "),
    (in_rule(**{"except": [{"eventName": "x"}]}), "rule a: except: eventName: "),
    (in_rule(**{"except": {}}), "rule a: except: it is dict, not a list"),
    (in_rule(tags="attack"), "rule a: tags: it is not a list of texts"),
    (in_rule(routes=[1]), "rule a: routes: it is not a list of texts"),
    (in_rule(summary="{nobody} did it"), "rule a: summary: unknown placeholder {nobody}"),
    (in_rule(dedupe=WINDOW | {"by": ["shoe-size"]}), "rule a: dedupe: by: "),
    (in_rule(dedupe=WINDOW | {"window_seconds": 0}), "rule a: dedupe: window_seconds: "),
    (in_rule(dedupe=WINDOW | {"window_seconds": "15m"}), "rule a: dedupe: window_seconds: "),
    (in_rule(first_seen={"by": ["principal"]}), "rule a: first_seen: it must be an object with by, window_seconds"),
    (in_rule(threshold=WINDOW), "rule a: threshold: it must be an object with by, count, window_seconds"),
    (in_rule(threshold=WINDOW | {"count": True}), "rule a: threshold: count: "),
    (in_rule(excpet=[]), "rule a: excpet: there is no such field"),
    (without("match"), "rule a: match: it is missing"),
    (without("title"), "rule a: title: it is missing"),
    (without("id"), "rule without an id"),
    (in_config(rules=[RULE, RULE]), "rules: the id a is there twice"),
    (in_config(rules=["a"]), "a rule is str, not an object"),
    (in_config(rules=7), "not a compiled config"),
    (in_config(version=7), "version: it is int"),
    (in_config(format=2), "has format 2"),
    (in_config(routes=[{"to": "slack"}]), "not a list of texts: 'slack'"),
    (in_config(routes=[{"whom": ["slack"]}]), "not a compiled config"),
    (in_suppression(reason=None), "suppression s: reason: "),
    (in_suppression(expires="soon"), "suppression s: expires: "),
    (in_suppression(match={"eventName": []}), "suppression s: match: "),
    (in_names(networks={"300.0.0.0/8": "moon"}), "names.networks: "),
    (in_names(business_hours=HOURS), "there is no time zone 'Europe/Atlantis'"),
]


@pytest.mark.parametrize(("breaking", "told"), BROKEN, ids=[told for _, told in BROKEN])
def test_what_is_broken_is_refused_with_rule_and_field(breaking: Callable[[dict[str, Any]], None], told: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    breaking(document)
    for read in (read_hosted, lambda hosted: check_compiled(hosted, slots=5)):
        with pytest.raises(ConfigError) as refused:
            read(content(document))
        assert told in str(refused.value)


@pytest.mark.parametrize("hosted", [b"", b"\xff", b"nonsense", b"[]", b"7", b"null", b"{" * 5, b"[" * 200_000])
def test_what_is_no_json_object_is_refused(hosted: bytes) -> None:
    with pytest.raises(ConfigError):
        check_compiled(hosted, slots=5)


def test_destinations_of_a_hosted_config_are_not_looked_at() -> None:
    deployed = Config().to_json()
    config = read_hosted(content(DOCUMENT | {"destinations": "pigeons", "deployment": 7}), deployed)
    assert config.to_json()["destinations"] == deployed["destinations"]


def test_a_config_that_appconfig_would_not_take_is_refused_with_its_size() -> None:
    rule = Rule(
        id="a", title="A", severity="low", match=Pattern.parse({"eventName": ["A"]}), description="x" * MAX_BYTES
    )
    with pytest.raises(ConfigError, match=r"has 1,000,\d{3} bytes, and AppConfig takes 1,000,000"):
        write_compiled(Config(rules=(rule,)))
