"""What CloudFormation provisions, with what judging needs of it."""

from collections.abc import Iterator

import pytest
from ministack.services import secretsmanager, sns
from ministack.services.cloudformation import custom_resource, provisioners

from localaws.strict.iam import provisioned
from localaws.strict.iam.requests import deployment_roles, remember_role
from tests.unit.localaws.judging.world import Role, allow, make_function

HANDLERS = provisioners._RESOURCE_HANDLERS


@pytest.fixture(autouse=True, scope="module")
def _installed() -> Iterator[None]:
    before = {name: dict(HANDLERS[name]) for name in ("AWS::SNS::Topic", "AWS::SecretsManager::Secret")}
    invoke = custom_resource.invoke_custom_resource
    provisioned.install()
    yield
    custom_resource.invoke_custom_resource = invoke
    for name, handler in before.items():
        HANDLERS[name].update(handler)


def test_a_topic_keeps_its_key() -> None:
    arn, _ = HANDLERS["AWS::SNS::Topic"]["create"]("Topic", {"KmsMasterKeyId": "key"}, "Stack")
    assert sns._topics[arn]["attributes"]["KmsMasterKeyId"] == "key"


def test_a_secret_is_known_by_its_arn_until_it_is_deleted() -> None:
    secret = HANDLERS["AWS::SecretsManager::Secret"]
    id_, attributes = secret["create"]("Secret", {"Name": "own"}, "Stack")
    assert id_ == attributes["Arn"]
    assert secret["update"](id_, {"Name": "own"}, {"Name": "own", "Description": "new"}, "Stack")[0] == id_
    secret["delete"](id_, {})
    assert secretsmanager._resolve(id_)[1] is None


def test_a_custom_resource_is_called_with_the_stacks_role(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setitem(provisioned._before, "invoke", lambda *arguments, **_: called.append(arguments[3]))
    function = make_function()
    for stack, role in (("may", Role(allow("lambda:InvokeFunction", function))), ("may-not", Role())):
        remember_role("cloudformation:CreateChangeSet", {"stackname": stack, "rolearn": role.arn})
    custom_resource.invoke_custom_resource("Create", "Seed", {"ServiceToken": function}, "may", "id", "Custom::Seed")
    with pytest.raises(ValueError, match="is not authorized to perform: lambda:InvokeFunction on resource: "):
        custom_resource.invoke_custom_resource(
            "Create", "Seed", {"ServiceToken": function}, "may-not", "id", "Custom::Seed"
        )
    assert called == ["may"]
    deployment_roles.clear()
