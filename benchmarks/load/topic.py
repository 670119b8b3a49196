"""2,000 matching records, each sent three times, through the deployed bus: 2,000 alerts at the topic, and how late.

Run by `make load`. Ends by itself; exit code 1 where an alert is missing or came twice.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import yaml

from localaws.deployment import Deployment, deploy, write_config
from localaws.ministack import MiniStack
from trailbell import examples
from trailbell.contract.names import API_CALL, TEST_SOURCE

RECORDS = 2_000
TIMES = 3
DELIVERIES_PER_SECOND = 15
"""So slow because the local AWS does not try again what a detector failed on under a burst; Lambda does."""
SEED = 20261123
LONGEST_SECONDS = 20 * 60
"""When the run gives up."""
QUIET_SECONDS = 20
"""How long to wait for alerts that should not come."""
REGION = "eu-west-1"
RECORD = examples.FOLDER / "run-instances-iam-user.json"
RULE = {
    "id": "load",
    "title": "EC2 instance launched",
    "severity": "medium",
    "match": {"eventSource": ["ec2.amazonaws.com"], "eventName": ["RunInstances"]},
}
"""Without windows: every record alerts."""


class Arrivals:
    """What arrives at a queue that subscribes to the topic, and when; in a thread of its own, so that nothing waits."""

    def __init__(self, sqs: Any, url: str) -> None:
        self.seen: Counter[str] = Counter()
        self.at: dict[str, float] = {}
        """Event id -> when its first alert arrived, on the monotonic clock."""
        self._sqs = sqs
        self._url = url
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.stop.is_set():
            answer = self._sqs.receive_message(QueueUrl=self._url, WaitTimeSeconds=1, MaxNumberOfMessages=10)
            now = time.monotonic()
            for message in answer.get("Messages", []):
                alert = json.loads(json.loads(message["Body"])["Message"])
                self.seen[alert["event"]["id"]] += 1
                self.at.setdefault(alert["event"]["id"], now)
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])


def main() -> int:
    """Deploy, send, wait, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=RECORDS)
    records = parser.parse_args().records
    with tempfile.TemporaryDirectory(prefix="trailbell-load-") as folder:
        work = Path(folder)
        base, config = work / "base.yaml", work / "trailbell.yaml"
        base.write_text(yaml.safe_dump({"rules": [RULE]}), encoding="utf-8")
        write_config(config, region=REGION, slack_endpoint=None, base=base)
        with MiniStack(account="111122223333", region=REGION, log_file=work / "ministack.log") as aws:
            deployment = deploy(aws, config=config, work_folder=work, regions=[REGION, "us-east-1"])
            with deployment.subscriber() as subscriber:
                arrivals = Arrivals(aws.client("sqs"), subscriber.url)
                arrivals.thread.start()
                begin = time.monotonic()
                sent = _send(deployment, records, begin)
                print(f"{len(sent)} records sent {TIMES} times each in {time.monotonic() - begin:.0f} s", flush=True)
                _wait(arrivals, len(sent), begin)
                arrivals.stop.set()
                arrivals.thread.join()
    return _report(arrivals, sent, begin)


def _send(deployment: Deployment, records: int, begin: float) -> dict[str, float]:
    """Put each record on the bus three times, in any order. Return when each was put there first, by event id."""
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    events = deployment.aws.client("events")
    # Repeats come a while after: in an order of chance within some hundreds of deliveries.
    chance = random.Random(SEED)
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(records)]
    deliveries = sorted((number + chance.random() * 100, id_) for number, id_ in enumerate(ids) for _ in range(TIMES))
    sent: dict[str, float] = {}
    for number, (_, event_id) in enumerate(deliveries):
        if time.monotonic() - begin > LONGEST_SECONDS:
            print(f"gave up sending after {number} deliveries: {LONGEST_SECONDS} s are over", flush=True)
            break
        time.sleep(max(0, begin + number / DELIVERIES_PER_SECOND - time.monotonic()))
        detail = json.dumps({**record, "eventID": event_id})
        sent.setdefault(event_id, time.monotonic())
        entry = {"Source": TEST_SOURCE, "DetailType": API_CALL, "Detail": detail}
        if events.put_events(Entries=[entry])["FailedEntryCount"]:
            raise RuntimeError(f"EventBridge refused {event_id}")
    return dict.fromkeys(ids, begin) | sent


def _wait(arrivals: Arrivals, wanted: int, begin: float) -> None:
    """Wait until as many alerts arrived as are wanted, and a while for more than that; tell how it goes."""
    while len(arrivals.at) < wanted and time.monotonic() - begin < LONGEST_SECONDS:
        time.sleep(5)
        print(f"{time.monotonic() - begin:4.0f} s: {len(arrivals.at)} arrived", flush=True)
    time.sleep(QUIET_SECONDS)


def _report(arrivals: Arrivals, sent: dict[str, float], begin: float) -> int:
    lost = sent.keys() - arrivals.at.keys()
    twice = {event_id for event_id, count in arrivals.seen.items() if count > 1}
    seconds = [at - sent[event_id] for event_id, at in arrivals.at.items() if event_id in sent]
    print(
        f"{len(seconds)} of {len(sent)} alerts arrived in {max(arrivals.at.values(), default=begin) - begin:.0f} s: "
        f"{len(lost)} lost, {len(twice)} more than once, {len(arrivals.at.keys() - sent.keys())} of nobody's"
    )
    if len(seconds) > 1:
        print(
            f"PutEvents to subscriber: median {median(seconds):.2f} s, 99th percentile "
            f"{quantiles(seconds, n=100)[98]:.2f} s; load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
    return int(bool(lost or twice) or arrivals.seen.total() != len(sent))


if __name__ == "__main__":
    sys.exit(main())
