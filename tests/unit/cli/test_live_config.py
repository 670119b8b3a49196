"""config plan, push, history and rollback against a deployment that stands in for AWS."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from cli.config import rollout
from cli.config.changes import FieldChange, compare
from cli.config.deployed import Deployment
from cli.main import app
from trailbell.authoring import load_config
from trailbell.compiled import check_compiled, write_compiled
from trailbell.config import Config, Route, Suppression
from trailbell.errors import ConfigError
from trailbell.hosted import read_hosted
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.rules import Rule

CONFIG = """\
packs: []
rules:
  - {id: leaked, title: Key leaked, severity: critical, match: {eventName: [CreateAccessKey]}}
"""
SECOND = "  - {id: queue, title: Queue deleted, severity: high, match: {eventName: [DeleteQueue]}}\n"


class FakeDeployed:
    """A deployment of Trailbell; what is asked of it is written down."""

    def __init__(self, live: Config) -> None:
        self.parts: Mapping[str, Any] = live.to_json()
        self.hosted: dict[int, bytes] = {}
        self.log: list[str] = []
        self.history: list[Deployment] = []
        self.ends_as = "COMPLETE"
        self.watched_for = 0
        self.host(write_compiled(live), live.version, "first", [])
        self.start(1, "first", watched=False)
        self.log.clear()

    def deployments(self) -> list[Deployment]:
        return self.history[::-1]

    def deployment(self, number: int) -> Deployment:
        found = self.history[number - 1]
        if found.in_progress:
            self.watched_for -= 1
            if self.watched_for < 0:
                reason = "alarm ConfigRejected" if self.ends_as == "ROLLED_BACK" else ""
                self.history[number - 1] = replace(found, state=self.ends_as, percent=100, reason=reason)
        return self.history[number - 1]

    def config(self, version: int) -> Config:
        return read_hosted(self.hosted[version])

    def validate(self, content: bytes) -> Mapping[str, Any]:
        check_compiled(content, slots=5)
        return self.parts

    def widen_filters(self, version: int) -> None:
        self.log.append(f"widen {version}")

    def settle_filters(self) -> None:
        self.log.append("settle")

    def host(self, content: bytes, config_version: str, description: str, deployments: list[Deployment]) -> int:
        del config_version, description, deployments
        for version, other in self.hosted.items():
            if other == content:
                return version
        self.hosted[len(self.hosted) + 1] = content
        return len(self.hosted)

    def start(self, version: int, description: str, *, watched: bool) -> Deployment:
        self.log.append(f"deploy {version}")
        made = Deployment(
            number=len(self.history) + 1,
            version=version,
            config_version=json.loads(self.hosted[version]).get("version"),
            state="BAKING" if watched else "COMPLETE",
            percent=100,
            started=datetime(2026, 11, 23, 12, 0, len(self.history), tzinfo=UTC),
            description=description,
        )
        self.history.append(made)
        return made

    def take_back(self, deployment: Deployment) -> None:
        self.log.append(f"take back {deployment.version}")
        self.history[deployment.number - 1] = replace(deployment, state="ROLLED_BACK")

    def author(self) -> str:
        return "arn:aws:iam::111122223333:user/alice"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    monkeypatch.setattr(rollout, "POLL_SECONDS", 0)
    path = tmp_path / "config" / "trailbell.yaml"
    path.parent.mkdir()
    path.write_text(CONFIG)
    return path


@pytest.fixture
def deployed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDeployed:
    """Return a deployment whose live config is the checkout's."""
    fake = FakeDeployed(load_config(checkout, today=date(2026, 11, 23)).config)
    for command in ("plan", "push", "history", "rollback"):
        monkeypatch.setattr(f"cli.config.{command}.Deployed", lambda *_: fake)
    return fake


def trailbell(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["config", *arguments], input=answer, catch_exceptions=False)


def test_plan_says_that_there_is_nothing_to_push(deployed: FakeDeployed) -> None:
    result = trailbell("plan", "--exit-code")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "Nothing to push: config" in result.stderr
    assert deployed.log == []


