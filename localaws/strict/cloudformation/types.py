"""The table in which MiniStack's CloudFormation looks up how to make each type of resource."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

Properties = Mapping[str, Any]
Made = tuple[str, dict[str, Any]]
"""What `Ref` gives of a resource, and what `Fn::GetAtt` does."""
Create = Callable[[str, Properties, str], Made]
"""Logical id, properties and the stack's name."""
Update = Callable[[str, Properties, Properties, str, str], Made]
"""Physical id, old properties, new properties, the stack's name and the logical id."""
Delete = Callable[[str, Properties], None]
"""Physical id and properties."""


def register(
    resource_type: str, *, create: Create, update: Update, delete: Delete, replacing: tuple[str, ...] = ()
) -> None:
    """Add a type, or put another in its place; a change to a property of `replacing` makes a new resource."""
    provisioners._RESOURCE_HANDLERS[resource_type] = {
        "create": create,
        "update": update,
        "update_with_logical_id": True,
        "delete": delete,
    }
    if replacing:
        provisioners._REPLACING_PROPERTIES[resource_type] = replacing


def handlers(resource_type: str) -> dict[str, Any]:
    """Return what MiniStack makes a type with, to be wrapped."""
    found: dict[str, Any] = provisioners._RESOURCE_HANDLERS[resource_type]
    return found


def name(stack_name: str, logical_id: str, *, length: int = 128) -> str:
    """Return the name that CloudFormation would make up."""
    made: str = provisioners._physical_name(stack_name, logical_id, max_len=length)
    return made


def document(policy: str | Mapping[str, Any]) -> str:
    """Return a policy as the services take it: templates hold it as an object or as a string."""
    return policy if isinstance(policy, str) else json.dumps(policy)


def answer(response: tuple[int, Mapping[str, str], bytes | str]) -> dict[str, Any]:
    """Return what a service of MiniStack answered. Raises ValueError, which fails the stack, where it refused."""
    status, _, body = response
    content: dict[str, Any] = json.loads(body or "{}")
    if status >= 400:  # noqa: PLR2004 - HTTP's first error
        message = content.get("message") or content.get("Message")
        raise ValueError(f"{content.get('__type') or content.get('Code') or status}: {message}")
    return content


def check_properties(resource_type: str, check: Callable[[str, Properties], None]) -> None:
    """Have a type's properties judged, by its id, before MiniStack makes or changes it; `check` raises ValueError."""
    made_with = handlers(resource_type)
    create, update = made_with["create"], made_with["update"]

    def create_checked(logical_id: str, properties: Properties, stack_name: str) -> Any:
        check(logical_id, properties)
        return create(logical_id, properties, stack_name)

    def update_checked(physical_id: str, old: Properties, new: Properties, *others: str) -> Any:
        check(physical_id, new)
        return update(physical_id, old, new, *others)

    made_with.update(create=create_checked, update=update_checked)
