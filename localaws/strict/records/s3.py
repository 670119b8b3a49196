"""S3's requests in CloudTrail's spelling, which is that of the wire: headers, the address's parameters, the XML body.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
"""

import json
from typing import Any
from xml.etree import ElementTree as ET

from localaws.strict.records.call import Call

_HEADERS = ("x-amz-acl", "x-amz-grant-", "x-amz-object-lock-enabled", "x-amz-object-ownership")


def request_parameters(call: Call, bucket: str | None) -> dict[str, Any]:
    """Return `requestParameters` of a call on a bucket, or on none. Raises ParseError, ValueError."""
    named = {"bucketName": bucket} if bucket else {}
    headers = {name: value for name, value in call.headers.items() if name.startswith(_HEADERS)}
    address = {name: values[0] for name, values in call.query.items() if not name.startswith("X-Amz-")}
    return {**named, "Host": call.headers.get("host", ""), **address, **headers, **_body(call)}


def _body(call: Call) -> dict[str, Any]:
    if not call.body or call.method not in {"PUT", "POST"}:
        return {}
    if "policy" in call.query:
        return {"bucketPolicy": json.loads(call.body)}
    # The body is the caller's own, and MiniStack has read it before.
    root = ET.fromstring(call.body)  # noqa: S314
    return {_bare(root.tag): _element(root)}


def _element(element: ET.Element) -> Any:
    if not len(element):
        text = element.text or ""
        return {"true": True, "false": False}.get(text, text)
    found: dict[str, Any] = {}
    for child in element:
        name, value = _bare(child.tag), _element(child)
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    return found


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]
