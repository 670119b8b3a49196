"""The table of named values: every use is read off it, and the names that configs had before mean the same."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from tests.alerts import EVENT, ORIGIN
from tests.unit.alerts import run_instances_alert
from tests.unit.authoring.reading import TODAY
from tests.unit.findings import make_record, make_rule
from trailbell import examples, named_values, packs
from trailbell.authoring import LoadedConfig, load_config
from trailbell.authoring.shape.reference import insert_tables
from trailbell.authoring.shape.schema import config_schema
from trailbell.cli.init import starter_config
from trailbell.cli.sources.filters import EventFilter
from trailbell.config.model import Config
from trailbell.facts.catalogue import FACTS
from trailbell.facts.reader import read_facts
from trailbell.finding import Finding
from trailbell.formats.sns import MAX_ATTRIBUTES, message_attributes
from trailbell.named_values import VALUES, NamedValue, Use, former_names, known_names
from trailbell.names import Names
from trailbell.read.reader import read_record
from trailbell.rule import Dedupe
from trailbell.summary_template import fill_summary, stored_summary
from trailbell.windows.keys import make_key
from trailbell.windows.traits import traits_of

USES: tuple[Use, ...] = get_args(Use)
NAMES = Names(networks={"0.0.0.0/0": "everywhere"})


def write_config(folder: Path, rule: str) -> LoadedConfig:
    path = folder / "trailbell.yaml"
    path.write_text(
        "rules:\n  - {id: a, title: A, severity: low, match: {eventSource: [ec2.amazonaws.com]}, " + rule + "}\n",
        encoding="utf-8",
    )
    return load_config(path, today=TODAY)


def records() -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(examples.FOLDER.glob("*.json"))]


def use_as_key(value: NamedValue, folder: Path) -> None:
    assert f"| `{value.name}` | {value.meaning} |" in insert_tables("<!-- table: keys -->\n<!-- end -->")
    names, _ = config_schema()["$defs"]["DedupePart"]["properties"]["by"]["items"]["anyOf"]
    assert value.name in names["enum"]
    loaded = write_config(folder, f"dedupe: {{by: [{value.name}], window: 1h}}")
    assert (loaded.warnings, loaded.config.rules[0].dedupe) == ((), Dedupe(by=(value.name,), window_seconds=3600))
    assert make_key("dedupe", (value.name,), Finding(rule=make_rule(), record=make_record(), test=False))


def use_as_placeholder(value: NamedValue, folder: Path) -> None:
    assert f"| `{{{value.name}}}` | {value.meaning} |" in insert_tables("<!-- table: placeholders -->\n<!-- end -->")
    assert f"{{{value.name}}}" in config_schema()["$defs"]["RulePart"]["properties"]["summary"]["description"]
    loaded = write_config(folder, f'summary: "it was {{{value.name}}}"')
    assert loaded.warnings == ()
    record = make_record()
    assert fill_summary(loaded.config.rules[0].summary or "", record, "") == f"it was {value.words(record)}"


def use_as_trait(value: NamedValue, _: Path) -> None:
    assert traits_of(make_record())[value.name] == value.read(make_record())


def use_as_attribute(value: NamedValue, _: Path) -> None:
    alert = run_instances_alert()
    assert message_attributes(alert)[value.name]["StringValue"] == value.read(alert)


def use_as_filter(value: NamedValue, _: Path) -> None:
    record = make_record()
    wanted: dict[str, Any] = {value.name: value.read(record)}
    other: dict[str, Any] = {value.name: f"not {value.read(record)}"}
    assert EventFilter(**wanted).takes(record)
    assert not EventFilter(**other).takes(record)


NAME_IT: Mapping[Use, Callable[[NamedValue, Path], None]] = {
    "key": use_as_key,
    "placeholder": use_as_placeholder,
    "trait": use_as_trait,
    "attribute": use_as_attribute,
    "filter": use_as_filter,
}
"""Asserts that a value may be named in a use, is documented there, and does what it is for."""


@pytest.mark.parametrize(("use", "value"), [(use, value) for value in VALUES for use in value.uses])
def test_each_value_is_documented_and_works_where_it_may_be_named(use: Use, value: NamedValue, tmp_path: Path) -> None:
    NAME_IT[use](value, tmp_path)


@pytest.fixture
def one_more(monkeypatch: pytest.MonkeyPatch) -> Iterator[NamedValue]:
    """One entry more: this is all that a new value takes."""
    added = NamedValue(
        name="request_id",
        meaning="the id of the request",
        uses=("key", "placeholder", "trait", "attribute"),
        read=lambda call: call.event.request_id,
    )
    tables = (named_values.named_values, named_values.former_names, named_values.known_names)
    monkeypatch.setattr(named_values, "VALUES", (*VALUES, added))
    for table in tables:
        table.cache_clear()
    yield added
    monkeypatch.undo()
    for table in tables:
        table.cache_clear()


def test_an_entry_is_all_that_a_new_value_takes(one_more: NamedValue, tmp_path: Path) -> None:
    for use in one_more.uses:
        NAME_IT[use](one_more, tmp_path)


def test_a_name_means_one_value_in_each_use() -> None:
    for use in USES:
        names = [value.name for value in VALUES if use in value.uses]
        former = [value.formerly[use] for value in VALUES if use in value.formerly]
        assert len({*names, *former}) == len(names) + len(former)
        assert all(use in value.uses for value in former_names(use).values())


def test_filters_are_the_values_or_ask_more_than_one() -> None:
    named = {value.name for value in VALUES if "filter" in value.uses}
    assert {field.name for field in fields(EventFilter)} - named == {
        "read_only",
        "resource_name",
        "resource_type",
        "user_name",
    }


@pytest.mark.parametrize("value", [value for value in VALUES if value.fact])
def test_a_value_that_is_a_fact_is_the_same_value(value: NamedValue) -> None:
    assert value.fact in FACTS
    group, name = str(value.fact).split(".")
    for raw in records():
        record = read_record(raw, NAMES)
        fact = read_facts(raw, NAMES).get(group, {}).get(name)
        assert fact == (value.key(record) if value.name == "event_name" else value.read(record))


def test_message_attributes_keep_the_names_that_filter_policies_have() -> None:
    alert = run_instances_alert()
    assert [*message_attributes(replace(alert, destinations=("slack",)))] == [
        "severity", "rule", "account", "region", "event_name", "event_source", "principal_kind", "test", "destinations",
    ]  # fmt: skip
    assert MAX_ATTRIBUTES == 10


def test_traits_keep_the_names_that_alerts_have() -> None:
    assert set(traits_of(make_record())) == {"principal", "source_ip", "region", "resource", "event_name"}


FORMER = [(use, former) for use in USES for former in sorted(former_names(use))]


@pytest.mark.parametrize(("use", "former"), FORMER)
def test_a_former_name_warns_and_does_the_same(use: Use, former: str, tmp_path: Path) -> None:
    name = former_names(use)[former].name
    text = {"key": "dedupe: {{by: [region, {}], window: 1h}}", "placeholder": 'summary: "{{{}}} in {{region}}"'}[use]
    before, now = (write_config(tmp_path, text.format(each)) for each in (former, name))
    assert now.warnings == ()
    (warning,) = before.warnings
    assert (warning.level, warning.rule) == ("warning", "a")
    assert name in warning.message
    assert name in warning.tip
    assert before.config == now.config  # its version, too


@pytest.mark.parametrize(("use", "former"), FORMER)
def test_a_compiled_config_says_what_every_version_understands(use: Use, former: str, tmp_path: Path) -> None:
    name = former_names(use)[former].name
    text = {"key": "dedupe: {{by: [{}], window: 1h}}", "placeholder": 'summary: "it is {{{}}}"'}[use]
    config = write_config(tmp_path, text.format(name)).config
    compiled = json.dumps(config.to_json())
    assert {"key": f'"by": ["{former}"]', "placeholder": f"it is {{{former}}}"}[use] in compiled
    assert Config.from_json(json.loads(compiled)) == config


def test_a_name_and_its_former_name_are_one_key(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"dedupe\.by\[1\]: event_name is named twice"):
        write_config(tmp_path, "dedupe: {by: [event_name, event], window: 1h}")


def test_summaries_say_what_they_said_before() -> None:
    record = make_record(event=replace(EVENT, error_code="AccessDenied", account_name="prod"))
    template = "{principal} {event} {error} {service} {account} {address} {region} {resources}: {change}"
    expected = (
        "kodekloud RunInstances AccessDenied EC2 prod 70.175.135.47 us-east-2 "
        "i-0123456789abcdef0, eni-0892be3483f983663: did it"
    )
    assert fill_summary(template, record, "did it") == expected
    assert stored_summary(template.replace("{event}", "{event_name}").replace("{address}", "{network}")) == template
    nowhere = make_record(origin=replace(ORIGIN, address=None), resources=())
    assert fill_summary("{address} {network} {error_code} {resources}", nowhere, "") == (
        "an unknown address an unknown address no error nothing named"
    )


def test_a_rule_made_with_a_former_name_is_written_with_it() -> None:
    rule = make_rule(dedupe=Dedupe(by=("service",), window_seconds=60))
    assert rule.to_json()["dedupe"]["by"] == ["service"]
    assert known_names("key")["service"].name == "event_source"


def shipped() -> list[Path]:
    root = Path(__file__).resolve().parents[2]
    return [*sorted(packs.FOLDER.rglob("*.yaml")), root / "config" / "trailbell.yaml", *sorted(root.glob("docs/*.md"))]


def names_in(line: str) -> Iterator[tuple[Use, str]]:
    for by in re.findall(r"\bby: \[([^]]*)\]", line):
        yield from (("key", name.strip()) for name in by.split(","))
    for summary in re.findall(r"\bsummary: .*", line):
        yield from (("placeholder", name) for name in re.findall(r"{(\w+)}", summary))


def test_nothing_that_ships_says_a_former_name() -> None:
    texts = [starter_config(), *(path.read_text(encoding="utf-8") for path in shipped())]
    named = [each for text in texts for line in text.splitlines() for each in names_in(line)]
    assert {use for use, _ in named} == {"key", "placeholder"}
    assert [(use, name) for use, name in named if name in former_names(use)] == []
