from typing import Any

import pytest

from trailbell.names import Names
from trailbell.read.origin import read_origin

NAMES = Names(
    networks={
        "203.0.113.0/24": "office",
        "203.0.113.64/26": "office guests",
        "2001:db8::/32": "data centre",
        "10.0.0.0/8": "inside",
    }
)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"sourceIPAddress": "203.0.113.7"}, {"kind": "address", "network": "office", "private": False}),
        ({"sourceIPAddress": "203.0.113.70"}, {"network": "office guests"}),
        ({"sourceIPAddress": "70.175.135.47"}, {"kind": "address", "network": None, "private": False}),
        ({"sourceIPAddress": "10.1.2.3"}, {"network": "inside", "private": True}),
        ({"sourceIPAddress": "::ffff:203.0.113.70"}, {"kind": "address", "network": "office guests", "private": False}),
        ({"sourceIPAddress": "100.64.0.1"}, {"private": True}),
        ({"sourceIPAddress": "172.32.0.1"}, {"private": False}),
        ({"sourceIPAddress": "fd00::1"}, {"private": True}),
        ({"sourceIPAddress": "2001:db8::1"}, {"kind": "address", "network": "data centre"}),
        ({"sourceIPAddress": "2600:1f18::1"}, {"kind": "address", "network": None, "private": False}),
        ({"sourceIPAddress": "cloudformation.amazonaws.com"}, {"kind": "service", "private": None}),
        ({"sourceIPAddress": "AWS Internal"}, {"kind": "aws-internal"}),
        ({"sourceIPAddress": "AWS Internal;"}, {"kind": "aws-internal"}),
        ({"sourceIPAddress": "XXXXXXXXXXX"}, {"kind": "unknown", "address": "XXXXXXXXXXX"}),
        ({"sourceIPAddress": "null"}, {"kind": "unknown", "address": None}),
        ({"sourceIPAddress": 7}, {"kind": "unknown", "address": None}),
        ({}, {"kind": "unknown", "client": "unknown client"}),
        (
            {"vpcEndpointId": "vpce-0123456789abcdef0", "tlsDetails": {"tlsVersion": "TLSv1.3"}},
            {"vpc_endpoint_id": "vpce-0123456789abcdef0", "tls_version": "TLSv1.3"},
        ),
        ({"tlsDetails": "TLSv1.3"}, {"tls_version": None}),
    ],
)
def test_where_a_call_came_from(record: dict[str, Any], expected: dict[str, Any]) -> None:
    origin = read_origin(record, NAMES, console=False)
    assert {name: getattr(origin, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("user_agent", "client"),
    [
        ("aws-cli/2.31.0 md/awscrt#0.27.2 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13", "aws-cli"),
        ("Boto3/1.43.0 md/Botocore#1.43.0 ua/2.1 os/linux", "Boto3"),
        ("[Boto3/1.26.165 Python/3.10.6 Linux/5.19.0-46-generic Botocore/1.29.165]", "Boto3"),
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io) terraform-provider-aws/5.60.0",
            "Terraform",
        ),
        ("cloudformation.amazonaws.com", "CloudFormation"),
        ("console.amazonaws.com", "AWS console"),
        ("console.ec2.amazonaws.com", "AWS console"),
        ("signin.amazonaws.com", "AWS console"),
        ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.4]", "AWS console"),
        ("AWS Internal", "AWS Internal"),
        ("aws-sdk-go-v2/1.30.0 os/linux lang/go#1.22 md/GOOS#linux", "AWS SDK for Go"),
        ("aws-sdk-nodejs/2.1000.0 linux/v20 callback", "AWS SDK for JavaScript"),
        ("aws-sdk-js/3.600.0 ua/2.1 os/linux", "AWS SDK for JavaScript"),
        ("aws-sdk-java/2.25.0 Linux/5.10 OpenJDK_64-Bit_Server_VM/17", "AWS SDK for Java"),
        ("aws-cli/2.15.0 Python/3.11 exec-env/CloudShell", "AWS CloudShell"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", "browser"),
        ("config.amazonaws.com", "config.amazonaws.com"),
        ("pulumi-aws/6.0.0 (https://www.pulumi.com)", "Pulumi"),
        ("aws-internal/3 aws-sdk-java/1.12.101 Linux/5.4 OpenJDK_64-Bit_Server_VM/25", "AWS Internal"),
        ("Coral/Netty4", "AWS Internal"),
        ("aws-sdk-python/1.34.0", "AWS SDK for Python"),
        ("CloudCustodian(net-change-encryption)/0.9.2 Python/3.8.3", "Cloud Custodian"),
        ("S3 Browser/10.9.9 (https://s3browser.com)", "S3 Browser"),
        ("my-tool/1.0", "my-tool"),
        ("", "unknown client"),
        ("*" * 5000, "unknown client"),
    ],
)
def test_the_user_agent_in_a_word(user_agent: str, client: str) -> None:
    assert read_origin({"userAgent": user_agent}, NAMES, console=False).client == client


def test_a_console_session_is_told_whatever_its_user_agent() -> None:
    assert read_origin({"userAgent": "AWS Internal"}, NAMES, console=True).client == "AWS console"
