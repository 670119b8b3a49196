"""A deployment that stands in for AWS, and a config for it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from typer.testing import CliRunner, Result

from trailbell.cli.config.deployed import Deployment
from trailbell.cli.main import app
from trailbell.config.compiled import check_compiled, write_compiled
from trailbell.config.hosted import read_hosted
from trailbell.config.model import Config
from trailbell.contract.places import Place

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
        self.refusing: dict[Place, str] = {}
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

    def widen_filters(self, version: int) -> Mapping[Place, str]:
        self.log.append(f"widen {version}")
        return self.refusing

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


def trailbell(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(app, ["config", *arguments], input=answer, catch_exceptions=False)