def test_plan_names_each_change_and_changes_nothing(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG.replace("critical", "high") + SECOND)
    result = trailbell("plan")
    assert result.exit_code == 0
    assert "~ rule leaked  high  Key leaked\n    severity: critical -> high\n" in result.stdout
    assert "+ rule queue  high  Queue deleted\n" in result.stdout
    assert "Rules: 1 added, 1 changed." in result.stderr
    assert trailbell("plan", "--exit-code").exit_code == 1
    document = json.loads(trailbell("plan", "--format", "json").stdout)
    assert [(rule["id"], rule["kind"]) for rule in document["changes"]["rules"]] == [
        ("leaked", "changed"),
        ("queue", "added"),
    ]
    assert deployed.log == []


def test_plan_shows_a_long_field_whole_before_and_after(deployed: FakeDeployed, checkout: Path) -> None:
    del deployed
    names = "[CreateAccessKey, UpdateAccessKey, DeleteAccessKey, CreateLoginProfile]"
    checkout.write_text(CONFIG.replace("[CreateAccessKey]", names))
    assert trailbell("plan").stdout == (
        "~ rule leaked  critical  Key leaked\n"
        "    match:\n"
        '      - {"eventName": ["CreateAccessKey"]}\n'
        '      + {"eventName": ["CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey", "CreateLoginProfile"]}\n'
        "~ filters: 1 EventBridge rule\n"
    )


def test_push_widens_the_filters_before_the_deployment_and_narrows_them_after(
    deployed: FakeDeployed, checkout: Path
) -> None:
    checkout.write_text(CONFIG + SECOND)
    deployed.watched_for = 3
    result = trailbell("push", "--yes", "-m", "queues")
    assert result.exit_code == 0, result.stderr
    assert deployed.log == ["widen 2", "deploy 2", "settle", "settle"]
    assert deployed.history[-1].description.startswith("queues (config ")
    assert "alice" in deployed.history[-1].description
    assert "is live, as version 2" in result.stderr
    assert "Nothing to push" in trailbell("push", "--yes").stderr


def test_push_asks_and_a_no_changes_nothing(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    assert trailbell("push", answer="n\n").exit_code == 1
    assert deployed.log == []
    assert trailbell("push", "--no-bake", answer="y\n").exit_code == 0
    assert deployed.log == ["widen 2", "deploy 2", "settle"]


def test_push_tells_when_the_version_was_taken_back(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    deployed.ends_as = "ROLLED_BACK"
    result = trailbell("push", "--yes")
    assert result.exit_code == 1
    assert "Version 2 was taken back (ROLLED_BACK): alarm ConfigRejected." in result.stderr
    assert deployed.log[-1] == "settle"


def test_a_push_over_a_broken_config_is_not_watched_by_the_alarm_that_it_raised(
    deployed: FakeDeployed, checkout: Path
) -> None:
    deployed.hosted[1] = b"{}"
    checkout.write_text(CONFIG + SECOND)
    result = trailbell("push", "--yes")
    assert result.exit_code == 0
    assert "What is live is broken" in result.stderr
    assert deployed.history[-1].state == "COMPLETE"


def test_filters_that_stay_wide_do_not_fail_a_push(
    deployed: FakeDeployed, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write_text(CONFIG + SECOND)

    def fail() -> None:
        raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "Rate exceeded"}}, "Invoke")

    monkeypatch.setattr(deployed, "settle_filters", fail)
    result = trailbell("push", "--yes", "--no-bake")
    assert result.exit_code == 0
    assert "The filters stay as wide as they are: " in result.stderr


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("destinations: {email: [a@example.com]}\n", 'destinations.email is ["a@example.com"] here and [] in the'),
        ("deployment: {slots: 3}\n", "deployment.slots is 3 here and 5 in the deployment."),
    ],
)
def test_push_refuses_what_takes_a_cdk_deploy_and_names_it(
    deployed: FakeDeployed, checkout: Path, more: str, told: str
) -> None:
    checkout.write_text(CONFIG + SECOND + more)
    result = trailbell("push", "--yes")
    assert result.exit_code == 1
    assert told in result.stderr
    assert "cdk deploy --all" in result.stderr
    assert deployed.log == []


