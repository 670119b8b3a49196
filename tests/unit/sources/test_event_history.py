"""CloudTrail's event history as a source of a replay."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.stub import Stubber

from trailbell.sources.reading import SourceError, Wanted, open_source

if TYPE_CHECKING:
    from trailbell.cli.shared.aws import Aws

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class FakeAws:
    """Access to AWS that hands out stubbed clients."""

    region = "eu-central-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def client(self, service: str, region: str) -> Any:
        self.asked.append(region)
        client = boto3.client(
            cast("Any", service), region_name=region, aws_access_key_id="x", aws_secret_access_key="x"
        )
        stub = Stubber(client)
        event = {"EventTime": SINCE, "CloudTrailEvent": json.dumps({"eventID": region})}
        stub.add_response("lookup_events", {"Events": [event]}, {"StartTime": SINCE, "MaxResults": 50})
        stub.activate()
        return client


def test_the_home_region_and_the_global_one_are_read() -> None:
    aws = FakeAws()
    source = open_source("history", Wanted(since=SINCE), cast("Aws", aws))
    found = {json.loads(text)["eventID"] for part in source.parts for text in part.texts()}
    assert found == {"eu-central-1", "us-east-1"}
    assert not source.local


def test_without_access_to_aws_it_cannot_be_read() -> None:
    with pytest.raises(SourceError, match="needs access to AWS"):
        open_source("history")
