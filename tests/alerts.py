"""Alerts made by hand, for the tests of everything that shows them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from trailbell.alert import Alert, RuleInfo
from trailbell.record import Event, Origin, Principal, Resource

CONSOLE = "https://us-east-2.console.aws.amazon.com"
RESOURCES = (
    Resource(
        type="AWS::EC2::Instance",
        id="i-0123456789abcdef0",
        name="Server1",
        role="created",
        url=f"{CONSOLE}/ec2/home?region=us-east-2#InstanceDetails:instanceId=i-0123456789abcdef0",
    ),
    Resource(
        type="AWS::EC2::NetworkInterface",
        id="eni-0892be3483f983663",
        role="created",
        url=f"{CONSOLE}/ec2/home?region=us-east-2#NetworkInterface:networkInterfaceId=eni-0892be3483f983663",
    ),
    Resource(type="AWS::EC2::Image", id="ami-036f5574583e16426"),
    Resource(type="AWS::EC2::KeyPair", id="Ohio-Key"),
    Resource(type="AWS::EC2::SecurityGroup", id="sg-00ca240f71292feb2", name="Webserver_SG"),
    Resource(type="AWS::EC2::Subnet", id="subnet-d07cb873ce0ee06"),
    Resource(type="AWS::EC2::VPC", id="vpc-0fd1744d0f9c0fe7a"),
)
EVENT = Event(
    id="e2f69382-7637-4deb-83ed-e6ee31cac1c4",
    name="RunInstances",
    source="ec2.amazonaws.com",
    service="EC2",
    time=datetime(2023, 10, 8, 17, 50, 24, tzinfo=UTC),
    region="us-east-2",
    account_id="629470242021",
    account_name=None,
    partition="aws",
    type="AwsApiCall",
    category="Management",
    read_only=False,
    request_id="b3116925-dea3-43fd-9b10-19932ce1925",
    shared_event_id=None,
    error_code=None,
    error_message=None,
    url=f"{CONSOLE}/cloudtrailv2/home?region=us-east-2#/events/e2f69382-7637-4deb-83ed-e6ee31cac1c4",
)
PRINCIPAL = Principal(
    display="kodekloud",
    type="IAMUser",
    kind="human",
    account_id="629470242021",
    account_name=None,
    arn="arn:aws:iam::629470242021:user/kodekloud",
    principal_id="AIDAZFDZ2ZUTYKXQDRSPQ",
    user_name="kodekloud",
    session_name=None,
    session_issuer=None,
    source_identity=None,
    invoked_by=None,
    access_key_id="ASIAZFDZ2ZUTSYABGGX",
    credentials="temporary",
    mfa=False,
    console=True,
)
ORIGIN = Origin(
    kind="address",
    address="70.175.135.47",
    network=None,
    private=False,
    vpc_endpoint_id=None,
    tls_version=None,
    client="AWS console",
    user_agent="AWS Internal",
)
RULE = RuleInfo(
    id="ec2-instance-launched",
    title="EC2 instance launched",
    runbook="https://wiki.example.com/runbooks/ec2",
    tags=("attack.t1578.002",),
    pack="starter",
)
RUN_INSTANCES = Alert(
    id="e2f69382-7637-4deb-83ed-e6ee31cac1c4/ec2-instance-launched",
    severity="medium",
    test=False,
    rule=RULE,
    summary="kodekloud launched 1 × t3.micro (i-0123456789abcdef0) in us-east-2",
    undo="aws ec2 terminate-instances --instance-ids i-0123456789abcdef0 --region us-east-2",
    event=EVENT,
    principal=PRINCIPAL,
    origin=ORIGIN,
    resources=RESOURCES,
    request_parameters={
        "instancesSet": {"items": [{"imageId": "ami-036f5574583e16426", "keyName": "Ohio-Key"}]},
        "instanceType": "t3.micro",
        "disableApiTermination": False,
        "clientToken": "6c3d3f0e-1c44-4c39-8a3f-0e6f6bb2f0c4",
    },
    response_elements={"reservationId": "r-0d6c7a2c0f8b5e913"},
    alerted_at=datetime(2023, 10, 8, 17, 50, 36, 500_000, tzinfo=UTC),
    config_version="7",
)


def alert(**changes: Any) -> Alert:
    """Return the alert of the RunInstances record, with some fields changed."""
    return replace(RUN_INSTANCES, **changes)


def event(**changes: Any) -> Event:
    """Return its event, with some fields changed."""
    return replace(EVENT, **changes)


def principal(**changes: Any) -> Principal:
    """Return its principal, with some fields changed."""
    return replace(PRINCIPAL, **changes)


def origin(**changes: Any) -> Origin:
    """Return its origin, with some fields changed."""
    return replace(ORIGIN, **changes)


def thousand_instances() -> Alert:
    """Return a RunInstances of 1,000 instances, with parameters as large as AWS makes them."""
    resources = tuple(
        Resource(
            type="AWS::EC2::Instance",
            id=f"i-{number:017x}",
            role="created",
            url=f"{CONSOLE}/ec2/home?region=us-east-2#InstanceDetails:instanceId=i-{number:017x}",
        )
        for number in range(1000)
    )
    items = [
        {"instanceId": item.id, "imageId": "ami-036f5574583e16426", "state": {"code": 0, "name": "pending"}}
        for item in resources
    ]
    return alert(
        summary="kodekloud launched 1000 × t3.micro in us-east-2",
        resources=resources + RESOURCES[2:],
        response_elements={"instancesSet": {"items": items}},
    )
