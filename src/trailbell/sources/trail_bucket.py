"""A trail's S3 bucket: which objects are wanted, and how they come here.

Keys: `[prefix/]AWSLogs/[organization/]account/CloudTrail/region/yyyy/mm/dd/account_CloudTrail_region_time_id.json.gz`
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html

A log file never changes once it is written, so what was fetched is kept: a reading that was broken off goes on where it
was, and the next one, with another config, fetches only what is new.
"""

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from trailbell.sources.reading import Access, Asked, Source, SourceError, Wanted
from trailbell.sources.trail_files import FilePart

SCHEME = "s3://"
"""Begins its names."""
DOWNLOADS = 16
"""At once."""
AHEAD = 64
"""Objects that are fetched before they are needed."""
LATE = timedelta(hours=6)
"""How much later than its events a file may be written. CloudTrail takes minutes, and promises nothing."""

_ROOT = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?$")
_ACCOUNT = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\d{12})/$")
_TRAIL = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\d{12})/CloudTrail/$")
_REGION = re.compile(r"(?:^|/)AWSLogs/(?:o-[a-z0-9]+/)?(\d{12})/CloudTrail/([a-z0-9-]+)/$")
_WRITTEN = re.compile(r"_(\d{8}T\d{4})Z_[^/]*\.json\.gz$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """One object of a trail."""

    key: str
    size_bytes: int
    written: datetime
    """As its name tells it."""


class Bucket:
    """One trail's bucket."""

    def __init__(self, name: str, client: Any, wanted: Wanted) -> None:
        self._name = name
        self._client = client
        self._wanted = wanted
        regions = wanted.regions or "all"
        self._regions = frozenset() if regions.strip() == "all" else frozenset(re.split(r"\s*,\s*", regions.strip()))

    def find(self, prefix: str) -> list[LogFile]:
        """Return the wanted log files below a prefix, in the order in which they were written."""
        start = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
        if not re.search(r"(?:^|/)AWSLogs/", start):
            start = f"{start}AWSLogs/"
        return sorted(self._walk(start), key=lambda file: (file.written, file.key))

    def fetch(self, files: list[LogFile], cache: Path) -> Iterator[FilePart]:
        """Yield the files, each once it is here, in their order."""
        with ThreadPoolExecutor(DOWNLOADS) as threads:
            coming: deque[Future[FilePart]] = deque()
            try:
                for file in files:
                    coming.append(threads.submit(self._keep, file, cache))
                    if len(coming) >= AHEAD:
                        yield coming.popleft().result()
                while coming:
                    yield coming.popleft().result()
            finally:
                for each in coming:
                    each.cancel()

    def _walk(self, prefix: str) -> Iterator[LogFile]:
        """Yield the wanted log files, asking for no more than the path tells to be needed."""
        if _ROOT.search(prefix):
            for child in self._folders(prefix):
                account = _ACCOUNT.search(child)
                if _ROOT.search(child) or (account and self._takes_account(account[1])):
                    yield from self._walk(child)
        elif _ACCOUNT.search(prefix):
            yield from self._walk(f"{prefix}CloudTrail/")
        elif _TRAIL.search(prefix):
            for child in self._folders(prefix):
                region = _REGION.search(child)
                if region and (not self._regions or region[2] in self._regions):
                    yield from self._walk(child)
        elif _REGION.search(prefix) and self._wanted.since:
            for day in _days(self._wanted.since, self._wanted.until):
                yield from self._files(f"{prefix}{day:%Y/%m/%d}/")
        else:
            yield from self._files(prefix)

    def _takes_account(self, account: str) -> bool:
        return not self._wanted.accounts or account in self._wanted.accounts

    def _folders(self, prefix: str) -> Iterator[str]:
        for page in self._list(prefix, Delimiter="/"):
            for folder in page.get("CommonPrefixes", []):
                yield folder["Prefix"]

    def _files(self, prefix: str) -> Iterator[LogFile]:
        since, until = self._wanted.since, self._wanted.until
        for page in self._list(prefix):
            for entry in page.get("Contents", []):
                name = _WRITTEN.search(entry["Key"])
                if not name or {"CloudTrail-Digest", ".."} & set(entry["Key"].split("/")):
                    continue  # no log file, or one whose name would lead out of the folder of what is kept
                written = datetime.strptime(name[1], "%Y%m%dT%H%M").replace(tzinfo=UTC)
                # To the minute: a file of 08:00 may hold events of 08:00:59.
                if (since is None or written + timedelta(minutes=1) > since) and (
                    until is None or written < until + LATE
                ):
                    yield LogFile(key=entry["Key"], size_bytes=entry["Size"], written=written)

    def _list(self, prefix: str, **more: str) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._name, Prefix=prefix, **more)
        yield from pages

    def _keep(self, file: LogFile, cache: Path) -> FilePart:
        """Fetch a file unless it is here."""
        path = cache / self._name / file.key
        if not path.exists() or path.stat().st_size != file.size_bytes:
            path.parent.mkdir(parents=True, exist_ok=True)
            body = self._client.get_object(Bucket=self._name, Key=file.key)["Body"].read()
            # Under another name until it is whole: what is broken off must not be taken for a file of the trail.
            with NamedTemporaryFile(dir=path.parent, prefix=".coming-", delete=False) as whole:
                whole.write(body)
            Path(whole.name).replace(path)
        return FilePart(path=path, size_bytes=file.size_bytes)


def _open(spec: str, wanted: Wanted, aws: Access) -> Source:
    """Return the wanted log files of `s3://bucket/prefix`. Raises SourceError where there are none."""
    name, _, prefix = spec.removeprefix(SCHEME).partition("/")
    bucket = Bucket(name, aws.client("s3"), wanted)
    files = bucket.find(prefix)
    if not files:
        raise SourceError(
            f"{spec} has no log file of CloudTrail for that time, those accounts and those regions. "
            "Give the bucket and what stands before AWSLogs/ in its keys."
        )
    cache = wanted.cache.expanduser()
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    size_bytes = sum(file.size_bytes for file in files)
    return Source(name=spec, parts=bucket.fetch(files, cache), count=len(files), size_bytes=size_bytes)


def _days(since: datetime, until: datetime | None) -> Iterator[datetime]:
    """Yield the days on which files with events of that time were written."""
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    end = (until.astimezone(UTC) + LATE) if until else datetime.now(UTC)
    while day <= end:
        yield day
        day += timedelta(days=1)


SOURCE = Asked(
    spelling=f"{SCHEME}bucket/prefix of a trail",
    takes=lambda spec: spec.startswith(SCHEME),
    open=_open,
    needs_since=True,
)
