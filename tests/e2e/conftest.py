"""One real `cdk deploy` of the app into a local AWS, for all tests of this folder."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from localaws.deployment import (
    Deployment,
    Subscriber,
    bootstrap,
    deploy_assembly,
    destroy,
    synthesise,
    write_config,
)
from localaws.ministack import PROJECT_ROOT, Key, MiniStack
from localaws.scenario.leftovers import inventory
from localaws.stand_ins.receivers import (
    PAGERDUTY_PATH,
    ROUTING_KEY,
    SIGNING_KEY,
    TEAMS_PATH,
    WEBHOOK_PATH,
    StandIn,
    judge_pagerduty,
    judge_teams,
    judge_webhook,
)
from localaws.stand_ins.slack import SlackStandIn
from trailbell import examples
from trailbell.contract.names import DEFAULT_STACK, Output

EVENTS = examples.FOLDER
ACCOUNT = "629470242021"
REGION = "us-east-2"
REGIONS = (REGION, "us-east-1")
AUDIT_LOG = "trailbell-trailbucket6c1e344e"
"""What the name of the trail's bucket begins with, of which the README says that it stays."""
NEW_ADDRESS = {
    "id": "new-address",
    "title": "The password policy was deleted from a new address",
    "severity": "low",
    "match": {"eventName": ["DeleteAccountPasswordPolicy"]},
    "first_seen": {"by": ["source_ip"], "window": "30d"},
}
"""A rule of one's own, on a call that the starter pack does not tell."""
STORM = {
    "id": "storm",
    "title": "An SSH public key was deleted",
    "severity": "low",
    "match": {"eventName": ["DeleteSSHPublicKey"]},
    "routes": ["topic/storm"],
}
STORM_BUDGET = 3
THRESHOLD_COUNT = 3
THRESHOLD = {
    "id": "many-signing-certificates",
    "title": "Several signing certificates were deleted",
    "severity": "medium",
    "match": {"eventName": ["DeleteSigningCertificate"]},
    "threshold": {"count": THRESHOLD_COUNT, "by": ["account"], "window": "10m"},
}
SHORT_WINDOW_SECONDS = 10
SHORT_WINDOW = {
    "id": "short-window",
    "title": "A service-specific credential was deleted",
    "severity": "low",
    "match": {"eventName": ["DeleteServiceSpecificCredential"]},
    "dedupe": {"by": ["account"], "window": f"{SHORT_WINDOW_SECONDS}s"},
}
LONG_WINDOW_HOURS = 12
LONG_WINDOW = {
    "id": "long-window",
    "title": "A group was deleted",
    "severity": "low",
    "match": {"eventName": ["DeleteGroup"], "eventSource": ["iam.amazonaws.com"]},
    "dedupe": {"by": ["account"], "window": f"{LONG_WINDOW_HOURS}h"},
}
OWN_CALLS = {
    "id": "own-calls",
    "match": {"userIdentity": {"accessKeyId": [ACCOUNT]}},
    "reason": "what these tests' own clients call as root while the trail logs; they watch what an IAM user does",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIns:
    """What answers for the destinations besides Slack."""

    webhook: StandIn
    teams: StandIn
    pagerduty: StandIn

    @property
    def all(self) -> tuple[StandIn, ...]:
        return (self.webhook, self.teams, self.pagerduty)

    def config(self) -> dict[str, Any]:
        """Return all destinations but e-mail, which is a subscription of the topic."""
        return {
            "slack": {"alerts_per_minute": None},
            "topics": {"storm": f"arn:aws:sns:{REGION}:{ACCOUNT}:storm"},
            "topics_alerts_per_minute": STORM_BUDGET,
            "webhook": {"host": "siem.example.com", "endpoint": self.webhook.endpoint},
            "teams": {"endpoint": self.teams.endpoint, "alerts_per_minute": None},
            "pagerduty": {"endpoint": self.pagerduty.endpoint, "alerts_per_minute": None},
            "security_hub": {},
        }

    def fill_secrets(self, deployment: Deployment) -> None:
        """Do what docs/configuration.md tells to do after the deployment."""
        deployment.fill_secret("Webhook", url=self.webhook.url, signing_key=SIGNING_KEY)
        deployment.fill_secret("Teams", url=self.teams.url)
        deployment.fill_secret("PagerDuty", routing_key=ROUTING_KEY)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An IAM user, whose calls alert as anybody's do."""

    name: str
    aws: MiniStack
    key: Key

    def client(self, service: str, region: str | None = None) -> Any:
        return self.aws.client(service, region, key=self.key)


@pytest.fixture(scope="session")
def slack() -> Iterator[SlackStandIn]:
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[StandIns]:
    with (
        StandIn(WEBHOOK_PATH, judge_webhook) as webhook,
        StandIn(TEAMS_PATH, judge_teams) as teams,
        StandIn(PAGERDUTY_PATH, judge_pagerduty) as pagerduty,
    ):
        yield StandIns(webhook=webhook, teams=teams, pagerduty=pagerduty)


@pytest.fixture(scope="session")
def config_file(slack: SlackStandIn, stand_ins: StandIns, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the config that is deployed."""
    folder = tmp_path_factory.mktemp("config")
    config = folder / "trailbell.yaml"
    base = yaml.safe_load((PROJECT_ROOT / "config" / "trailbell.yaml").read_text(encoding="utf-8"))
    (folder / "base.yaml").write_text(
        yaml.safe_dump(
            base
            | {
                "rules": [NEW_ADDRESS, STORM, SHORT_WINDOW, LONG_WINDOW, THRESHOLD],
                # Every call of these tests' own clients would wake the detector.
                "disable": ["root-used"],
                "suppressions": [OWN_CALLS],
                "destinations": stand_ins.config(),
            }
        ),
        encoding="utf-8",
    )
    write_config(config, region=REGION, slack_endpoint=slack.endpoint, base=folder / "base.yaml")
    return config


@pytest.fixture(scope="session")
def deployment(
    slack: SlackStandIn, stand_ins: StandIns, config_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("deployment")
    with MiniStack(account=ACCOUNT, region=REGION, log_file=folder / "ministack.log") as aws:
        aws.client("securityhub").enable_security_hub()
        assembly = synthesise(aws, config=config_file, assembly=folder / "cdk.out")
        bootstrap(aws, assembly=assembly, regions=REGIONS)
        before = inventory(aws, REGIONS)
        deployed = deploy_assembly(aws, assembly)
        made = inventory(aws, REGIONS) - before
        deployed.fill_slack_secret(slack)
        stand_ins.fill_secrets(deployed)
        do_not_wait(deployed)
        yield deployed
        destroy(aws, assembly)
        # Whatever the tests did: no policy of the stack's was too narrow for it, and nothing stays but the audit log.
        assert aws.refused() == []
        left = [thing for thing in inventory(aws, REGIONS) if thing in made or DEFAULT_STACK in thing[-1]]
        assert [(kind, name.rpartition("-")[0]) for _, kind, name in left] == [("bucket", AUDIT_LOG)]


def do_not_wait(deployment: Deployment) -> None:
    """Spare tests the time that only AWS needs; `python -m benchmarks.load.pushes --as-deployed` takes it."""
    deployment.set_variables(deployment.outputs[Output.DETECTOR_NAME], TRAILBELL_CONFIG_MAX_AGE_SECONDS="1")
    deployment.set_variables(deployment.outputs[Output.FILTER_SYNC_NAME], TRAILBELL_HEEDED_SECONDS="0")


@pytest.fixture
def user(deployment: Deployment) -> User:
    """Return an IAM user of this test alone, who may do everything."""
    name = f"user-{uuid.uuid4().hex[:8]}"
    return User(name=name, aws=deployment.aws, key=deployment.aws.make_user(name))


@pytest.fixture
def subscriber(deployment: Deployment) -> Iterator[Subscriber]:
    with deployment.subscriber() as queue:
        yield queue


def read_event(name: str, **changes: Any) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return record | changes


def new_launch(user: str | None = None) -> dict[str, Any]:
    """Return the RunInstances record as a call of its own, by a user of its own: the rule tells one user's once."""
    record = read_event("run-instances-iam-user", eventID=str(uuid.uuid4()))
    arn = f"{record['userIdentity']['arn']}-{user or uuid.uuid4().hex}"
    return record | {"userIdentity": record["userIdentity"] | {"arn": arn}}
