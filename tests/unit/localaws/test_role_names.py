"""A role's name is an account's: the second hub of an account cannot be created, and leaves the first one alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from ministack.core.responses import request_scope
from ministack.services import iam
from ministack.services.cloudformation import provisioners

from localaws.strict.cloudformation import role_names
from tests.unit.localaws.stacks import StackError, deploy, destroy

ACCOUNT = "111122223333"
TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}


def role(description: str, name: str | None = "Trailbell-Forwarder") -> dict[str, Any]:
    named = {"RoleName": name} if name else {}
    return {
        "Forwarder": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": TRUST, "Description": description, **named},
        }
    }


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    handlers = provisioners._RESOURCE_HANDLERS
    monkeypatch.setitem(handlers, "AWS::IAM::Role", dict(handlers["AWS::IAM::Role"]))
    role_names.install()
    with request_scope(ACCOUNT, "us-east-2"):
        yield


def test_a_second_hub_in_another_region_is_refused_and_the_first_keeps_its_role() -> None:
    deploy(role("first"), name="first")
    with (
        request_scope(ACCOUNT, "eu-west-1"),
        pytest.raises(StackError, match="Role with name Trailbell-Forwarder already exists"),
    ):
        deploy(role("second"), name="second")
    assert iam._roles["Trailbell-Forwarder"]["Description"] == "first"


def test_once_the_first_is_gone_the_second_can_be_made() -> None:
    deploy(role("first"), name="first")
    destroy("first")
    with request_scope(ACCOUNT, "eu-west-1"):
        deploy(role("second"), name="second")
    assert iam._roles["Trailbell-Forwarder"]["Description"] == "second"


def test_a_role_may_be_changed_and_roles_without_a_name_do_not_meet() -> None:
    deploy(role("first"), name="first")
    deploy(role("changed"), name="first")
    assert iam._roles["Trailbell-Forwarder"]["Description"] == "changed"
    for number in range(2):
        deploy(role("any", name=None), name=f"other-{number}")
        destroy(f"other-{number}")
