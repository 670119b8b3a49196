"""`AWS::Logs::QueryDefinition`."""

import asyncio
import json
from typing import Any

import pytest
from ministack.services import cloudwatch_logs

from localaws.strict.cloudformation import saved_queries
from tests.unit.localaws.stacks import StackError, deploy, destroy

LOGS = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "detector"}}


@pytest.fixture(scope="module", autouse=True)
def strict() -> None:
    saved_queries.install()


def query(text: str, group: Any = None) -> dict[str, Any]:
    properties = {"Name": "Trailbell/Errors", "QueryString": text, "LogGroupNames": [group or {"Ref": "Logs"}]}
    return {"Type": "AWS::Logs::QueryDefinition", "Properties": properties}


def listed() -> list[dict[str, Any]]:
    headers = {"x-amz-target": "Logs_20140328.DescribeQueryDefinitions"}
    body = json.dumps({"queryDefinitionNamePrefix": "Trailbell/"}).encode()
    answered = asyncio.run(cloudwatch_logs.handle_request("POST", "/", headers, body, {}))
    found: list[dict[str, Any]] = json.loads(answered[2])["queryDefinitions"]
    return found


def test_a_query_is_saved_changed_and_goes() -> None:
    deploy({"Logs": LOGS, "Query": query("fields @message")})
    (saved,) = listed()
    assert (saved["queryString"], saved["logGroupNames"]) == ("fields @message", ["detector"])
    deploy({"Logs": LOGS, "Query": query("fields @timestamp")})
    assert [(found["queryDefinitionId"], found["queryString"]) for found in listed()] == [
        (saved["queryDefinitionId"], "fields @timestamp")
    ]
    destroy()
    assert listed() == []


def test_a_query_of_a_group_that_is_not_there_is_refused() -> None:
    with pytest.raises(StackError, match="log group does not exist"):
        deploy({"Query": query("fields @message", "another")})
