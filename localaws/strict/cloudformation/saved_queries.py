"""Saved queries of Logs Insights, of which MiniStack knows neither the API nor the type of resource."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, error_response_json, json_response
from ministack.services import cloudwatch_logs

from localaws.strict.cloudformation.types import Made, Properties, register

_definitions = AccountRegionScopedDict()
_FIELDS = {
    "Name": "name",
    "QueryString": "queryString",
    "LogGroupNames": "logGroupNames",
    "QueryLanguage": "queryLanguage",
}
_LIMIT = 10_000
"""Characters of a query: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html"""


def install() -> None:
    """Let templates hold saved queries, and Logs list them."""
    register("AWS::Logs::QueryDefinition", create=_create, update=_update, delete=_delete)
    handle = cloudwatch_logs.handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query_params: Mapping[str, Any]
    ) -> Any:
        if headers.get("x-amz-target", "").endswith(".DescribeQueryDefinitions"):
            return _describe(json.loads(body or b"{}"))
        return await handle(method, path, headers, body, query_params)

    cloudwatch_logs.handle_request = handle_request


def _create(logical_id: str, properties: Properties, stack_name: str) -> Made:
    del logical_id, stack_name
    return _put(str(uuid.uuid4()), properties)


def _update(physical_id: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Made:
    del old, stack_name, logical_id
    return _put(physical_id, new)


def _put(id_: str, properties: Properties) -> Made:
    if len(properties["QueryString"]) > _LIMIT:
        raise ValueError(f"InvalidParameterException: queryString has more than {_LIMIT} characters")
    unknown = [name for name in properties.get("LogGroupNames", []) if name not in cloudwatch_logs._log_groups]
    if unknown:
        raise ValueError(f"ResourceNotFoundException: The specified log group does not exist: {unknown[0]}")
    fields = {theirs: properties[ours] for ours, theirs in _FIELDS.items() if ours in properties}
    _definitions[id_] = {"queryDefinitionId": id_, **fields}
    return id_, {"QueryDefinitionId": id_}


def _delete(physical_id: str, properties: Properties) -> None:
    del properties
    _definitions.pop(physical_id, None)


def _describe(body: Mapping[str, Any]) -> Any:
    if body.get("nextToken"):
        return error_response_json("InvalidParameterException", "The specified nextToken is invalid.", 400)
    prefix = body.get("queryDefinitionNamePrefix", "")
    return json_response(
        {"queryDefinitions": [query for query in _definitions.values() if query["name"].startswith(prefix)]}
    )
