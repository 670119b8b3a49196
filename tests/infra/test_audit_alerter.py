"""The construct for an app of anybody's; tests/package has it installed, in an app of its own."""

from pathlib import Path

import pytest
from aws_cdk import App, Stack

from tests.infra.conftest import ROOT
from trailbell.infra import AuditAlerter
from trailbell.infra.audit_alerter import cache_folder


@pytest.fixture(scope="module")
def beside_another(tmp_path_factory: pytest.TempPathFactory) -> App:
    """Return an app with a stack of its own and flags of its own."""
    config = tmp_path_factory.mktemp("config") / "trailbell.yaml"
    config.write_text("deployment: {home_region: us-east-2, stack_name: Bell}\n", encoding="utf-8")
    app = App(context={"@aws-cdk/aws-iam:minimizePolicies": False})
    Stack(app, "Theirs")
    AuditAlerter(app, "Mine", config=config, build_folder=ROOT / ".build")
    return app


def stack(app: App, id_: str) -> Stack:
    found = app.node.find_child(id_)
    assert isinstance(found, Stack)
    return found


def test_the_command_finds_the_stack_by_the_configs_name_whatever_the_app_calls_it(beside_another: App) -> None:
    assert stack(beside_another, "Mine").stack_name == "Bell"
    assert stack(beside_another, "Bell-Forwarder-us-east-1").stack_name == "Bell-Forwarder-us-east-1"


def test_the_forwarder_waits_for_the_hub(beside_another: App) -> None:
    forwarder = stack(beside_another, "Bell-Forwarder-us-east-1")
    assert [each.stack_name for each in forwarder.dependencies] == ["Bell"]


def test_it_goes_by_its_own_flags_and_leaves_the_apps_other_stacks_theirs(beside_another: App) -> None:
    flag = "@aws-cdk/aws-iam:minimizePolicies"
    flags = {id_: stack(beside_another, id_).node.try_get_context(flag) for id_ in ("Mine", "Theirs")}
    assert flags == {"Mine": True, "Theirs": False}


def test_packages_are_kept_in_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "trailbell"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache_folder() == Path.home() / ".cache" / "trailbell"
