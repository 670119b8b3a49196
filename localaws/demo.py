"""`make demo`: deploy into a local AWS, put a CloudTrail record on its bus, show the alert as its readers get it."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from localaws.deployment import Deployment, StepError, deploy, write_config
from localaws.ministack import MiniStack
from localaws.stand_ins.slack import SlackStandIn
from localaws.stand_ins.slack_text import draw
from trailbell import examples
from trailbell.contract.regions import global_region
from trailbell.formats.document import from_document
from trailbell.formats.text import text

DEFAULT_RECORD = examples.FOLDER / "run-instances-iam-user.json"
SILENT_RECORD = examples.FOLDER / "describe-instances-iam-user.json"
FALLBACK_ACCOUNT = "111122223333"
FALLBACK_REGION = "us-east-1"
ALERT_SECONDS = 30
SILENCE_SECONDS = 5
LOG_LINES = 15

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Run the demo; exit code 0 when the alert arrived everywhere and the silent record nowhere."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--record", type=Path, default=DEFAULT_RECORD, help="a file with one CloudTrail record (JSON)")
    arguments = parser.parse_args()
    logs = Path(tempfile.mkdtemp(prefix="trailbell-demo-"))
    try:
        show(read_record(arguments.record), logs)
    except StepError as error:
        console.print(f"[bold red]The demo failed:[/] {error}")
        _print_tails(logs)
        return 1
    return 0


def read_record(path: Path) -> dict[str, Any]:
    """Read one CloudTrail record. Raises StepError where the file holds none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StepError(f"cannot read a CloudTrail record from {path}: {error}") from error
    if not isinstance(record, dict) or "eventName" not in record:
        raise StepError(
            f"{path} holds no CloudTrail record: one JSON object with eventName, eventSource, userIdentity ..."
        )
    return record


def show(record: Mapping[str, Any], logs: Path) -> None:
    """Deploy, send, and print what arrives. Raises StepError."""
    account = str(record.get("recipientAccountId") or FALLBACK_ACCOUNT)
    region = str(record.get("awsRegion") or FALLBACK_REGION)
    aws = MiniStack(account=account, region=region, log_file=logs / "ministack.log")
    with SlackStandIn() as slack:
        with step(f"Start MiniStack, a local AWS, as account {account} in {region}"):
            aws.__enter__()
            # Not root: whatever root does is an alert of its own, the demo's own calls, too.
            aws.key = aws.make_user("operator")
        try:
            with step("cdk bootstrap, cdk deploy: the same app that goes to AWS"):
                config = logs / "trailbell.yaml"
                write_config(config, region=region, slack_endpoint=slack.endpoint)
                regions = sorted({region, global_region(region)})
                deployment = deploy(aws, config=config, work_folder=logs, regions=regions)
                deployment.fill_slack_secret(slack)
            send_and_show(deployment, slack, record, logs)
        finally:
            aws.stop()
    console.print("[green]✓[/] Everything that was started is stopped again.")


def send_and_show(deployment: Deployment, slack: SlackStandIn, record: Mapping[str, Any], logs: Path) -> None:
    """Send the record, print its alert; send one that no rule matches, and see that nothing arrives."""
    with deployment.subscriber() as subscriber:
        with step(f"Put {record['eventName']} on the default event bus"):
            start = time.monotonic()
            deployment.put_record(record)
            notification = subscriber.wait(ALERT_SECONDS)
            topic_seconds = time.monotonic() - start
        if notification is None:
            raise StepError(
                f"no alert at the topic within {ALERT_SECONDS} s: either no rule of config/trailbell.yaml matches "
                f"{record['eventName']}, or the detector failed"
            )
        try:
            posted = slack.wait_for(1, ALERT_SECONDS)[0]
        except TimeoutError as error:
            raise StepError(str(error)) from error
        document = json.loads(notification["Message"])
        _print_part("What e-mail subscribers read", text(from_document(document)))
        _print_part(
            "What SQS, Lambda and HTTPS subscribers get", _shortened(document), whole=(logs, "alert.json", document)
        )
        _print_part("What Slack shows", draw(posted.message), whole=(logs, "slack.json", posted.message))
        console.print(f"PutEvents to topic subscriber: [bold]{topic_seconds:.2f} s[/], cold start included")
        console.print(f"PutEvents to Slack:            [bold]{posted.time - start:.2f} s[/], cold start included")
        with step("Put a record that no rule matches on the bus"):
            deployment.put_record(json.loads(SILENT_RECORD.read_text(encoding="utf-8")))
            if subscriber.wait(SILENCE_SECONDS) is not None or len(slack.delivered) > 1:
                raise StepError("a record that no rule matches raised an alert")
        console.print(f"Nothing arrived within {SILENCE_SECONDS} s, as it should be.")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    console.print(f"[cyan]→[/] {what} ...")
    start = time.monotonic()
    yield
    console.print(f"[green]✓[/] done in {time.monotonic() - start:.1f} s")


def _print_part(title: str, body: str, whole: tuple[Path, str, object] | None = None) -> None:
    """Print one form of the alert, uncut so that its links work, and keep the whole of it in a file."""
    console.rule(f"[bold]{title}")
    console.print(Text(body))
    if whole:
        folder, name, content = whole
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")
        console.print(f"[dim](as it was received, whole: {folder / name})[/]")


def _shortened(document: Mapping[str, Any]) -> str:
    """Return the JSON alert without the two parts that are the record's own."""
    own = {"request_parameters": "...", "response_elements": "..."}
    return json.dumps({**document, **own}, indent=2, ensure_ascii=False)


def _print_tails(logs: Path) -> None:
    for log in sorted(logs.glob("*.log")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
        console.print(Panel(Text("\n".join(lines)), title=f"the end of {log}"))


if __name__ == "__main__":
    sys.exit(main())
