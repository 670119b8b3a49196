"""What is read off each format, and that every format is listed."""

import json
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests.infra.conftest import ROOT
from tests.unit.alerts import run_instances_alert
from trailbell import formats
from trailbell.authoring.shape.schema import config_schema
from trailbell.formats import FORMATS, load_format
from trailbell.formats.sns import publication

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def formats_in_the_folder() -> Iterator[str]:
    for module in iter_modules(formats.__path__):
        if hasattr(import_module(f"trailbell.formats.{module.name}"), "FORMAT"):
            yield module.name


def test_every_format_in_the_folder_is_listed_and_no_other() -> None:
    assert sorted(FORMATS.values()) == sorted(formats_in_the_folder())


def test_the_config_may_name_each() -> None:
    assert config_schema()["$defs"]["SnsPart"]["properties"]["https_format"]["enum"] == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_the_documentation_tells_of_it_and_https_subscribers_get_it(name: str) -> None:
    assert f"| `{name}` | {load_format(name).description} |" in PAGE
    alert = run_instances_alert()
    rendered = load_format(name).render(alert)
    assert alert.event.name in rendered
    if name != "json":  # which every subscriber gets that has no text of its own
        assert json.loads(publication(alert, https_format=name)["Message"])["https"] == rendered
