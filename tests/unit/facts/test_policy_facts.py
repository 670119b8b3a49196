"""Facts of policies: whether everyone is granted something, everything is, and which accounts are not one's own."""

import json
from typing import Any

import pytest

from tests.unit.facts.reading import ACCOUNT, allow, facts_of
from trailbell.names import Names


def policy_facts(*statements: dict[str, Any], names: Names | None = None) -> dict[str, Any]:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    found: dict[str, Any] = facts_of(names, requestParameters={"policyDocument": document})["policy"]
    return found


@pytest.mark.parametrize(
    ("statement", "public"),
    [
        (allow(Principal="*"), True),
        (allow(Principal={"AWS": "*"}), True),
        (allow(Principal={"AWS": ["arn:aws:iam::111122223333:root", "*"]}), True),
        (allow(Principal={"AWS": "*"}, Condition={"Bool": {"aws:SecureTransport": "true"}}), True),
        (allow(Principal={"AWS": "*"}, Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}), False),
        (allow(Principal={"AWS": "*"}, Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}}), False),
        (allow(Principal="*", Effect="Deny"), False),
        (allow(Principal={"AWS": "arn:aws:iam::111122223333:root"}), False),
        (allow(Principal={"Service": "lambda.amazonaws.com"}), False),
        (allow(), False),
    ],
)
def test_a_policy_is_public_when_everyone_is_granted_something(statement: dict[str, Any], public: bool) -> None:  # noqa: FBT001
    assert policy_facts(statement)["public"] is public


@pytest.mark.parametrize(
    ("statement", "admin"),
    [
        (allow(Action="*"), True),
        (allow(Action=["s3:*", "*"], Resource=["*"]), True),
        (allow(Action="*:*"), True),
        (allow(Action="iam:*"), False),
        (allow(Action="*", Resource="arn:aws:s3:::logs/*"), False),
        (allow(Action="*", Effect="Deny"), False),
    ],
)
def test_a_policy_is_admin_when_it_allows_everything(statement: dict[str, Any], admin: bool) -> None:  # noqa: FBT001
    assert policy_facts(statement)["admin"] is admin


def when(**operators: Any) -> dict[str, Any]:
    return allow(Principal={"AWS": "*"}, Condition=operators)


@pytest.mark.parametrize(
    "statement",
    [
        # Everyone is whoever the wildcard, the broad range, the absent key or the negation lets through.
        when(StringLike={"aws:PrincipalArn": "*"}),
        when(StringLike={"aws:PrincipalArn": "arn:aws:iam::*:role/*"}),
        when(ArnLike={"aws:SourceArn": "arn:aws:s3:::*"}),
        when(StringEquals={"aws:PrincipalAccount": "${aws:PrincipalAccount}"}),
        when(StringLike={"aws:SourceAccount": ["111122223333", "*"]}),
        when(StringNotEquals={"aws:SourceVpce": "vpce-1"}),
        when(StringEqualsIfExists={"aws:SourceVpce": "vpce-1"}),
        when(**{"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/ou-1/"}}),
        when(Null={"aws:PrincipalOrgID": "false"}),
        when(IpAddress={"aws:SourceIp": "0.0.0.0/1"}),
        when(IpAddress={"aws:SourceIp": ["203.0.113.0/24", "0.0.0.0/0"]}),
        when(NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}),
        when(StringEquals={"lambda:FunctionUrlAuthType": "NONE"}),
        when(StringEquals={"s3:prefix": "public"}),
        when(Bool={"aws:PrincipalIsAWSService": "false"}),
        allow(NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}),
    ],
)
def test_a_condition_that_lets_anyone_through_hides_no_public_policy(statement: dict[str, Any]) -> None:
    assert policy_facts(statement)["public"] is True


@pytest.mark.parametrize(
    "statement",
    [
        when(StringEquals={"AWS:PrincipalOrgId": "o-a1b2c3d4e5"}),
        when(StringLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}),
        when(ArnLike={"aws:SourceArn": "arn:aws:s3:::reports"}),
        when(ArnLike={"aws:SourceArn": "arn:aws:s3:::reports/*"}),
        when(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a1b2c3d4e5/*"}}),
        when(StringLike={"sns:Endpoint": "*@example.com"}),
        when(IpAddress={"aws:SourceIp": "203.0.113.0/24"}),
        when(IpAddress={"aws:SourceIp": "10.0.0.0/8"}),
        when(IpAddress={"aws:SourceIp": "2001:db8::/32"}),
        when(Bool={"aws:PrincipalIsAWSService": True}),
        when(StringEquals={"kms:CallerAccount": "111122223333", "kms:ViaService": "s3.eu-central-1.amazonaws.com"}),
        allow(NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}, Effect="Deny"),
    ],
)
def test_a_condition_that_names_somebody_makes_a_policy_not_public(statement: dict[str, Any]) -> None:
    assert policy_facts(statement)["public"] is False


@pytest.mark.parametrize(
    ("action", "resource", "admin"),
    [
        ("**", "*", True), ("*:**", "*", True), ("*", "**", True), ("*", "arn:*", True), ("*", "arn:aws:*", True),
        ("*", "arn:aws:*:*:*:*", True), ("*", "arn:aws:s3:*", False), ("*", "arn:aws:iam::*:role/x", False), ("?", "*", False),
    ],
)  # fmt: skip
def test_everything_is_everything_however_it_is_spelled(action: str, resource: str, admin: bool) -> None:  # noqa: FBT001
    assert policy_facts(allow(Action=action, Resource=resource))["admin"] is admin


def test_the_policy_of_a_vpc_endpoint_shares_nothing() -> None:
    document = json.dumps({"Statement": [allow(Principal="*")]})
    assert "shared" not in facts_of(eventName="CreateVpcEndpoint", requestParameters={"policyDocument": document})
    assert facts_of(eventName="PutResourcePolicy", requestParameters={"resourcePolicy": document})["shared"]["public"]


def test_foreign_accounts_are_those_that_are_not_ones_own() -> None:
    principals = ["arn:aws:iam::999988887777:root", "222233334444", f"arn:aws:iam::{ACCOUNT}:role/x", "AIDAGONE"]
    facts = policy_facts(
        allow(Principal={"AWS": principals}), allow(Principal={"AWS": "555566667777"}, Effect="Deny"),
        names=Names(accounts={"222233334444": "sandbox"}),
    )  # fmt: skip
    assert facts["foreign_accounts"] == ["999988887777"]


def test_what_is_shared_by_attribute_counts_as_granted() -> None:
    shared = {"launchPermission": {"add": {"items": [{"userId": "999988887777"}, {"userId": ACCOUNT}]}}}
    facts = facts_of(eventName="ModifyImageAttribute", requestParameters={"imageId": "ami-1", **shared})
    assert facts["policy"] == {"foreign_accounts": ["999988887777"]}


def test_policies_are_found_as_objects_and_url_encoded() -> None:
    statement = {"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}}
    assert facts_of(requestParameters={"bucketPolicy": statement})["policy"]["public"] is True
    encoded = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22%2A%22%7D%5D%7D"
    assert facts_of(requestParameters={"assumeRolePolicyDocument": encoded})["policy"]["public"] is True


@pytest.mark.parametrize("document", ["", "{", "[]", '"x"', "null", "{}", '{"Statement": 7}', "{" * 100_000])
def test_a_policy_that_is_none_is_no_fact(document: str) -> None:
    assert "policy" not in facts_of(requestParameters={"policyDocument": document})
