"""Facts of a record of which only some fields matter."""

from typing import Any

from trailbell.facts.reader import read_facts
from trailbell.names import Names

ACCOUNT = "111122223333"


def facts_of(names: Names | None = None, **record: Any) -> dict[str, Any]:
    return read_facts({"recipientAccountId": ACCOUNT, **record}, names or Names())


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}


def ingress(**permission: Any) -> dict[str, Any]:
    return {
        "eventName": "AuthorizeSecurityGroupIngress",
        "requestParameters": {"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [permission]}},
    }
