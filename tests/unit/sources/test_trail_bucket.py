"""A trail's bucket is asked for no more than is wanted, and each of its files is fetched once."""

import gzip
import json
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from moto import mock_aws

from trailbell.sources.reading import Part, Source, SourceError, Wanted, open_source

if TYPE_CHECKING:
    from trailbell.cli.shared.aws import Aws

BUCKET = "trail"
ONE, TWO = "111122223333", "444455556666"


class Counting:
    """An S3 client that notes what it is asked for."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.fetched: list[str] = []
        self.listed: list[str] = []

    def get_object(self, **arguments: str) -> Any:
        self.fetched.append(arguments["Key"])
        return self._client.get_object(**arguments)

    def get_paginator(self, name: str) -> Any:
        paginator = self._client.get_paginator(name)
        listed = self.listed

        class Noted:
            def paginate(self, **arguments: str) -> Any:
                listed.append(arguments["Prefix"])
                return paginator.paginate(**arguments)

        return Noted()


class FakeAws:
    """Access to AWS that hands out one client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def client(self, service: str, region: str | None = None) -> Any:
        assert (service, region) == ("s3", None)
        return self._client


def key(account: str, region: str, written: str, prefix: str = "AWSLogs/", kind: str = "CloudTrail") -> str:
    time = datetime.strptime(written, "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)
    return f"{prefix}{account}/{kind}/{region}/{time:%Y/%m/%d}/{account}_{kind}_{region}_{time:%Y%m%dT%H%M}Z_x1.json.gz"


KEYS = [
    key(ONE, "eu-central-1", "2026-11-01T23:55"),
    key(ONE, "eu-central-1", "2026-11-02T08:00"),
    key(ONE, "us-east-1", "2026-11-02T07:00"),
    key(TWO, "eu-central-1", "2026-11-02T06:00"),
    key(ONE, "eu-central-1", "2026-11-02T08:30", kind="CloudTrail-Digest"),
    key(ONE, "eu-central-1", "2026-11-03T09:00"),
    f"AWSLogs/{ONE}/CloudTrail/eu-central-1/2026/11/02/../../../../../../../{ONE}_CloudTrail_x_20261102T0800Z_y.json.gz",
]


@pytest.fixture
def client() -> Iterator[Counting]:
    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        s3.create_bucket(Bucket=BUCKET)
        for each in KEYS:
            body = gzip.compress(json.dumps({"Records": [{"eventVersion": "1", "eventID": each}]}).encode())
            s3.put_object(Bucket=BUCKET, Key=each, Body=body)
        yield Counting(s3)


@pytest.fixture
def wanted(tmp_path: Path) -> Wanted:
    return Wanted(cache=tmp_path / "cache")


def read(client: Counting, wanted: Wanted, spec: str = f"s3://{BUCKET}") -> list[str]:
    source: Source = open_source(spec, wanted, cast("Aws", FakeAws(client)))
    texts = [text for part in source.parts for text in part.texts()]
    assert len(texts) == source.count
    return [json.loads(text)["eventID"] for text in texts]


def test_all_log_files_come_in_the_order_in_which_they_were_written(client: Counting, wanted: Wanted) -> None:
    assert read(client, wanted) == [KEYS[0], KEYS[3], KEYS[2], KEYS[1], KEYS[5]]


def test_accounts_regions_and_days_that_are_not_wanted_are_not_even_listed(client: Counting, wanted: Wanted) -> None:
    some = replace(
        wanted,
        accounts=frozenset({ONE}),
        regions="eu-central-1, ap-south-1",
        since=datetime(2026, 11, 2, 7, 0, tzinfo=UTC),
        until=datetime(2026, 11, 2, 12, 0, tzinfo=UTC),
    )
    assert read(client, some) == [KEYS[1]]
    assert client.listed == [
        "AWSLogs/",
        f"AWSLogs/{ONE}/CloudTrail/",
        f"AWSLogs/{ONE}/CloudTrail/eu-central-1/2026/11/02/",
    ]


def test_files_written_soon_after_the_end_are_read_as_they_hold_earlier_events(
    client: Counting, wanted: Wanted
) -> None:
    until = replace(wanted, until=datetime(2026, 11, 2, 2, 0, tzinfo=UTC))
    assert read(client, until) == [KEYS[0], KEYS[3], KEYS[2]]  # six hours


def test_what_was_fetched_is_not_fetched_again(client: Counting, wanted: Wanted) -> None:
    source = open_source(f"s3://{BUCKET}", wanted, cast("Aws", FakeAws(client)))
    parts = cast("Generator[Part, None, None]", source.parts)
    assert KEYS[0] in next(parts).name
    parts.close()  # it is broken off
    read(client, wanted)
    read(client, wanted)
    assert sorted(client.fetched) == sorted([*KEYS[:4], KEYS[5]])
    left_over = [path for path in wanted.cache.rglob("*") if path.is_file() and path.suffix != ".gz"]
    assert left_over == []


def test_half_a_file_is_fetched_again(client: Counting, wanted: Wanted) -> None:
    read(client, wanted)
    (wanted.cache / BUCKET / KEYS[1]).write_bytes(b"half")
    assert KEYS[1] in read(client, wanted)


@pytest.mark.parametrize(
    ("spec", "found"),
    [
        (f"s3://{BUCKET}/AWSLogs/{TWO}/", [KEYS[3]]),
        (f"s3://{BUCKET}/AWSLogs/{ONE}/CloudTrail/us-east-1", [KEYS[2]]),
        (f"s3://{BUCKET}/AWSLogs/{ONE}/CloudTrail/eu-central-1/2026/11/03/", [KEYS[5]]),
    ],
)
def test_a_path_into_the_trail_narrows_it(spec: str, found: list[str], client: Counting, wanted: Wanted) -> None:
    assert read(client, wanted, spec) == found


def test_the_trail_of_an_organization_is_read_through_its_accounts(client: Counting, wanted: Wanted) -> None:
    body = gzip.compress(b'{"Records": [{"eventVersion": "1", "eventID": "member"}]}')
    member = key(TWO, "eu-west-1", "2026-11-02T05:00", prefix="audit/AWSLogs/o-abc123/")
    client._client.put_object(Bucket=BUCKET, Key=member, Body=body)
    only = replace(wanted, accounts=frozenset({TWO}))
    assert read(client, only, f"s3://{BUCKET}/audit") == ["member"]
    assert read(client, only, f"s3://{BUCKET}/audit/AWSLogs/o-abc123") == ["member"]


def test_a_bucket_without_log_files_is_an_error_that_says_what_to_give(client: Counting, wanted: Wanted) -> None:
    with pytest.raises(SourceError, match="what stands before AWSLogs/ in its keys"):
        read(client, wanted, f"s3://{BUCKET}/elsewhere")
