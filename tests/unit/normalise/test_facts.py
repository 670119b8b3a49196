import json
from datetime import time
from typing import Any

import pytest

from trailbell.facts import FACTS
from trailbell.names import BusinessHours, Names
from trailbell.normalise.facts import read_facts

ACCOUNT = "111122223333"


def facts_of(names: Names | None = None, **record: Any) -> dict[str, Any]:
    return read_facts({"recipientAccountId": ACCOUNT, **record}, names or Names())


def policy_facts(*statements: dict[str, Any], names: Names | None = None) -> dict[str, Any]:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    found: dict[str, Any] = facts_of(names, requestParameters={"policyDocument": document})["policy"]
    return found


def allow(**more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", **more}


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


def ingress(**permission: Any) -> dict[str, Any]:
    return {
        "eventName": "AuthorizeSecurityGroupIngress",
        "requestParameters": {"groupId": "sg-0123456789abcdef0", "ipPermissions": {"items": [permission]}},
    }


def test_an_opened_port_is_told_with_whom_it_is_opened_to() -> None:
    opened = facts_of(
        **ingress(ipProtocol="tcp", fromPort=22, toPort=22, ipRanges={"items": [{"cidrIp": "0.0.0.0/0"}]},
                  ipv6Ranges={"items": [{"cidrIpv6": "2001:db8::/32"}]})
    )["opened"]  # fmt: skip
    assert opened == [
        {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr": "0.0.0.0/0", "world": True, "sensitive": True},
        {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr": "2001:db8::/32", "world": False, "sensitive": True},
    ]


def test_all_ports_are_told_by_their_absence() -> None:
    (opening,) = facts_of(**ingress(ipProtocol="-1", ipRanges={"items": [{"cidrIp": "0.0.0.0/0"}]}))["opened"]
    assert opening == {"protocol": "all", "cidr": "0.0.0.0/0", "world": True, "sensitive": True}


def test_a_web_port_is_not_sensitive() -> None:
    (opening,) = facts_of(
        **ingress(ipProtocol="tcp", fromPort=443, toPort=443, ipRanges={"items": [{"cidrIp": "0.0.0.0/0"}]})
    )["opened"]
    assert (opening["world"], opening["sensitive"]) == (True, False)


def test_modified_rules_are_told_too() -> None:
    (opening,) = facts_of(
        eventName="ModifySecurityGroupRules",
        requestParameters={"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": {
            "SecurityGroupRuleId": "sgr-1",
            "SecurityGroupRule": {"IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "CidrIpv4": "0.0.0.0/0"}}}},
    )["opened"]  # fmt: skip
    assert opening == {
        "protocol": "tcp", "from_port": 3389, "to_port": 3389, "cidr": "0.0.0.0/0", "world": True, "sensitive": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record", "shared"),
    [
        ({"eventName": "ModifySnapshotAttribute", "requestParameters": {"snapshotId": "snap-1",
          "createVolumePermission": {"add": {"items": [{"group": "all"}]}}}}, {"public": True, "accounts": []}),
        ({"eventName": "ModifySnapshotAttribute", "requestParameters": {"snapshotId": "snap-1",
          "createVolumePermission": {"add": {"items": [{"userId": "999988887777"}]}}}},
         {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "ModifyImageAttribute", "requestParameters": {"imageId": "ami-1",
          "launchPermission": {"add": {"items": [{"group": "all"}]}}}}, {"public": True, "accounts": []}),
        ({"eventName": "ModifyDBSnapshotAttribute", "requestParameters": {"attributeName": "restore",
          "valuesToAdd": ["all"]}}, {"public": True, "accounts": []}),
        ({"eventName": "PutBucketAcl", "requestParameters": {"x-amz-acl": ["public-read"]}},
         {"public": True, "accounts": []}),
        ({"eventName": "PutBucketAcl", "requestParameters": {"AccessControlPolicy": {"AccessControlList": {"Grant": [
          {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}, "Permission": "READ"}]}}}},
         {"public": True, "accounts": []}),
        ({"eventName": "PutBucketAcl", "requestParameters": {"accessControlList": {
          "x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'}}}, {"public": True, "accounts": []}),
        ({"eventName": "AddPermission20150331v2", "requestParameters": {"functionName": "orders", "principal": "*",
          "action": "lambda:InvokeFunctionUrl"}}, {"public": True, "accounts": []}),
        ({"eventName": "AddPermission20150331v2", "requestParameters": {"principal": "*", "principalOrgID": "o-1"}}, None),
        ({"eventName": "AddPermission20150331v2", "requestParameters": {"principal": "s3.amazonaws.com"}}, None),
        ({"eventName": "AddPermission20150331v2", "requestParameters": {"principal": "arn:aws:iam::999988887777:root"}},
         {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "AddPermission", "eventSource": "sqs.amazonaws.com", "requestParameters": {
          "aWSAccountIds": ["999988887777"], "actions": ["*"]}}, {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "AddLayerVersionPermission20181031", "requestParameters": {"principal": "*"}},
         {"public": True, "accounts": []}),
        ({"eventName": "ModifyDocumentPermission", "requestParameters": {"permissionType": "Share",
          "accountIdsToAdd": ["all"]}}, {"public": True, "accounts": []}),
        ({"eventName": "CreateResourceShare", "requestParameters": {"principals": [
          "999988887777", "arn:aws:organizations::111122223333:ou/o-1/ou-1"]}},
         {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "AuthorizeSnapshotAccess", "requestParameters": {"accountWithRestoreAccess": "999988887777"}},
         {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "CreateGrant", "requestParameters": {"granteePrincipal": "arn:aws:iam::999988887777:role/x"}},
         {"public": False, "accounts": ["999988887777"]}),
        ({"eventName": "PutPermission", "requestParameters": {"principal": "*"}}, {"public": True, "accounts": []}),
        ({"eventName": "ModifySnapshotAttribute", "requestParameters": {"operationType": "remove",
          "groups": {"items": [{"group": "all"}]}}}, None),
        ({"eventName": "ModifySnapshotAttribute", "requestParameters": {
          "createVolumePermission": {"remove": {"items": [{"group": "all"}]}}}}, None),
        ({"eventName": "PutBucketAcl", "requestParameters": {"x-amz-acl": ["private"]}}, None),
    ],
)  # fmt: skip
def test_sharing(record: dict[str, Any], shared: dict[str, Any] | None) -> None:
    assert facts_of(**record).get("shared") == shared


NINE_TO_FIVE = BusinessHours(timezone="Europe/Berlin", start=time(9), end=time(17))
NIGHT_SHIFT = BusinessHours(timezone="UTC", start=time(22), end=time(6), days=frozenset({4}))


@pytest.mark.parametrize(
    ("hours", "when", "off"),
    [
        (NINE_TO_FIVE, "2026-03-02T08:30:00Z", False),
        (NINE_TO_FIVE, "2026-03-02T07:59:59Z", True),
        (NINE_TO_FIVE, "2026-07-01T07:30:00Z", False),
        (NINE_TO_FIVE, "2026-03-02T16:00:00Z", True),
        (NINE_TO_FIVE, "2026-03-01T10:00:00Z", True),
        (NIGHT_SHIFT, "2026-03-06T23:00:00Z", False),
        (NIGHT_SHIFT, "2026-03-07T05:00:00Z", False),
        (NIGHT_SHIFT, "2026-03-06T05:00:00Z", True),
    ],
)
def test_hours_outside_business_hours(hours: BusinessHours, when: str, off: bool) -> None:  # noqa: FBT001
    assert facts_of(Names(business_hours=hours), eventTime=when)["event"]["off_hours"] is off


@pytest.mark.parametrize(
    ("code", "denied", "plain"),
    [
        ("AccessDenied", True, "AccessDenied"),
        ("AccessDeniedException", True, "AccessDeniedException"),
        ("Client.UnauthorizedOperation", True, "UnauthorizedOperation"),
        ("UnauthorizedAccess", True, "UnauthorizedAccess"),
        ("Client.InvalidInstanceID.NotFound", False, "InvalidInstanceID.NotFound"),
        ("ThrottlingException", False, "ThrottlingException"),
    ],
)
def test_denied_calls_are_told_from_other_failures(code: str, denied: bool, plain: str) -> None:  # noqa: FBT001
    event = facts_of(errorCode=code)["event"]
    assert (event["failed"], event["denied"], event["error_code"]) == (True, denied, plain)


def test_a_message_without_a_code_is_a_failure_too() -> None:
    assert facts_of(errorMessage="Failed authentication")["event"]["failed"] is True


@pytest.mark.parametrize(
    ("recorded", "name"),
    [
        ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
        ("CreateFunction20150331", "CreateFunction"),
        ("CreateDistribution2020_05_31", "CreateDistribution"),
        ("RunInstances", "RunInstances"),
    ],
)
def test_event_names_lose_their_version(recorded: str, name: str) -> None:
    assert facts_of(eventName=recorded)["event"]["name"] == name


def test_unexpected_regions_are_told() -> None:
    names = Names(expected_regions=frozenset({"eu-central-1"}))
    assert facts_of(names, awsRegion="ap-south-1")["event"]["expected_region"] is False
    assert "expected_region" not in facts_of(awsRegion="ap-south-1")["event"]


def paths(value: object, prefix: str = "") -> set[str]:
    if isinstance(value, dict):
        return {path for key, item in value.items() for path in paths(item, f"{prefix}.{key}" if prefix else str(key))}
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return {path for item in value for path in paths(item, prefix)}
    return {prefix}


def test_every_fact_that_is_worked_out_is_in_the_catalogue() -> None:
    records = [
        ingress(ipProtocol="tcp", fromPort=22, toPort=22, ipRanges={"items": [{"cidrIp": "0.0.0.0/0"}]}),
        {"eventName": "PutBucketPolicy", "requestParameters": {"bucketName": "b", "bucketPolicy": {
            "Statement": [allow(Principal="*")]}}, "userIdentity": {"type": "Root"}, "sourceIPAddress": "10.0.0.1"},
    ]  # fmt: skip
    seen = {path for record in records for path in paths(facts_of(**record))}
    assert len(seen) > 20
    assert seen - set(FACTS) == set()


def test_a_policy_in_a_text_is_written_out_with_plain_quotes() -> None:
    facts = facts_of(requestParameters={"policyDocument": '{"Action":"s3:GetObject"}'})
    assert '"Action":"s3:GetObject"' in facts["text"]["request_parameters"]


def test_objects_are_written_out_as_compact_json() -> None:
    facts = facts_of(requestParameters={"VersioningConfiguration": {"Status": "Suspended"}}, responseElements=None)
    assert facts["text"] == {
        "record": '{"recipientAccountId":"111122223333","requestParameters":{"VersioningConfiguration":'
        '{"Status":"Suspended"}},"responseElements":null}',
        "request_parameters": '{"VersioningConfiguration":{"Status":"Suspended"}}',
    }
