"""Links into the AWS console: the right host for each partition, and nothing that a record says moves them."""

from urllib.parse import urlsplit

import pytest

from trailbell.aws.console import event_url, resource_url


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_its_console(partition: str, region: str, host: str) -> None:
    assert event_url(region, "e-1", partition) == f"https://{host}/cloudtrailv2/home?region={region}#/events/e-1"
    bucket = resource_url("AWS::S3::Bucket", "logs", arn=None, region=region, partition=partition)
    assert bucket == f"https://{host}/s3/buckets/logs?region={region}"


def test_iam_has_one_console_for_all_regions() -> None:
    found = resource_url("AWS::IAM::User", "eve", arn=None, region="eu-central-1", partition="aws")
    assert found == "https://console.aws.amazon.com/iam/home#/users/details/eve"


def test_page_that_needs_an_arn_is_not_linked_without_one() -> None:
    assert resource_url("AWS::SNS::Topic", "alerts", arn=None, region="eu-central-1", partition="aws") is None


def test_type_without_a_page_has_no_link() -> None:
    assert resource_url("AWS::Made::Up", "x", arn=None, region="eu-central-1", partition="aws") is None


@pytest.mark.parametrize("region", ["", "evil.example/", "us-east-1.evil.example", "us-east-1\n"])
def test_forged_region_makes_no_link(region: str) -> None:
    assert event_url(region, "e-1", "aws") is None
    assert resource_url("AWS::S3::Bucket", "logs", arn=None, region=region, partition="aws") is None


@pytest.mark.parametrize("id_", ["../../x", "@evil.example/", "a b#c?d=e", "x|<https://evil.example>", "\ud800"])
def test_name_stays_in_its_place(id_: str) -> None:
    found = resource_url("AWS::S3::Bucket", id_, arn=None, region="eu-central-1", partition="aws")
    assert found is not None
    parts = urlsplit(found)
    assert (parts.netloc, parts.query, parts.fragment) == (
        "eu-central-1.console.aws.amazon.com",
        "region=eu-central-1",
        "",
    )
    assert parts.path.startswith("/s3/buckets/")
    assert parts.path.count("/") == len(("s3", "buckets", "name"))
    assert event_url("eu-central-1", id_, "aws") is not None


@pytest.mark.parametrize("name", [".", ".."])
def test_a_name_that_a_browser_takes_for_a_step_has_no_link(name: str) -> None:
    assert resource_url("AWS::S3::Bucket", name, arn=None, region="eu-central-1", partition="aws") is None
