"""One version, told wherever Trailbell says which it is; Lambda knows it, too."""

from importlib.metadata import version

from typer.testing import CliRunner

from tests.alerts import RUN_INSTANCES
from trailbell.cli.main import app
from trailbell.contract.version import VERSION
from trailbell.formats.document import to_document
from trailbell.runtime.clients import client_config


def test_the_package_has_the_version_of_the_code() -> None:
    assert version("trailbell") == VERSION


def test_the_command_tells_it_and_stops() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"trailbell {VERSION}\n")


def test_an_alert_tells_which_trailbell_wrote_it() -> None:
    assert to_document(RUN_INSTANCES)["trailbell_version"] == VERSION


def test_aws_is_told_who_calls() -> None:
    assert f"trailbell/{VERSION}" in client_config("sns").user_agent_extra  # type: ignore[attr-defined] # an option
