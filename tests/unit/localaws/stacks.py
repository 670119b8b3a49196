"""CloudFormation of MiniStack, in this process, as a stack sees it."""

import asyncio
import json
from typing import Any

from ministack.services.cloudformation import _stack_events, _stacks, handlers


class StackError(Exception):
    """A stack was refused or failed."""


def deploy(resources: dict[str, Any], *, name: str = "stack") -> dict[str, str]:
    """Create or update a stack and return its outputs: each resource's `Ref`. Raises StackError."""
    outputs = {key: {"Value": {"Ref": key}} for key in resources}
    body = json.dumps({"Resources": resources, "Outputs": outputs})
    _run(handlers._update_stack if name in _stacks else handlers._create_stack, name, TemplateBody=[body])
    stack = _stacks[name]
    if not stack["StackStatus"].endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
        events = [*_stack_events[stack["StackId"]], *stack.get("_operation_events", [])]
        reasons = [event.get("ValidationStatusReason", event.get("ResourceStatusReason")) for event in events]
        raise StackError(f"{stack['StackStatus']}: {[reason for reason in reasons if reason]}")
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def function(name: str, **properties: Any) -> dict[str, Any]:
    """Return the resource of a function that does nothing."""
    code = {"ZipFile": "def handler(event, context): pass"}
    role = f"arn:aws:iam::000000000000:role/{name}"
    base = {"FunctionName": name, "Runtime": "python3.12", "Handler": "index.handler", "Role": role, "Code": code}
    return {"Type": "AWS::Lambda::Function", "Properties": base | properties}


def destroy(name: str = "stack") -> None:
    """Delete a stack. Raises StackError where something is left."""
    stack = _stacks[name]
    _run(handlers._delete_stack, name)
    if stack["StackStatus"] != "DELETE_COMPLETE":
        raise StackError(str(_stack_events[stack["StackId"]]))


def _run(operation: Any, name: str, **parameters: list[str]) -> None:
    async def whole() -> Any:
        answered = operation({"StackName": [name], **parameters})
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others)
        return answered

    status, _, body = asyncio.run(whole())
    if status >= 400:
        raise StackError(str(body))
