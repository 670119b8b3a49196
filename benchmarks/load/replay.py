"""A replay's alerts beside those of the deployed detector, fed with the same real records: the sets must be equal.

Run by `make load`. The detector's windows go by the clock on the wall and a replay's by the events' own time, so the
rules are those of the packs starter, cis and attack without their windows. Exit code 1 where the sets differ.
"""

import json
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import yaml

from benchmarks.support.corpus import read_records
from localaws.deployment import Deployment, deploy, write_config
from localaws.ministack import MiniStack
from trailbell import packs
from trailbell.authoring import load_config
from trailbell.cli.replay import replaying
from trailbell.contract.names import API_CALL, Output
from trailbell.sources.reading import open_source

REGION = "eu-west-1"
PACKS = ("starter", "cis", "attack")
WINDOWS = ("dedupe", "threshold", "first_seen")
QUIET_SECONDS = 5
"""How long the subscriber's queue must be empty before all alerts are in."""
LONGEST_SECONDS = 15 * 60


def main() -> int:
    """Deploy, feed both, compare."""
    packed, what = read_records()
    records = [record for record in map(orjson.loads, packed) if record.get("eventID") and record.get("eventTime")]
    with tempfile.TemporaryDirectory(prefix="trailbell-load-") as folder:
        work = Path(folder)
        base, config = work / "base.yaml", work / "trailbell.yaml"
        base.write_text(yaml.safe_dump({"rules": _rules()}), encoding="utf-8")
        write_config(config, region=REGION, slack_endpoint=None, base=base)
        replayed = _replay(config, work, records)
        with MiniStack(account="111122223333", region=REGION, log_file=work / "ministack.log") as aws:
            deployment = deploy(aws, config=config, work_folder=work, regions=[REGION, "us-east-1"])
            begin = time.monotonic()
            deployed = _feed(deployment, records)
            seconds = time.monotonic() - begin
    print(f"{len(records):,} records of {what}, through the deployed detector in {seconds:.0f} s")
    print(f"alerts: {len(replayed):,} by the replay, {len(deployed):,} by the detector")
    for name, only in (("replay", replayed - deployed), ("detector", deployed - replayed)):
        print(f"only by the {name}: {len(only)} {sorted(only)[:5]}")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0 if replayed == deployed and replayed else 1


def _rules() -> list[dict[str, Any]]:
    """Return the packs' rules without their windows and tests."""
    rules = []
    for pack in PACKS:
        for path in sorted((packs.FOLDER / pack).rglob("*.yaml")):
            for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
                kept = rule.keys() - {*WINDOWS, "tests"}
                rules.append({key: rule[key] for key in sorted(kept)})
    return rules


def _replay(config: Path, work: Path, records: list[dict[str, Any]]) -> set[str]:
    folder = work / "records"
    folder.mkdir()
    (folder / "records.jsonl").write_bytes(b"".join(orjson.dumps(record) + b"\n" for record in records))
    loaded = load_config(config, today=datetime.now(UTC).date()).config
    with replaying(open_source(str(folder)), [loaded]) as (past,):
        return {judged.alert.id for judged in past.judged() if judged.alert}


def _feed(deployment: Deployment, records: list[dict[str, Any]]) -> set[str]:
    """Invoke the detector with every record, as EventBridge does, and return the ids of the alerts at the topic."""
    lambda_, end = deployment.aws.client("lambda"), time.monotonic() + LONGEST_SECONDS
    with deployment.subscriber() as subscriber:
        for record in records:
            if time.monotonic() > end:
                raise TimeoutError(f"the records were not through within {LONGEST_SECONDS} s")
            event = {"source": "aws.any", "detail-type": API_CALL, "detail": record}
            answer = lambda_.invoke(FunctionName=deployment.outputs[Output.DETECTOR_NAME], Payload=orjson.dumps(event))
            if "FunctionError" in answer:
                print(f"{record['eventID']}: {answer['Payload'].read()[:200]!r}")
        alerts = set()
        while notification := subscriber.wait(QUIET_SECONDS):
            alerts.add(json.loads(notification["Message"])["id"])
    return alerts


if __name__ == "__main__":
    sys.exit(main())
