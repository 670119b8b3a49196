"""Deploys the app into a local AWS with the real CDK CLI, and gives access to what was deployed."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from localaws.ministack import PROJECT_ROOT, MiniStack
from localaws.stand_ins.slack import SlackStandIn
from trailbell.contract.names import API_CALL, DEAD_LETTERS_SUFFIX, DEFAULT_STACK, SECRET_SUFFIX, TEST_SOURCE, Output

PYTHON_FOLDER = str(Path(sys.executable).parent)
"""Where `python app.py` finds this Python, and jsii and the CDK CLI the checkout's Node."""
CDK_SECONDS = 300
TOOLS = PROJECT_ROOT / "node_modules" / ".bin"


class StepError(Exception):
    """A step failed: which, and where its log is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployed stack."""

    aws: MiniStack
    outputs: Mapping[str, str]
    """The hub stack's outputs."""

    def put_record(self, record: Mapping[str, Any], *, region: str | None = None) -> None:
        """Put a CloudTrail record on a region's default bus, as a test. Raises StepError where it is refused."""
        entry = {"Source": TEST_SOURCE, "DetailType": API_CALL, "Detail": json.dumps(record)}
        answer = self.aws.client("events", region).put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise StepError(f"EventBridge refused the record: {answer['Entries']}")

    @contextmanager
    def subscriber(self, topic: str = Output.ALERTS_TOPIC_ARN) -> Iterator["Subscriber"]:
        """Subscribe an SQS queue to the topic that an output names."""
        sqs = self.aws.client("sqs")
        url = sqs.create_queue(QueueName=f"subscriber-{time.time_ns()}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy_for_sns(arn, self.outputs[topic])})
        sns = self.aws.client("sns")
        subscription = sns.subscribe(TopicArn=self.outputs[topic], Protocol="sqs", Endpoint=arn)["SubscriptionArn"]
        yield Subscriber(sqs=sqs, url=url)
        sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=url)

    def sweep(self) -> None:
        """Do at once what the window closer does each minute. Raises StepError where it fails."""
        answer = self.aws.client("lambda").invoke(FunctionName=self.outputs["WindowCloserName"])
        if "FunctionError" in answer:
            raise StepError(f"The window closer failed: {answer['Payload'].read().decode()}")

    def set_variables(self, function: str, **variables: str) -> None:
        """Set environment variables of a function besides those that it has."""
        lambda_ = self.aws.client("lambda")
        before = lambda_.get_function_configuration(FunctionName=function)["Environment"]["Variables"]
        lambda_.update_function_configuration(FunctionName=function, Environment={"Variables": {**before, **variables}})

    def fill_slack_secret(self, slack: SlackStandIn, **fields: str) -> None:
        """Do what the README tells to do after the deployment; `fields` are those of a bot token."""
        self.fill_secret("Slack", **(fields or {"webhook_url": slack.webhook_url}))

    def fill_secret(self, destination: str, **fields: str) -> None:
        """Fill a destination's secret, as the docs tell to do."""
        self.aws.client("secretsmanager").put_secret_value(
            SecretId=self.outputs[f"{destination}{SECRET_SUFFIX}"], SecretString=json.dumps(fields)
        )

    def dead_letters(self) -> Mapping[str, int]:
        """Return how many letters each dead-letter queue of the hub has, those in flight included."""
        sqs = self.aws.client("sqs")
        counts = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        return {
            name.removesuffix(DEAD_LETTERS_SUFFIX): sum(
                map(int, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=counts)["Attributes"].values())
            )
            for name, url in self.outputs.items()
            if name.endswith(DEAD_LETTERS_SUFFIX)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A queue that gets what the topic sends."""

    sqs: Any
    url: str

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """Return the next SNS notification (`Message`, `Subject`, `MessageAttributes`), None when none came in time."""
        body = receive(self.sqs, self.url, seconds)
        return None if body is None else json.loads(body)


def receive(sqs: Any, url: str, seconds: float) -> str | None:
    """Take the next message off a queue and return its body, None when none came in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        messages = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1).get("Messages", [])
        if messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=messages[0]["ReceiptHandle"])
            body: str = messages[0]["Body"]
            return body
    return None


