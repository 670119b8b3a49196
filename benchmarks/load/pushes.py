"""Twenty pushes under a steady stream of calls: none that every version matches may be missed.

`python -m benchmarks.load.pushes` deploys into a local AWS and takes about three minutes; with `--as-deployed`,
detector and filter sync wait as they do on AWS, which takes about fifteen. Exits with 1 where a call was missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from benchmarks.support.measure import table
from localaws.deployment import Deployment, Subscriber, deploy, write_config
from localaws.ministack import MiniStack
from localaws.scenario.stream import Stream, arrived
from trailbell import examples
from trailbell.contract.names import Output

ACCOUNT, REGION = "629470242021", "us-east-2"
EVERY_SECONDS = 0.1
ARRIVAL_SECONDS = 240
WARM_UP_SECONDS = 60
MOST_SECONDS = 1800
CALLS = (
    "StopInstances", "TerminateInstances", "CreateTags", "DeleteTags", "CreateVpc", "DeleteVpc", "CreateSubnet",
    "DeleteSubnet", "CreateVolume", "DeleteVolume", "CreateSnapshot", "DeleteSnapshot", "CreateKeyPair",
    "DeleteKeyPair", "CreateImage", "DeregisterImage", "AllocateAddress", "ReleaseAddress", "CreateRouteTable",
)  # fmt: skip


def rules(version: int) -> list[dict[str, Any]]:
    """Return rules that fill several filters, and are spread over them otherwise in each version."""
    return [
        {
            "id": f"tool-{number}",
            "title": f"Tool {number} was used",
            "severity": "low",
            "match": {
                "eventSource": ["ec2.amazonaws.com"],
                "eventName": [name],
                "userAgent": [{"prefix": f"tool-{number}-{'x' * (150 + 37 * (number * version % 7))}"}],
            },
        }
        for number, name in enumerate(CALLS)
        if (number + version) % 4
    ]


def main() -> int:
    """Push, and count what arrived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pushes", type=int, default=20)
    parser.add_argument("--as-deployed", action="store_true", help="keep the waits of AWS")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        config = work / "trailbell.yaml"
        write_config(config, region=REGION, slack_endpoint=None)
        base = yaml.safe_load(config.read_text(encoding="utf-8"))
        with MiniStack(account=ACCOUNT, region=REGION, log_file=work / "ministack.log") as aws:
            deployment = deploy(aws, config=config, work_folder=work, regions=[REGION, "us-east-1"])
            if not options.as_deployed:
                deployment.set_variables(deployment.outputs[Output.DETECTOR_NAME], TRAILBELL_CONFIG_MAX_AGE_SECONDS="1")
                deployment.set_variables(deployment.outputs[Output.FILTER_SYNC_NAME], TRAILBELL_HEEDED_SECONDS="0")
            return run(deployment, base, config, options.pushes)


def run(deployment: Deployment, base: dict[str, Any], config: Path, pushes: int) -> int:
    """Return the exit code."""
    record = json.loads((examples.FOLDER / "run-instances-iam-user.json").read_text(encoding="utf-8"))
    seconds: list[float] = []
    began = time.monotonic()
    with deployment.subscriber() as subscriber:
        warm_up(deployment, record, subscriber)
        with Stream(deployment, record, every_seconds=EVERY_SECONDS) as stream:
            for version in range(1, pushes + 1):
                if time.monotonic() - began > MOST_SECONDS:
                    print(f"stopped after {version - 1} pushes: {MOST_SECONDS} s are over")
                    break
                config.write_text(yaml.safe_dump(base | {"rules": rules(version)}), encoding="utf-8")
                started = time.monotonic()
                push(deployment, config)
                seconds.append(time.monotonic() - started)
        seen = arrived(subscriber, len(stream.sent), seconds=ARRIVAL_SECONDS)
    missed = [event_id for event_id in stream.sent if event_id not in seen]
    dead = {
        name: deployment.aws.client("sqs").get_queue_attributes(
            QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"]
        )["Attributes"]["ApproximateNumberOfMessages"]
        for name, url in deployment.outputs.items()
        if name.endswith("DeadLettersUrl")
    }
    rows = [
        ["pushes", str(len(seconds))],
        ["seconds a push, median", f"{median(seconds):.1f}"],
        ["seconds a push, longest", f"{max(seconds):.1f}"],
        ["calls put on the bus meanwhile", str(len(stream.sent))],
        ["alerts missed (wanted: 0)", str(len(missed))],
        ["dead letters (wanted: 0)", ", ".join(f"{name}: {count}" for name, count in dead.items())],
        ["alerts that came twice (wanted: 0)", str(sum(count > 1 for count in seen.values()))],
    ]
    print(table(["", ""], rows))
    return 1 if missed else 0


def warm_up(deployment: Deployment, record: dict[str, Any], subscriber: Subscriber) -> None:
    """Start the detector, which on a busy machine takes a local AWS longer than its patience. Raises TimeoutError."""
    with Stream(deployment, record, every_seconds=1) as stream:
        first = subscriber.wait(WARM_UP_SECONDS)
    if first is None:
        raise TimeoutError(f"no alert within {WARM_UP_SECONDS} s")
    arrived(subscriber, len(stream.sent) - 1, seconds=WARM_UP_SECONDS)


def push(deployment: Deployment, config: Path) -> None:
    """Run the command as people do. Raises CalledProcessError."""
    command = [sys.executable, "-m", "trailbell", "config", "push", "--config", str(config), "--yes", "--no-bake"]
    done = subprocess.run(command, env=dict(deployment.aws.environment), capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        done.check_returncode()


if __name__ == "__main__":
    sys.exit(main())
