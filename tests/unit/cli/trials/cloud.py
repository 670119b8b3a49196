"""A deployment that test events and drills go to, in memory."""

import json
import time
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from tests.unit.cli.fake_aws import HOME, FakeAws, refused
from trailbell import examples, packs
from trailbell.authoring import LoadedConfig
from trailbell.cli.main import app
from trailbell.cli.shared.loading import load_quietly

ROOT = Path(__file__).resolve().parents[4]
EVENTS = examples.FOLDER
OUTPUTS = {"DetectorLogGroup": "detector", "SlackNotifierLogGroup": "slack-notifier", "AlertsTopicArn": "arn:alerts"}
CONFIG = """\
packs: [starter]
destinations: {slack: {enabled: true}, email: [soc@example.com]}
deployment: {home_region: us-east-2}
suppressions:
  - {match: {eventSource: [cloudtrail.amazonaws.com]}, reason: a test, rules: [cloudtrail-stop-attempted]}
disable: [root-used]
"""


class Cloud:
    """A deployment: the bus takes test events, the functions log what they are told to."""

    def __init__(self) -> None:
        self.put: list[dict[str, Any]] = []
        self.detector: Any = lambda record: {
            "alert_id": f"{record['eventID']}/{record['rule']}",
            "rule": record["rule"],
        }
        self.delivers = True
        self.rule = ""
        stack = {"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]}
        self.aws = FakeAws(
            {
                ("cloudformation", HOME): {"describe_stacks": {"Stacks": [stack]}},
                ("events", HOME): {"put_events": self._put_events},
                ("logs", HOME): {"filter_log_events": self._filter_log_events},
                ("cloudtrail", HOME): {"stop_logging": refused("TrailNotFoundException", "StopLogging")},
            }
        )

    def _put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        assert len(Entries) <= 10
        self.put += Entries
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in Entries]}

    def _filter_log_events(self, logGroupName: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - boto3's name
        now = round(time.time() * 1000)
        said = [self.detector(json.loads(entry["Detail"]) | {"rule": self.rule}) for entry in self.put]
        if logGroupName == "slack-notifier":
            alerts = [line["alert_id"] for line in said if line and "alert_id" in line]
            delivered = {"message": "Alert delivered", "destination": "slack"}
            said = [delivered | {"alert_id": each} for each in alerts] if self.delivers else []
        lines = "".join(json.dumps(line) + "\n" for line in said if line)
        return {"events": [{"timestamp": now, "message": f"START RequestId\n{lines}"}]}


def loaded(config: Path) -> LoadedConfig:
    return load_quietly(config, packs.FOLDER)


def run(config: Path, command: str, *arguments: str) -> Result:
    options = ["--config", str(config), "--packs-dir", str(packs.FOLDER)]
    return CliRunner().invoke(app, [command, *options, "--timeout", "1", *arguments], catch_exceptions=False)
