"""Where a scenario works: its configs, which differ in little, and the `trailbell` command."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from localaws import assembly
from localaws.deployment import StepError, synthesise
from localaws.ministack import PROJECT_ROOT, MiniStack
from localaws.scenario import everywhere
from localaws.stand_ins.taker import Taker

ACCOUNT, HOME, ELSEWHERE = "629470242021", "us-east-2", "us-east-1"
REGIONS = (HOME, ELSEWHERE)
SECONDS_PER_MINUTE = 6
"""AppConfig watches a deployment for 18 seconds."""
SLOTS, FEWER_SLOTS = 5, 4
WATCHED_SECONDS = 60
"""How long it takes at most until a push is watched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where a scenario works, and what it took for each step."""

    aws: MiniStack
    folder: Path
    taker: Taker
    """Slack, the webhook's receiver, Teams and PagerDuty."""
    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)
    """By step, in their order."""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Do a step, and take its time."""
        self.say(name)
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began

    def config(self, name: str, *, slots: int = SLOTS) -> Path:
        """Write a config of that name, which differs from every other in one rule. All destinations are on."""
        path = self.folder / f"{name}.yaml"
        base = yaml.safe_load((PROJECT_ROOT / "config" / "trailbell.yaml").read_text(encoding="utf-8"))
        deployment = {"home_region": HOME, "trail": "create", "slots": slots, "alarm_email": "ops@example.com"}
        path.write_text(
            yaml.safe_dump(
                base
                | {
                    "rules": [everywhere.RULE, own_rule(name)],
                    "disable": ["root-used"],
                    "suppressions": [own_calls()],
                    "destinations": everywhere.destinations(ACCOUNT, HOME, self.taker.endpoint),
                    "routes": [everywhere.ROUTE, {"to": ["email"]}],
                    "deployment": deployment,
                }
            ),
            encoding="utf-8",
        )
        return path

    def synthesise(self, name: str, config: Path, *, project: Path = PROJECT_ROOT) -> Path:
        """Synthesise a config; what only AWS needs time for is not waited for."""
        done = synthesise(self.aws, config=config, assembly=self.folder / f"{name}.out", project=project)
        assembly.spare_waits(done)
        return done

    def command(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start the `trailbell` command as people do."""
        return subprocess.Popen(  # noqa: S603 - our own arguments
            [sys.executable, "-m", "trailbell", *arguments],
            env=dict(self.aws.environment),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """Run the `trailbell` command and return what it says. Raises StepError."""
        return ended(self.command(*arguments))


def ended(command: "subprocess.Popen[str]") -> str:
    """Wait for a command and return what it said. Raises StepError."""
    said, _ = command.communicate(timeout=WATCHED_SECONDS * 3)
    if command.returncode:
        raise StepError(f"a command of `trailbell` failed: {said}")
    return said


def own_rule(name: str) -> Mapping[str, Any]:
    """Return a rule that only one config has; a filter lets its calls through."""
    return {
        "id": f"only-in-{name}",
        "title": f"The tool of {name} was used",
        "severity": "low",
        "match": {"eventName": ["DeleteVolume"], "userAgent": [{"prefix": f"{name}-tool-"}]},
    }


def own_calls() -> Mapping[str, Any]:
    """Return the suppression of what the scenario's own clients do as the account's root."""
    reason = "what the scenario's own clients call as root while the trail logs"
    return {"id": "own-calls", "match": {"userIdentity": {"accessKeyId": [ACCOUNT]}}, "reason": reason}