def test_push_says_what_the_validator_refuses(
    deployed: FakeDeployed, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout.write_text(CONFIG + SECOND)

    def refuse(content: bytes) -> Mapping[str, Any]:
        raise ConfigError(f"rule queue: match: an older Trailbell does not know this ({len(content)} bytes)")

    monkeypatch.setattr(deployed, "validate", refuse)
    result = trailbell("push", "--yes")
    assert (result.exit_code, "Refused: rule queue: match: " in result.stderr) == (1, True)
    assert deployed.log == []


def test_a_push_waits_for_one_that_is_watched_or_says_so(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    assert trailbell("push", "--yes", "--no-wait").exit_code == 0
    deployed.watched_for = 2
    checkout.write_text(CONFIG)
    refused = trailbell("push", "--yes", "--no-wait")
    assert refused.exit_code == 1
    assert "Version 2 is being deployed or watched (BAKING)" in refused.stderr
    assert trailbell("push", "--yes", "--no-bake").exit_code == 0
    assert deployed.history[1].state == "COMPLETE"
    assert deployed.log[-3:] == ["widen 1", "deploy 1", "settle"], "the same content needs no version of its own"


def test_rollback_goes_back_to_what_was_live_before_and_forth_again(deployed: FakeDeployed, checkout: Path) -> None:
    assert "no earlier version" in trailbell("rollback", "--yes").stderr
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-bake")
    deployed.log.clear()
    result = trailbell("rollback", "--yes", "--format", "json")
    assert json.loads(result.stdout) == {"version": 1, "deployment": 3}
    assert deployed.log == ["widen 1", "deploy 1", "settle"]
    second = deployed.history[1].config_version
    assert second
    assert json.loads(trailbell("rollback", second, "--yes", "--format", "json").stdout)["version"] == 2
    assert json.loads(trailbell("rollback", "1", "--yes", "--format", "json").stdout)["version"] == 1
    unknown = trailbell("rollback", "77", "--yes")
    assert (unknown.exit_code, "77 was never deployed" in unknown.stderr) == (1, True)


def test_rollback_takes_back_what_is_being_watched(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-wait")
    deployed.log.clear()
    assert trailbell("rollback", "--yes").exit_code == 0
    assert deployed.log == ["take back 2", "settle"]


def test_history_tells_which_version_is_live(deployed: FakeDeployed, checkout: Path) -> None:
    checkout.write_text(CONFIG + SECOND)
    trailbell("push", "--yes", "--no-bake")
    text = trailbell("history").stdout
    assert [line.split()[0] for line in text.splitlines()] == ["Version", "2", "1"]
    assert [" live " in line for line in text.splitlines()] == [False, True, False]
    document = json.loads(trailbell("history", "--limit", "1", "--format", "json").stdout)
    assert [(each["version"], each["live"], each["config"]) for each in document] == [
        (2, True, deployed.history[-1].config_version)
    ]


def rule(id_: str, **fields: Any) -> Rule:
    return Rule(id=id_, title=id_, severity="low", match=Pattern.parse({"eventName": [id_]}), **fields)


def suppression(reason: str) -> Suppression:
    return Suppression(id="s", match=Pattern.parse({"eventName": ["A"]}), reason=reason)


def test_a_change_of_words_alone_leaves_the_filters() -> None:
    changes = compare(Config(rules=(rule("a"),)), Config(rules=(rule("a", description="more"),)))
    assert changes.any
    assert not changes.filters.changed


def test_every_part_that_a_push_changes_is_compared() -> None:
    before = Config(rules=(rule("a"), rule("b")), suppressions=(suppression("old"),))
    after = Config(
        rules=(rule("a"),),
        suppressions=(suppression("new"),),
        names=Names(accounts={"111122223333": "production"}),
        routes=(Route(to=("slack",)),),
    )
    changes = compare(before, after)
    assert [(each.id, each.kind) for each in changes.rules] == [("b", "removed")]
    assert changes.suppressions[0].fields == (FieldChange(field="reason", before="old", after="new"),)
    assert [change.field for change in changes.names] == ["accounts"]
    assert changes.routes is not None
    assert changes.filters.changed
    assert not compare(before, before).any
