"""Every function of the synthesised template starts from its own package with its own environment, and needs all of it."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import Template, synthesise
from trailbell.contract.environments import FunctionEnvironment
from trailbell.contract.environments.detection import DetectorEnvironment, WindowCloserEnvironment
from trailbell.contract.environments.notifiers import NotifierEnvironment
from trailbell.contract.environments.rule_config import (
    ConfigSeedEnvironment,
    ConfigValidatorEnvironment,
    FilterSyncEnvironment,
)
from trailbell.contract.variables import VariableError
from trailbell.destinations import all_kinds, load_kind
from trailbell.destinations.pagerduty import PagerDutyEnvironment
from trailbell.destinations.slack import SlackEnvironment
from trailbell.destinations.teams import TeamsEnvironment
from trailbell.destinations.topic import TopicEnvironment
from trailbell.destinations.webhook import WebhookEnvironment
from trailbell.functions.notifier.handler import start

CONFIG = """\
packs: [starter]
destinations:
  slack: {enabled: true, channel: "#alerts", channels: {soc: "#soc"}, endpoint: "https://proxy.example.com"}
  topics: {pager: "arn:aws:sns:us-east-2:111122223333:pager"}
  topics_alerts_per_minute: 7
  sns: {https_format: text}
  webhook: {host: siem.example.com, endpoint: "https://proxy.example.com", alerts_per_minute: 8}
  teams: {endpoint: "https://proxy.example.com"}
  pagerduty: {region: eu, endpoint: "https://proxy.example.com"}
  security_hub: {}
deployment: {home_region: us-east-2, slots: 4, log_retention_days: 1096}
"""
"""Every destination with everything that can be said of it."""
SOURCES = {
    each.handler: each
    for each in (
        DetectorEnvironment, WindowCloserEnvironment, ConfigValidatorEnvironment, FilterSyncEnvironment,
        ConfigSeedEnvironment,
    )
}  # fmt: skip
SET_BY_TESTS_ALONE = {"TRAILBELL_CONFIG_MAX_AGE_SECONDS", "TRAILBELL_HEEDED_SECONDS"}
OF_EVERY_DESTINATION = {"TRAILBELL_WINDOWS_TABLE", "TRAILBELL_ALERTS_PER_MINUTE", "TRAILBELL_SECRET_ARN"}
"""What a kind may do without."""
START = """
import importlib, json, os, sys
from trailbell.contract.variables import VariableError
module, variables = importlib.import_module(sys.argv[1]), json.loads(sys.argv[2])
ours = [each for name, each in sys.modules.items() if name.partition(".")[0] == "trailbell"]
assert all(each.__file__.startswith(os.getcwd()) for each in ours), "the checkout's instead of the package's"
module.start(variables)
needed = []
for name in variables:
    try:
        module.start({key: value for key, value in variables.items() if key != name})
    except VariableError as error:
        assert name in str(error), error
        needed.append(name)
print(json.dumps(needed))
"""


IN_LAMBDA = """
import importlib, sys
importlib.import_module(sys.argv[1])
assert "botocore.client" in sys.modules, "no client was made"
module = sys.modules[sys.argv[1]]
(part,) = [value for name, value in vars(module).items() if name in ("_detector", "_notifier", "_sweep")]
assert part is not None
print("aws_lambda_powertools.utilities.idempotency" in sys.modules)
"""
READY_AT_ONCE = ("trailbell.functions.detector.handler.handler", "trailbell.functions.notifier.handler.handler")


class Function:
    """A function of the template."""

    def __init__(self, properties: Mapping[str, Any], package: Path) -> None:
        self.handler: str = properties["Handler"]
        written = properties["Environment"]["Variables"]
        self.variables = {name: plain(value) for name, value in written.items()}
        self.package = package

    @property
    def environment(self) -> type[FunctionEnvironment]:
        if self.handler in SOURCES:
            return SOURCES[self.handler]
        return load_kind(self.variables["TRAILBELL_DESTINATION"]).environment

    @property
    def name(self) -> str:
        return self.variables["POWERTOOLS_SERVICE_NAME"]

    def load(self) -> str:
        """Load it as Lambda does in the init phase."""
        done = subprocess.run(
            [sys.executable, "-c", IN_LAMBDA, self.handler.rpartition(".")[0]],
            cwd=self.package,
            env={"AWS_DEFAULT_REGION": "us-east-2", "AWS_LAMBDA_FUNCTION_NAME": self.name, **self.variables},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{self.name}: {done.stderr}"
        return done.stdout.strip()

    def start(self) -> list[str]:
        """Start it as Lambda does, once more without each of its variables; return those that it cannot do without."""
        done = subprocess.run(
            [sys.executable, "-c", START, self.handler.rpartition(".")[0], json.dumps(self.variables)],
            cwd=self.package, env={"AWS_DEFAULT_REGION": "us-east-2", "AWS_EC2_METADATA_DISABLED": "true"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{self.name}: {done.stderr}"
        needed: list[str] = json.loads(done.stdout)
        return needed


def plain(value: Any) -> str:
    """Return a variable as CloudFormation might resolve it."""
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the assembly of a config that says all that can be said."""
    folder = tmp_path_factory.mktemp("environments")
    done = synthesise(folder, CONFIG)
    assert done.returncode == 0, done.stderr
    return folder / "cdk.out"


