"""Facts of what is opened: ports, and what is shared with other accounts or everyone."""

from typing import Any

import pytest

from tests.unit.facts.reading import facts_of, ingress


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
