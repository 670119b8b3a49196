"""What is read off each kind of destination, and that every kind is listed."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
import yaml

from tests.infra.conftest import ROOT, Template, synthesise
from trailbell import destinations
from trailbell.authoring.shape.destinations import DestinationsPart, make_destinations
from trailbell.authoring.shape.schema import config_schema
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.destinations import KINDS, all_kinds, load_kind
from trailbell.destinations.settings import Destinations

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SMALLEST = {
    "slack": "slack: {enabled: true}",
    "topic": "topics: {pager: 'arn:aws:sns:us-east-1:111122223333:pager'}",
    "webhook": "webhook: {host: siem.example.com}",
}
"""What it takes to switch a kind on; naming it, where nothing stands here."""


def kinds_in_the_folder() -> Iterator[str]:
    for module in iter_modules(destinations.__path__):
        found = import_module(f"trailbell.destinations.{module.name}")
        if hasattr(found, "KIND"):
            yield module.name.replace("_", "-")


def written(name: str) -> str:
    return SMALLEST.get(name, f"{KINDS[name].section}: {{}}")


def test_every_kind_in_the_folder_is_listed_and_no_other() -> None:
    assert set(KINDS) == set(kinds_in_the_folder())


def test_no_two_share_a_name_in_the_stack_or_a_key_of_the_config() -> None:
    names = [kind.resources for kind in all_kinds().values()]
    assert len(set(names)) == len(names)
    assert len({line.section for line in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_config_schema_and_documentation_have_it(name: str) -> None:
    kind, section = load_kind(name), KINDS[name].section
    properties = config_schema()["$defs"]["DestinationsPart"]["properties"]
    assert section in properties
    assert f"| `{section}` | {kind.holds} | {kind.gets} |" in PAGE
    described = [each.metadata["description"] for each in fields(kind.settings)]
    assert [text for text in described if text not in PAGE] == []


@pytest.mark.parametrize("name", KINDS)
def test_what_the_config_says_of_it_survives_being_compiled(name: str) -> None:
    part = DestinationsPart.model_validate({KINDS[name].section: json.loads(json.dumps(plain(name)))})
    made = make_destinations(part)
    assert Destinations.from_json(json.loads(json.dumps(made.to_json()))).of(name) == made.of(name)
    assert [each for each, _, _ in made.switched_on()] == [name]
    assert name in made.defaults() or KINDS[name].only_by_label
    assert all(f"{name}/{label}" in made.names() for label in load_kind(name).labels(made.of(name)))


def plain(name: str) -> object:
    return yaml.safe_load(written(name))[KINDS[name].section]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the hub with every kind switched on."""
    folder = tmp_path_factory.mktemp("registries")
    lines = "\n".join(f"  {written(name)}" for name in KINDS)
    done = synthesise(folder, f"destinations:\n{lines}\ndeployment: {{home_region: us-east-1}}\n")
    assert done.returncode == 0, done.stderr
    template: Template = json.loads((folder / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
    return template


@pytest.mark.parametrize("name", KINDS)
def test_the_stack_has_its_function_queue_secret_and_alarm(name: str, template: Template) -> None:
    kind, resources = load_kind(name), template["Resources"]
    outputs = {f"{kind.resources}QueueUrl", f"{kind.resources}DeadLettersUrl", f"{kind.resources}NotifierLogGroup"}
    assert outputs <= set(template["Outputs"])
    assert (f"{kind.resources}SecretArn" in template["Outputs"]) is bool(kind.secret_fields)
    functions = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Lambda::Function"]
    (variables,) = [
        found for each in functions if (found := each["Environment"]["Variables"]).get("TRAILBELL_DESTINATION") == name
    ]
    assert set(variables) <= set(kind.environment.names())
    assert issubclass(kind.environment, NotifierEnvironment)
    alarms = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::CloudWatch::Alarm"]
    assert any(re.search(rf"\b{kind.resources}\b", json.dumps(each["AlarmDescription"])) for each in alarms)


@pytest.mark.parametrize("name", KINDS)
def test_a_function_makes_it_of_the_variables_that_the_stack_writes(name: str, template: Template) -> None:
    resources = template["Resources"].values()
    functions = [
        each["Properties"]["Environment"]["Variables"]
        for each in resources
        if "Environment" in each.get("Properties", {})
    ]
    (written,) = [each for each in functions if each.get("TRAILBELL_DESTINATION") == name]
    variables = {key: value if isinstance(value, str) else json.dumps(value) for key, value in written.items()}
    made = load_kind(name).make(variables)
    assert callable(made.send)
    assert callable(made.send_digest)


def test_a_secret_begins_as_it_always_did() -> None:
    """CloudFormation writes a changed beginning over what the user filled in."""
    assert {name: kind.begins_with for name, kind in all_kinds().items() if kind.secret_fields} == {
        "slack": '{"webhook_url": ""}',
        "webhook": '{"url": "", "signing_key": ""}',
        "teams": '{"url": ""}',
        "pagerduty": '{"routing_key": ""}',
    }


def test_a_kind_that_is_not_there_is_told() -> None:
    with pytest.raises(KeyError, match="fax"):
        load_kind("fax")


def test_each_lies_in_a_file_or_folder_of_its_own_name() -> None:
    for name in KINDS:
        file = Path(str(import_module(f"trailbell.destinations.{name.replace('-', '_')}").__file__))
        assert name.replace("-", "_") in {file.stem, file.parent.name}
