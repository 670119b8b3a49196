"""Where commands meet AWS: credentials and region as every AWS tool takes them, and errors said in one sentence.

boto3 is loaded when the first client is made, so that commands that need no AWS start at once. `AWS_ENDPOINT_URL` is
boto3's own matter: it sends everything to another AWS, such as a local one.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trailbell.cli.shared.output import EXIT_AWS, EXIT_PROBLEMS, say
from trailbell.contract.names import DEFAULT_STACK

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_dynamodb import DynamoDBClient

ProfileOption = Annotated[
    str | None, typer.Option("--profile", envvar="AWS_PROFILE", help="A profile of ~/.aws/config.", show_default=False)
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region", envvar="AWS_REGION", help="Where Trailbell is deployed: its home region.", show_default=False
    ),
]
StackOption = Annotated[
    str, typer.Option("--stack", envvar="TRAILBELL_STACK", help="The name of the CloudFormation stack.")
]

_TIPS: Mapping[str, str] = {
    "AccessDenied": "Allow that action to the identity that `aws sts get-caller-identity` names.",
    "AccessDeniedException": "Allow that action to the identity that `aws sts get-caller-identity` names.",
    "UnauthorizedOperation": "Allow that action to the identity that `aws sts get-caller-identity` names.",
    "ExpiredToken": "Sign in again, for example with `aws sso login`.",
    "ExpiredTokenException": "Sign in again, for example with `aws sso login`.",
    "RequestExpired": "Sign in again, for example with `aws sso login`.",
    "UnrecognizedClientException": "The access key is not known there: check --profile and --region.",
    "InvalidClientTokenId": "The access key is not known there: check --profile and --region.",
    "NoCredentialsError": "Sign in (`aws sso login`), or name a profile with --profile.",
    "ProfileNotFound": "`aws configure list-profiles` lists those there are.",
    "NoRegionError": "Name one with --region or AWS_REGION.",
    "EndpointConnectionError": "Check the network, --region, and AWS_ENDPOINT_URL if it is set.",
}
"""Error code or exception -> what to do."""


@dataclass(frozen=True, kw_only=True)
class ClientOfPerson:
    """What a function's own store asks for a client: this one has the person's credentials."""

    client: "DynamoDBClient"


class Aws:
    """One person's access to AWS."""

    def __init__(self, *, profile: str | None = None, region: str | None = None) -> None:
        self._profile = profile
        self._region = region

    @cached_property
    def session(self) -> "Session":
        """Return the boto3 session."""
        import boto3

        return boto3.Session(profile_name=self._profile, region_name=self._region)

    @property
    def region(self) -> str:
        """Return the region commands act in. Raises NoRegionError where none is set."""
        from botocore.exceptions import NoRegionError

        if not self.session.region_name:
            raise NoRegionError
        return self.session.region_name

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client of a service, in the home region unless another one is named."""
        from botocore.config import Config

        settings = Config(connect_timeout=5, read_timeout=60, retries={"mode": "standard", "max_attempts": 5})
        return self.session.client(service, region_name=region, config=settings)  # type: ignore[call-overload]  # any service

    def stack_outputs(self, stack_name: str = DEFAULT_STACK) -> Mapping[str, str]:
        """Return what a deployment tells of itself, by name. Ends the command where there is no such stack."""
        from botocore.exceptions import ClientError

        try:
            stacks = self.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            say(
                f"There is no stack {stack_name} in {self.region}. Deploy it with `cdk deploy --all`, "
                "or name the right one with --region, --profile and --stack."
            )
            raise typer.Exit(EXIT_PROBLEMS) from error
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}


@contextmanager
def aws_errors_told() -> Iterator[None]:
    """Turn an error of AWS or boto3 into one sentence on stderr, and end the command with EXIT_AWS."""
    try:
        yield
    except Exception as error:
        if not _is_aws_error(error):
            raise
        say(describe_error(error))
        raise typer.Exit(EXIT_AWS) from error


def describe_error(error: Exception) -> str:
    """Say what AWS answered, and what to do about it."""
    response: Mapping[str, Any] = getattr(error, "response", {})
    code = response.get("Error", {}).get("Code") or type(error).__name__
    text = str(error)
    tip = _TIPS.get(code, "")
    return f"AWS: {text if text.endswith('.') else text + '.'}{' ' + tip if tip else ''}"


def _is_aws_error(error: Exception) -> bool:
    # Asked this way so that a command that needs no AWS never loads botocore.
    exceptions = sys.modules.get("botocore.exceptions")
    return exceptions is not None and isinstance(error, exceptions.BotoCoreError | exceptions.ClientError)
