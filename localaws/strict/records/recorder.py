"""Stands at MiniStack's door: sees each call and its answer, and makes records of them, in a thread and in order."""

import asyncio
import json
import queue
import threading
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ministack import app
from ministack.core.responses import get_account_id, get_region, get_request_client_ip, request_scope
from ministack.core.router import extract_access_key_id
from ministack.services import cloudtrail, eventbridge

from localaws.strict import journal
from localaws.strict.records.call import Call
from localaws.strict.records.caller import user_identity
from localaws.strict.records.operations import signing_name
from localaws.strict.records.record import Made, make
from localaws.strict.records.trails import is_logged, logging_trails
from trailbell.contract.names import API_CALL

_LOOKUP = "LookupEvents"
_Answer = tuple[int, dict[str, str], Any]
"""Status, headers and body."""
_calls: queue.SimpleQueue[Call | threading.Event] = queue.SimpleQueue()


def install() -> None:
    """Record what passes MiniStack's door, in place of its own recorder."""
    dispatch = app._dispatch_service_request

    async def recorded(*request: Any) -> _Answer:
        _method, _path, headers, _body, query, _request_id = request
        if headers.get("x-amz-target", "").endswith(f".{_LOOKUP}"):
            await asyncio.to_thread(flush)
        name = signing_name(headers, query)
        identity = user_identity(extract_access_key_id(headers, query)) if name else None
        trails = logging_trails(get_account_id()) if identity else ()
        answer: _Answer = await dispatch(*request)
        if name and identity:
            _calls.put(_call(request, answer, signing_name=name, identity=identity, trails=trails))
        return answer

    app._dispatch_service_request = recorded
    app._maybe_record_cloudtrail = lambda *_: None
    _start()


@lru_cache(maxsize=1)
def _start() -> None:
    """Start the one thread, so that records are made in the order of the calls."""
    threading.Thread(target=_work, daemon=True, name="records").start()


def flush() -> None:
    """Wait until the records of all calls so far are made."""
    done = threading.Event()
    _calls.put(done)
    done.wait()


def _call(request: tuple[Any, ...], answer: _Answer, **seen: Any) -> Call:
    method, path, headers, body, query, request_id = request
    status, answer_headers, answer_body = answer
    return Call(
        method=method,
        path=path,
        headers=headers,
        query=query,
        body=body,
        status=status,
        answer_headers={key.lower(): value for key, value in answer_headers.items()},
        # What is streamed is an object's content, which no management event holds.
        answer_body=answer_body if isinstance(answer_body, bytes) else b"",
        account=get_account_id(),
        region=get_region(),
        source_ip=get_request_client_ip(),
        request_id=request_id,
        time=datetime.now(UTC),
        **seen,
    )


def _work() -> None:
    while True:
        item = _calls.get()
        if isinstance(item, threading.Event):
            item.set()
            continue
        try:
            if made := make(item):
                _keep(item, made)
        except Exception as error:  # noqa: BLE001 - whatever one call was, the next ones are to be recorded
            journal.note("unrecorded", service=item.signing_name, method=item.method, path=item.path, error=repr(error))


def _keep(call: Call, made: Made) -> None:
    """Add the record to the history of its region and, while a trail logs it, put it on that region's bus."""
    record = made.record
    with request_scope(call.account, record["awsRegion"]):
        cloudtrail._get_event_queue().append(_remembered(call, record))
        if is_logged(call.trails, record, global_service=made.global_service):
            event = _event(record)
            eventbridge._ensure_default_bus()
            eventbridge._dispatch_event(event)
            eventbridge._archive_event(event)


def _event(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "EventId": str(uuid.uuid4()),
        "Source": f"aws.{record['eventSource'].split('.', 1)[0]}",
        "DetailType": API_CALL,
        "Detail": json.dumps(record),
        "EventBusName": "default",
        "Time": int(time.time()),
        "Resources": [],
        "Account": record["recipientAccountId"],
        "Region": record["awsRegion"],
    }


def _remembered(call: Call, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record as LookupEvents answers it.

    https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html
    """
    identity = record["userIdentity"]
    named = app._ct_resources(call.signing_name, call.method, call.path, call.body)
    listed = [{"ResourceType": item["type"], "ResourceName": item["ARN"]} for item in record.get("resources", [])]
    return {
        "EventId": record["eventID"],
        "EventName": record["eventName"],
        "EventSource": record["eventSource"],
        "EventTime": call.time.timestamp(),
        "Username": identity.get("userName") or _last(identity["arn"]),
        "AccessKeyId": identity["accessKeyId"],
        "ReadOnly": json.dumps(record["readOnly"]),
        "Resources": [*named, *(item for item in listed if item not in named)],
        "CloudTrailEvent": json.dumps(record),
    }


def _last(arn: str) -> str:
    """Return the session's name of a role's ARN, `root` of the account's."""
    return arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