def policy_for_sns(queue_arn: str, topic_arn: str) -> str:
    """Return the policy of a queue that lets in what a topic sends."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue_arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def write_config(
    target: Path, *, region: str, slack_endpoint: str | None, base: Path | None = None, trail: str = "create"
) -> None:
    """Write the checkout's config with what differs in a local AWS: region, trail, Slack's address."""
    config = yaml.safe_load((base or PROJECT_ROOT / "config" / "trailbell.yaml").read_text(encoding="utf-8")) or {}
    destinations = config.setdefault("destinations", {})
    destinations["slack"] = {**destinations.get("slack", {}), "enabled": slack_endpoint is not None}
    if slack_endpoint:
        destinations["slack"]["endpoint"] = slack_endpoint
    config["deployment"] = {"home_region": region, "trail": trail}
    target.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def deploy(aws: MiniStack, *, config: Path, work_folder: Path, regions: Sequence[str]) -> Deployment:
    """Run `cdk bootstrap` and `cdk deploy --all`. Raises StepError."""
    assembly = synthesise(aws, config=config, assembly=work_folder / "cdk.out")
    bootstrap(aws, assembly=assembly, regions=regions)
    return deploy_assembly(aws, assembly)


def synthesise(aws: MiniStack, *, config: Path, assembly: Path, project: Path = PROJECT_ROOT) -> Path:
    """Run `cdk synth` in a checkout and return where the templates are. Raises StepError."""
    arguments = ["synth", "--quiet", "--context", f"config={config}", "--output", str(assembly)]
    cdk(aws, arguments, _log(assembly, "synth"), project=project)
    return assembly


def bootstrap(aws: MiniStack, *, assembly: Path, regions: Sequence[str]) -> None:
    """Run `cdk bootstrap` for the account's regions. Raises StepError."""
    environments = [f"aws://{aws.account}/{region}" for region in regions]
    # What the CDK CLI takes where nothing is said; MiniStack reads the template's condition for it otherwise than AWS.
    execution = ["--cloudformation-execution-policies", "arn:aws:iam::aws:policy/AdministratorAccess"]
    cdk(aws, ["bootstrap", *environments, "--app", str(assembly), *execution], _log(assembly, "bootstrap"))


def deploy_assembly(aws: MiniStack, assembly: Path) -> Deployment:
    """Run `cdk deploy --all` of what was synthesised. Raises StepError."""
    outputs_file = assembly.with_suffix(".outputs.json")
    arguments = ["deploy", "--all", "--app", str(assembly), "--require-approval", "never"]
    cdk(aws, [*arguments, "--outputs-file", str(outputs_file)], _log(assembly, "deploy"))
    outputs = json.loads(outputs_file.read_text(encoding="utf-8"))
    return Deployment(aws=aws, outputs=outputs[DEFAULT_STACK])


def destroy(aws: MiniStack, assembly: Path) -> None:
    """Run `cdk destroy --all`. Raises StepError."""
    cdk(aws, ["destroy", "--all", "--force", "--app", str(assembly)], _log(assembly, "destroy"))


def _log(assembly: Path, command: str) -> Path:
    return assembly.with_suffix(f".{command}.log")


def cdk(aws: MiniStack, arguments: Sequence[str], log_file: Path, *, project: Path = PROJECT_ROOT) -> None:
    """Run one CDK command against the local AWS. Raises StepError."""
    command = [str(TOOLS / "cdk"), "--no-notices", "--no-color", "--ci", *arguments]
    with log_file.open("wb") as log:
        try:
            done = subprocess.run(  # noqa: S603 - our own arguments
                command,
                cwd=project,
                env={
                    **aws.environment,
                    "CDK_DISABLE_VERSION_CHECK": "1",
                    "PYTHONPATH": str(project / "src"),
                    "PATH": os.pathsep.join([PYTHON_FOLDER, os.environ.get("PATH", "")]),
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=CDK_SECONDS,
            )
        except subprocess.TimeoutExpired as error:
            raise StepError(f"cdk {arguments[0]} did not end within {CDK_SECONDS} s; its log is {log_file}") from error
    if done.returncode:
        raise StepError(f"cdk {arguments[0]} failed (exit {done.returncode}); its log is {log_file}")
