import json

import pytest

from tests.unit.alerts import run_instances_alert
from trailbell.formats import FORMATS
from trailbell.formats.sns import publication
from trailbell.formats.text import text


def https_message(https_format: str) -> str:
    message = json.loads(publication(run_instances_alert(), https_format=https_format)["Message"])
    # SNS sends `default` to a protocol that has no form of its own.
    return str(message.get("https", message["default"]))


def test_https_subscribers_get_what_the_config_says() -> None:
    assert json.loads(https_message("json"))["version"] == "1.1"
    assert https_message("text") == text(run_instances_alert())
    assert json.loads(https_message("amazon-q"))["source"] == "custom"


@pytest.mark.parametrize("https_format", FORMATS)
def test_sqs_and_lambda_get_json_whatever_https_gets(https_format: str) -> None:
    message = json.loads(publication(run_instances_alert(), https_format=https_format)["Message"])
    assert not {"sqs", "lambda"} & set(message)
    assert json.loads(message["default"])["id"] == run_instances_alert().id
