"""Properties that a type has not, or must have."""

import pytest
from ministack.services.cloudformation import provisioners, stacks

from localaws.strict.cloudformation import properties
from tests.unit.localaws.stacks import StackError, deploy, function

TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "alerts"}}


@pytest.fixture(autouse=True)
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install it for these tests only: others hold templates of what matters to them."""
    monkeypatch.setattr(stacks, "_validation_errors", stacks._validation_errors)
    properties.install()


def test_a_property_that_a_type_has_not_is_refused_before_anything_is_made() -> None:
    wrong = function("f", Retries=2)
    with pytest.raises(StackError, match=r"extraneous key \[Retries\] is not permitted"):
        deploy({"Topic": TOPIC, "Function": wrong})
    assert "alerts" not in str(list(provisioners._sns._topics))


def test_a_property_that_is_missing_is_refused() -> None:
    wrong = function("f")
    del wrong["Properties"]["Role"]
    with pytest.raises(StackError, match=r"required key \[role\] not found"):
        deploy({"Function": wrong})


def test_an_update_is_refused_as_well_and_leaves_what_was() -> None:
    deploy({"Topic": TOPIC})
    with pytest.raises(StackError, match="extraneous key"):
        deploy({"Topic": {**TOPIC, "Properties": {"TopicName": "alerts", "Colour": "red"}}})
    assert "alerts" in str(list(provisioners._sns._topics))


def test_a_type_that_does_not_exist_is_refused() -> None:
    with pytest.raises(StackError, match="Unrecognized resource types"):
        deploy({"Thing": {"Type": "AWS::SNS::Thing"}})


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("AWS::Lambda::ResourcePolicy", "PolicyDocument"),
        ("AWS::CloudTrail::Trail", "KMSKeyId"),
        ("AWS::DynamoDB::Table", "SSESpecification"),
        ("AWS::AppConfig::Environment", "DeletionProtectionCheck"),
    ],
)
def test_names_are_found_however_the_cdk_writes_them(type_: str, name: str) -> None:
    schema = properties.schema(type_)
    assert schema is not None
    assert name.lower() in schema.known


def test_types_that_the_cdk_does_not_know_are_let_through() -> None:
    assert properties.schema("Custom::Seed") is None
    assert properties.schema("AWS::CDK::Metadata") is None
