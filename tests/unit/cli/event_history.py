"""A CloudTrail that answers LookupEvents as the API's reference says: one attribute, pages of fifty, newest first."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

MAX_PAGE = 50


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "LookupEvents")


class EventHistory:
    """One region's history."""

    def __init__(self, records: Sequence[Mapping[str, Any]], *, refusals: Sequence[ClientError] = ()) -> None:
        self._records = sorted(records, key=lambda record: str(record["eventTime"]), reverse=True)
        self._refusals = list(refusals)
        self.calls: list[dict[str, Any]] = []

    def lookup_events(self, **arguments: Any) -> dict[str, Any]:
        self.calls.append(arguments)
        if self._refusals:
            raise self._refusals.pop(0)
        attributes = arguments.get("LookupAttributes", [])
        assert len(attributes) <= 1
        assert arguments["MaxResults"] <= MAX_PAGE
        found = [
            record
            for record in self._records
            if arguments["StartTime"] <= when(record)
            and ("EndTime" not in arguments or when(record) <= arguments["EndTime"])
            and all(self._holds(record, attribute) for attribute in attributes)
        ]
        start = int(arguments.get("NextToken", 0))
        end = start + arguments["MaxResults"]
        page: dict[str, Any] = {
            "Events": [
                {"EventId": record["eventID"], "EventTime": when(record), "CloudTrailEvent": json.dumps(record)}
                for record in found[start:end]
            ]
        }
        return page | ({"NextToken": str(end)} if end < len(found) else {})

    def _holds(self, record: Mapping[str, Any], attribute: Mapping[str, str]) -> bool:
        fields = {
            "EventId": "eventID",
            "EventName": "eventName",
            "EventSource": "eventSource",
        }
        key, value = attribute["AttributeKey"], attribute["AttributeValue"]
        if key == "AccessKeyId":
            return bool(record["userIdentity"].get("accessKeyId") == value)
        if key == "Username":
            return bool(record["userIdentity"].get("userName") == value)
        if key == "ReadOnly":
            return str(record["readOnly"]).lower() == value
        return bool(record[fields[key]] == value)


def when(record: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(record["eventTime"]))
