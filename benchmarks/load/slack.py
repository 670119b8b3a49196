"""500 alerts from the deployed topic to a Slack that fails more often than not: each arrives once, none is lost.

From the topic, not from the bus: under such a load the local AWS does not try again what a detector could not do, which
Lambda does. Run by `make load`. Ends by itself; exit code 1 where an alert is missing, came twice or is a dead letter.
"""

import json
import os
import sys
import tempfile
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from localaws.deployment import Deployment, deploy, write_config
from localaws.ministack import MiniStack
from localaws.stand_ins.slack import SlackStandIn, Weather
from trailbell import examples
from trailbell.config.model import Config
from trailbell.contract.names import Output
from trailbell.formats.sns import publication
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore

ALERTS = 500
WEATHER = Weather(busy=0.30, broken=0.20, hanging=0.05)
SEED = 20261123
LONGEST_SECONDS = 15 * 60
"""When the run gives up."""
QUIET_SECONDS = 20
"""How long to wait for messages that should not come: longer than a request that hangs."""
REGION = "eu-west-1"
RECORD = examples.FOLDER / "run-instances-iam-user.json"


def main() -> int:
    """Deploy, send, wait, count."""
    with tempfile.TemporaryDirectory(prefix="trailbell-load-") as folder, SlackStandIn() as slack:
        work = Path(folder)
        config = _write_config(work, slack)
        with MiniStack(account="111122223333", region=REGION, log_file=work / "ministack.log") as aws:
            deployment = deploy(aws, config=config, work_folder=work, regions=[REGION, "us-east-1"])
            deployment.fill_slack_secret(slack)
            slack.answer_always(WEATHER.answers(SEED))
            begin = time.monotonic()
            sent = _send(deployment)
            print(f"{ALERTS} alerts published in {time.monotonic() - begin:.0f} s", flush=True)
            _wait(slack, begin)
            dead = _dead_letters(deployment)
    return _report(slack, sent, begin, dead)


def _write_config(folder: Path, slack: SlackStandIn) -> Path:
    # No brake: this run is about each alert by itself. `tests/e2e/test_storm.py` is about the brake.
    base, config = folder / "base.yaml", folder / "trailbell.yaml"
    base.write_text(yaml.safe_dump({"destinations": {"slack": {"alerts_per_minute": None}}}), encoding="utf-8")
    write_config(config, region=REGION, slack_endpoint=slack.endpoint, base=base)
    return config


def _send(deployment: Deployment) -> set[str]:
    """Publish alerts as the detector does, return their event ids."""
    rule = Rule(
        id="load",
        title="EC2 instance launched",
        severity="medium",
        match=Pattern.parse({"eventName": ["RunInstances"]}),
    )
    pipeline = Pipeline.from_config(
        Config(version="load", rules=(rule,)), store=MemoryStore(), clock=lambda: datetime.now(UTC)
    )
    record, sns = json.loads(RECORD.read_text(encoding="utf-8")), deployment.aws.client("sns")
    sent = {str(uuid.uuid4()) for _ in range(ALERTS)}
    for event_id in sent:
        (alert,) = pipeline.run(SourcedRecord.of({**record, "eventID": event_id}, test=True))
        sns.publish(TopicArn=deployment.outputs[Output.ALERTS_TOPIC_ARN], **publication(alert, https_format="json"))
    return sent


def _wait(slack: SlackStandIn, begin: float) -> None:
    """Wait until as many messages arrived as were sent, and a while for more than that; tell how it goes."""
    while (count := len(slack.delivered)) < ALERTS and time.monotonic() - begin < LONGEST_SECONDS:
        time.sleep(10)
        print(f"{time.monotonic() - begin:4.0f} s: {count} arrived, {len(slack.attempts)} tries", flush=True)
    time.sleep(QUIET_SECONDS)


def _dead_letters(deployment: Deployment) -> int:
    attributes = deployment.aws.client("sqs").get_queue_attributes(
        QueueUrl=deployment.outputs["SlackDeadLettersUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def _report(slack: SlackStandIn, sent: set[str], begin: float, dead: int) -> int:
    arrived = Counter(event_id for attempt in slack.delivered for event_id in _ids(attempt.message) & sent)
    answers = Counter(attempt.status for attempt in slack.attempts)
    lost, twice = sent - arrived.keys(), {event_id for event_id, count in arrived.items() if count > 1}
    seconds = slack.delivered[-1].time - begin if slack.delivered else 0
    print(
        f"{len(arrived)} of {len(sent)} alerts arrived in {seconds:.0f} s: {len(lost)} lost, {len(twice)} more than "
        f"once, {dead} dead letters, {len(slack.delivered) - arrived.total()} messages of nobody's"
    )
    print(
        f"{len(slack.attempts)} tries: {answers[200]} taken, {answers[429]} x 429, {answers[500]} x 500, "
        f"{answers[504]} hung; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return int(bool(lost or twice or dead) or len(slack.delivered) != len(sent))


def _ids(message: Any) -> set[str]:
    """Return the words of a message: the event's id is one of them."""
    return set(json.dumps(message).replace('"', " ").replace("/", " ").split())


if __name__ == "__main__":
    sys.exit(main())
