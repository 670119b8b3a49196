"""What becomes of a call: which bus gets which record of it, and when."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack import app

from tests.unit.localaws.conftest import ACCOUNT, HOME, Client, rule_to_queue, start_trail

OTHER = "us-west-2"
USER_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
    }
)


def names(records: list[dict[str, Any]]) -> list[str]:
    return [record["eventName"] for record in records]


def key_of_a_user(client: Client) -> str:
    iam = client("iam")
    iam.create_user(UserName="alice")
    return str(iam.create_access_key(UserName="alice")["AccessKey"]["AccessKeyId"])


def test_a_call_is_on_the_bus_of_its_region_as_eventbridge_delivers_it(client: Client) -> None:
    start_trail(client)
    seen = rule_to_queue(client, "seen")
    client("sqs").create_queue(QueueName="new")
    (event,) = seen.events()
    record = event["detail"]
    envelope = {name: event[name] for name in ("source", "detail-type", "account", "region", "resources")}
    assert envelope == {
        "source": "aws.sqs",
        "detail-type": "AWS API Call via CloudTrail",
        "account": ACCOUNT,
        "region": HOME,
        "resources": [],
    }
    assert event["id"] != record["eventID"]
    assert {
        name: record[name] for name in ("eventSource", "eventName", "awsRegion", "sourceIPAddress", "readOnly")
    } == {
        "eventSource": "sqs.amazonaws.com",
        "eventName": "CreateQueue",
        "awsRegion": HOME,
        "sourceIPAddress": "198.51.100.7",
        "readOnly": False,
    }
    assert record["requestParameters"] == {"queueName": "new"}
    assert record["responseElements"]["queueUrl"].endswith("/new")
    assert (record["eventType"], record["eventCategory"], record["managementEvent"]) == (
        "AwsApiCall",
        "Management",
        True,
    )
    assert record["recipientAccountId"] == ACCOUNT
    assert "errorCode" not in record


def test_without_a_trail_that_logs_nothing_is_on_the_bus(client: Client) -> None:
    seen = rule_to_queue(client, "seen")
    client("cloudtrail").create_trail(Name="main", S3BucketName="trail", IsMultiRegionTrail=True)
    client("sqs").create_queue(QueueName="new")
    assert seen.records() == []


def test_stopping_a_trail_is_told_and_nothing_after_it(client: Client) -> None:
    trails = start_trail(client)
    seen = rule_to_queue(client, "seen")
    trails.stop_logging(Name="main")
    client("sqs").create_queue(QueueName="new")
    assert [(r["eventName"], r["requestParameters"]) for r in seen.records()] == [("StopLogging", {"name": "main"})]


def test_a_trail_of_one_region_logs_that_region_alone(client: Client) -> None:
    start_trail(client, IsMultiRegionTrail=False)
    here, there = rule_to_queue(client, "here"), rule_to_queue(client, "there", region=OTHER)
    for region in (HOME, OTHER):
        client("sqs", region).create_queue(QueueName="new")
    client("iam").create_user(UserName="alice")
    assert (names(here.records()), names(there.records())) == (["CreateQueue"], [])


def test_a_global_services_events_are_in_us_east_1_alone(client: Client) -> None:
    start_trail(client)
    home, north_virginia = rule_to_queue(client, "home"), rule_to_queue(client, "nv", region="us-east-1")
    client("iam").create_user(UserName="alice")
    assert home.events() == []
    (event,) = north_virginia.events()
    assert (event["source"], event["region"], event["detail"]["awsRegion"]) == ("aws.iam", "us-east-1", "us-east-1")


def test_a_trail_without_global_events_logs_none(client: Client) -> None:
    start_trail(client, IncludeGlobalServiceEvents=False)
    seen = rule_to_queue(client, "seen", region="us-east-1")
    client("iam").create_user(UserName="alice")
    assert seen.records() == []


def test_root_and_users_are_named_as_such(client: Client) -> None:
    start_trail(client)
    key = key_of_a_user(client)
    seen = rule_to_queue(client, "seen")
    client("sqs").create_queue(QueueName="by-root")
    client("sqs", key=key).create_queue(QueueName="by-alice")
    root, alice = (record["userIdentity"] for record in seen.records())
    assert root == {
        "type": "Root",
        "principalId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:root",
        "accountId": ACCOUNT,
        "accessKeyId": ACCOUNT,
    }
    assert alice.pop("principalId").startswith("AIDA")
    assert alice == {
        "type": "IAMUser",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "userName": "alice",
    }


def test_a_session_is_named_with_the_role_that_issued_it(client: Client) -> None:
    start_trail(client)
    role = client("iam").create_role(RoleName="ops", Path="/teams/", AssumeRolePolicyDocument=USER_TRUST)["Role"]
    session = client("sts", key=key_of_a_user(client)).assume_role(RoleArn=role["Arn"], RoleSessionName="night")
    keys = session["Credentials"]
    seen = rule_to_queue(client, "seen")
    as_role = client("sqs", key=keys["AccessKeyId"], aws_session_token=keys["SessionToken"])
    as_role.create_queue(QueueName="by-role")
    (identity,) = (record["userIdentity"] for record in seen.records())
    assert (identity["type"], identity["principalId"]) == ("AssumedRole", f"{role['RoleId']}:night")
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/ops/night"
    assert identity["sessionContext"]["sessionIssuer"] == {
        "type": "Role",
        "principalId": role["RoleId"],
        "arn": f"arn:aws:iam::{ACCOUNT}:role/teams/ops",
        "accountId": ACCOUNT,
        "userName": "ops",
    }
    assert identity["sessionContext"]["attributes"]["mfaAuthenticated"] == "false"


def test_a_user_who_deletes_the_own_key_is_still_named(client: Client) -> None:
    start_trail(client)
    key = key_of_a_user(client)
    seen = rule_to_queue(client, "seen", region="us-east-1")
    client("iam", key=key).delete_access_key(UserName="alice", AccessKeyId=key)
    (record,) = seen.records()
    assert (record["eventName"], record["userIdentity"]["userName"]) == ("DeleteAccessKey", "alice")


def test_a_key_that_nobody_has_is_not_recorded(client: Client) -> None:
    start_trail(client)
    seen = rule_to_queue(client, "seen")
    client("sqs", key="AKIAIOSFODNN7EXAMPLE").create_queue(QueueName="new")
    assert seen.records() == []


def test_data_events_are_not_recorded(client: Client) -> None:
    start_trail(client)
    queue = client("sqs").create_queue(QueueName="letters")["QueueUrl"]
    client("s3").create_bucket(Bucket="things", CreateBucketConfiguration={"LocationConstraint": HOME})
    seen = rule_to_queue(client, "seen")
    client("sqs").send_message(QueueUrl=queue, MessageBody="hello")
    client("s3").put_object(Bucket="things", Key="a/b", Body=b"c")
    client("s3").get_object(Bucket="things", Key="a/b")["Body"].read()
    client("events").put_events(Entries=[{"Source": "mine", "DetailType": "news", "Detail": "{}"}])
    assert seen.records() == []


def test_a_call_that_failed_tells_why_and_has_no_response(client: Client) -> None:
    start_trail(client)
    seen = rule_to_queue(client, "seen", region="us-east-1")
    with pytest.raises(ClientError):
        client("iam").delete_user(UserName="nobody")
    (record,) = seen.records()
    assert (record["errorCode"], record["responseElements"]) == ("NoSuchEntity", None)
    assert "nobody" in record["errorMessage"]
    assert record["requestParameters"] == {"userName": "nobody"}


def test_a_call_that_iam_refuses_is_told_with_who_tried(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start_trail(client)
    iam = client("iam")
    iam.create_user(UserName="alice")
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    seen = rule_to_queue(client, "seen")
    monkeypatch.setattr(app, "AUTH", True)
    events = client("events", key=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    with pytest.raises(ClientError):
        events.delete_rule(Name="seen")
    (record,) = seen.records()
    assert (record["errorCode"], record["userIdentity"]["userName"]) == ("AccessDenied", "alice")
    assert (record["eventName"], record["requestParameters"]) == ("DeleteRule", {"name": "seen"})


def test_who_signs_wrongly_is_not_recorded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start_trail(client)
    key = key_of_a_user(client)
    seen = rule_to_queue(client, "seen")
    monkeypatch.setattr(app, "AUTH", True)
    with pytest.raises(ClientError):
        client("sqs", key=key, aws_secret_access_key="another").create_queue(QueueName="new")
    assert seen.records() == []


def test_what_reads_has_no_response_elements(client: Client) -> None:
    start_trail(client)
    client("secretsmanager").create_secret(Name="key", SecretString="hush")
    seen = rule_to_queue(client, "seen")
    client("secretsmanager").get_secret_value(SecretId="key")
    (record,) = seen.records()
    assert (record["eventName"], record["readOnly"], record["responseElements"]) == ("GetSecretValue", True, None)


def test_secrets_are_left_out(client: Client) -> None:
    start_trail(client)
    home, north_virginia = rule_to_queue(client, "home"), rule_to_queue(client, "nv", region="us-east-1")
    client("secretsmanager").create_secret(Name="key", SecretString="hush-hush")
    client("ssm").put_parameter(Name="key", Value="hush-hush", Type="SecureString")
    client("iam").create_user(UserName="alice")
    client("iam").create_login_profile(UserName="alice", Password="hush-hush")
    key = client("iam").create_access_key(UserName="alice")["AccessKey"]
    records = [*home.records(), *north_virginia.records()]
    assert len(records) == 5
    assert "hush-hush" not in json.dumps(records)
    assert key["SecretAccessKey"] not in json.dumps(records)
    assert records[1]["requestParameters"]["value"] == "HIDDEN_DUE_TO_SECURITY_REASONS"
    assert records[-1]["responseElements"]["accessKey"]["accessKeyId"] == key["AccessKeyId"]


@pytest.mark.parametrize(
    ("selectors", "told"),
    [
        ({"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}, ["CreateSecret"]),
        ({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]}, ["GetSecretValue"]),
        ({"EventSelectors": [{"IncludeManagementEvents": False}]}, []),
        (
            {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
            ["CreateSecret", "GetSecretValue"],
        ),
        ({"EventSelectors": [{"ExcludeManagementEventSources": ["secretsmanager.amazonaws.com"]}]}, []),
        (
            {
                "AdvancedEventSelectors": [
                    {
                        "FieldSelectors": [
                            {"Field": "eventCategory", "Equals": ["Management"]},
                            {"Field": "readOnly", "Equals": ["true"]},
                            {"Field": "eventName", "NotStartsWith": ["Describe"]},
                        ]
                    }
                ]
            },
            ["GetSecretValue"],
        ),
        (
            {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]},
            [],
        ),
    ],
)
def test_a_trails_selectors_are_heeded(client: Client, selectors: dict[str, Any], told: list[str]) -> None:
    start_trail(client).put_event_selectors(TrailName="main", **selectors)
    seen = rule_to_queue(client, "seen")
    client("secretsmanager").create_secret(Name="key", SecretString="hush")
    client("secretsmanager").get_secret_value(SecretId="key")
    assert names(seen.records()) == told


def test_the_history_holds_the_same_record_trail_or_not(client: Client) -> None:
    trails = start_trail(client)
    seen = rule_to_queue(client, "seen")
    client("sqs").create_queue(QueueName="told")
    trails.stop_logging(Name="main")
    client("sqs").create_queue(QueueName="untold")
    wanted = [{"AttributeKey": "EventName", "AttributeValue": "CreateQueue"}]
    newest, before, *_ = trails.lookup_events(LookupAttributes=wanted)["Events"]
    assert json.loads(newest["CloudTrailEvent"])["requestParameters"] == {"queueName": "untold"}
    assert json.loads(before["CloudTrailEvent"]) == seen.records()[0]
    assert (before["Username"], before["ReadOnly"]) == ("root", "false")