@pytest.fixture(scope="module")
def functions(everything: Path) -> list[Function]:
    return list(read_functions(everything))


def read_functions(assembly: Path) -> Iterator[Function]:
    for file in sorted(assembly.glob("*.template.json")):
        template: Template = json.loads(file.read_text(encoding="utf-8"))
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                properties = resource["Properties"]
                digest = properties["Code"]["S3Key"].removesuffix(".zip")
                yield Function(properties, assembly / f"asset.{digest}")


def test_every_function_and_every_kind_of_notifier_is_there(functions: list[Function]) -> None:
    assert {each.environment for each in functions} == {
        *SOURCES.values(),
        *(kind.environment for kind in all_kinds().values()),
    }


def test_a_function_starts_from_its_environment_and_names_what_is_missing(functions: list[Function]) -> None:
    for each in functions:
        needed = set(each.start())
        optional = {name for name in each.variables if name not in needed}
        said = {field for field in each.environment.names() if field in optional}
        assert optional == said, f"{each.name} is told what it does not read"


def test_what_an_alert_needs_is_loaded_before_it_comes(functions: list[Function]) -> None:
    ready = [each for each in functions if each.handler in READY_AT_ONCE]
    assert len(ready) == 1 + len(all_kinds())
    assert {each.load() for each in ready} == {"True"}


def test_a_function_is_told_all_that_it_reads(functions: list[Function]) -> None:
    for each in functions:
        unsaid = set(each.environment.names()) - set(each.variables) - SET_BY_TESTS_ALONE
        allowed = OF_EVERY_DESTINATION if issubclass(each.environment, NotifierEnvironment) else set()
        assert unsaid <= allowed, each.name
        assert set(each.variables) <= set(each.environment.names()), each.name


def test_what_the_config_says_of_a_destination_arrives(functions: list[Function]) -> None:
    proxy = "https://proxy.example.com"
    by_class = {each.environment: each.environment.read(each.variables) for each in functions}
    slack, topics = by_class[SlackEnvironment], by_class[TopicEnvironment]
    assert isinstance(slack, SlackEnvironment)
    assert (slack.slack_channel, slack.slack_channels, slack.slack_endpoint) == ("#alerts", {"soc": "#soc"}, proxy)
    assert slack.alerts_per_minute == 20
    assert isinstance(topics, TopicEnvironment)
    assert topics.topics == {"pager": "arn:aws:sns:us-east-2:111122223333:pager"}
    assert (topics.https_format, topics.alerts_per_minute, topics.secret_arn) == ("text", 7, None)
    webhook, teams, pagerduty = (
        by_class[each] for each in (WebhookEnvironment, TeamsEnvironment, PagerDutyEnvironment)
    )
    assert isinstance(webhook, WebhookEnvironment)
    assert (webhook.webhook_host, webhook.endpoint, webhook.alerts_per_minute) == ("siem.example.com", proxy, 8)
    assert isinstance(teams, TeamsEnvironment)
    assert teams.endpoint == proxy
    assert isinstance(pagerduty, PagerDutyEnvironment)
    assert (pagerduty.pagerduty_region, pagerduty.endpoint) == ("eu", proxy)
    sync = by_class[FilterSyncEnvironment]
    assert isinstance(sync, FilterSyncEnvironment)
    assert [(place.account, place.region) for place in sync.places] == [(None, "us-east-2"), (None, "us-east-1")]
    assert sync.variables()["TRAILBELL_REGIONS"] == "us-east-2,us-east-1"
    assert (sync.slots, sync.slot_prefix) == (4, "Trailbell")


def test_a_variable_that_is_something_else_is_named() -> None:
    with pytest.raises(VariableError, match="TRAILBELL_SLOTS='five'"):
        ConfigValidatorEnvironment.read({"TRAILBELL_SLOTS": "five"})
    with pytest.raises(VariableError, match="TRAILBELL_DESTINATION='fax'"):
        start(
            NotifierEnvironment(
                service="fax", destination="fax", queue_url="queue", dead_letters_url="dead", claims_table="claims"
            ).variables()
        )


def test_logs_are_kept_for_any_number_of_days_that_cloudwatch_takes(everything: Path) -> None:
    template: Template = json.loads((everything / "Trailbell.template.json").read_text(encoding="utf-8"))
    kept = {
        resource["Properties"]["RetentionInDays"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Logs::LogGroup"
    }
    assert kept == {1096}
