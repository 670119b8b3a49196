"""What the command says when AWS refuses or cannot be reached."""

import pytest
import typer
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from botocore.stub import Stubber

from trailbell.cli.shared.aws import Aws, aws_errors_told, describe_error


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "LookupEvents")


@pytest.mark.parametrize(
    ("error", "says", "tip"),
    [
        (
            refused("AccessDenied", "not authorized to perform: cloudtrail:LookupEvents"),
            "LookupEvents",
            "get-caller-identity",
        ),
        (refused("ExpiredToken", "The token has expired"), "expired", "aws sso login"),
        (refused("Throttling", "Rate exceeded"), "Rate exceeded", ""),
        (NoCredentialsError(), "credentials", "--profile"),
        (EndpointConnectionError(endpoint_url="https://sns.xx-east-1.amazonaws.com"), "sns.xx-east-1", "--region"),
    ],
)
def test_an_error_of_aws_is_one_line_with_what_to_do(
    error: Exception, says: str, tip: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(typer.Exit) as ended, aws_errors_told():
        raise error
    told = capsys.readouterr().err
    assert ended.value.exit_code == 3
    assert says in told
    assert tip in told
    assert told == describe_error(error) + "\n"


def test_an_error_of_our_own_is_not_blamed_on_aws() -> None:
    with pytest.raises(ZeroDivisionError), aws_errors_told():
        raise ZeroDivisionError


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "629470242021")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    return Aws(region="eu-west-1")


def test_the_outputs_of_a_stack_are_read_by_name(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    client = aws.client("cloudformation")
    monkeypatch.setattr(aws, "client", lambda _: client)
    stack = {"StackName": "Trailbell", "CreationTime": "2026-11-23T00:00:00Z", "StackStatus": "CREATE_COMPLETE"}
    outputs = [{"OutputKey": "AlertsTopicArn", "OutputValue": "arn:aws:sns:eu-west-1:629470242021:alerts"}]
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack | {"Outputs": outputs}]}, {"StackName": "Trailbell"})
        assert aws.stack_outputs() == {"AlertsTopicArn": "arn:aws:sns:eu-west-1:629470242021:alerts"}


def test_a_stack_that_is_not_there_is_told_with_the_region(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = aws.client("cloudformation")
    monkeypatch.setattr(aws, "client", lambda _: client)
    with Stubber(client) as stub:
        stub.add_client_error("describe_stacks", "ValidationError", "Stack with id Trailbel does not exist")
        with pytest.raises(typer.Exit) as ended:
            aws.stack_outputs("Trailbel")
    assert ended.value.exit_code == 1
    assert "no stack Trailbel in eu-west-1" in capsys.readouterr().err
