"""Starts MiniStack, a local AWS, on a free port, and stops it again."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import URLError
from urllib.request import urlopen

import boto3
from botocore.config import Config

from localaws.strict import journal

PROJECT_ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
SECONDS_PER_MINUTE = "STRICT_SECONDS_PER_MINUTE"
"""What `localaws.strict.app_config` reads, which is loaded in MiniStack's process alone."""
STOP_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Somebody's credentials."""

    id: str
    secret: str
    token: str | None = None


class MiniStack:
    """One MiniStack process, as a context manager.

    `account` (12 digits) serves as the access key, which is how MiniStack tells accounts apart. `seconds_per_minute`
    compresses the minutes for which AppConfig watches a deployment.
    """

    def __init__(self, *, account: str, region: str, log_file: Path, seconds_per_minute: float = 60) -> None:
        self.account = account
        self.key = Key(id=account, secret="local")  # noqa: S106 - MiniStack checks none of root's
        """Whose calls these are: root's, which are told of, unless somebody else's key is put here."""
        self.region = region
        self.log_file = log_file
        self.journal_file = log_file.with_suffix(".journal.jsonl")
        """What the strict layer refused and allowed: `localaws.strict.journal`."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._seconds_per_minute = seconds_per_minute
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment in which the AWS SDKs, and with them the CDK CLI, use this MiniStack."""
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_"))}
        return {
            **inherited,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.key.id,
            "AWS_SECRET_ACCESS_KEY": self.key.secret,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            # No profile of the person at the keyboard, no metadata service.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str, region: str | None = None, *, key: Key | None = None) -> Any:
        """Return a boto3 client of this MiniStack; it calls with `self.key` unless another one is named."""
        key = key or self.key
        return boto3.client(
            service,  # type: ignore[call-overload] # any service; the stubs want a literal
            endpoint_url=self.url,
            region_name=region or self.region,
            aws_access_key_id=key.id,
            aws_secret_access_key=key.secret,
            aws_session_token=key.token,
            config=Config(retries={"total_max_attempts": 2}, connect_timeout=5, read_timeout=30),
        )

    def make_user(self, name: str) -> Key:
        """Make an IAM user who may do everything, and return an access key of theirs."""
        everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        iam = self.client("iam")
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="everything", PolicyDocument=json.dumps(everything))
        made = iam.create_access_key(UserName=name)["AccessKey"]
        return Key(id=made["AccessKeyId"], secret=made["SecretAccessKey"])

    def refused(self) -> list[dict[str, Any]]:
        """Return what was refused so far: `action`, `resource`, `principal` and `reason`."""
        return [line for line in journal.read(self.journal_file) if line["kind"] == "refused"]

    def __enter__(self) -> Self:
        environment = {
            **self.environment,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_ACCOUNT_ID": self.account,
            "MINISTACK_REGION": self.region,
            # IAM is judged, and each function has a session of its role; the account's own key is its root user.
            "AUTH": "true",
            # Lambda runs in subprocesses of MiniStack's own Python: ours, which has boto3.
            "LAMBDA_EXECUTOR": "local",
            journal.VARIABLE: str(self.journal_file),
            SECONDS_PER_MINUTE: str(self._seconds_per_minute),
        }
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "localaws.strict"],
                env=environment,
                cwd=PROJECT_ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, type_: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _wait(self) -> None:
        """Wait until it answers. Raises RuntimeError where it does not."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._process is not None and self._process.poll() is not None:
                break
            try:
                with urlopen(f"{self.url}/_ministack/health", timeout=2) as answer:
                    json.load(answer)
            except (URLError, OSError, ValueError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"MiniStack did not start within {START_SECONDS} s; its log is {self.log_file}")

    def stop(self) -> None:
        """Stop MiniStack and every function that it started."""
        if self._process is None:
            return
        for signal_ in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, signal_)
            except ProcessLookupError:
                break
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        self._process = None


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
