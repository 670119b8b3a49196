"""Write the list of event names per event source that Trailbell ships, from botocore's service models.

Run `python scripts/generate_operations.py` after botocore was pinned anew; `--check` only says whether the shipped list
is current.
"""

import argparse
import gzip
import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import botocore
import botocore.loaders

ROOT = Path(__file__).resolve().parent.parent
DATA_FILE = ROOT / "src" / "trailbell" / "operations" / "operations.json.gz"
CURATED_FILE = Path(__file__).with_name("operations.toml")
DOMAIN = ".amazonaws.com"
DATED_SERVICES = {"lambda"}
"""Services whose event names end in the API version of the request's path."""
_API_VERSION = re.compile(r"^/(\d{4})-(\d{2})-(\d{2})/")


def main() -> int:
    """Write the list, or with `--check` compare it. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail where the shipped list is not current"
    )
    check = parser.parse_args().check
    content = encode(collect(tomllib.loads(CURATED_FILE.read_text())))
    if not check:
        DATA_FILE.write_bytes(content)
        print(f"{DATA_FILE.relative_to(ROOT)}: {len(content)} bytes")
        return 0
    if gzip.decompress(DATA_FILE.read_bytes()) != gzip.decompress(content):
        print(f"{DATA_FILE.relative_to(ROOT)} is not current: run scripts/generate_operations.py", file=sys.stderr)
        return 1
    return 0


def collect(curated: Mapping[str, Any]) -> dict[str, Any]:
    """Return the list: `regions`, `sources` (event source -> names), `dated` and `renamed` (source -> name -> ...)."""
    names: dict[str, set[str]] = defaultdict(set)
    dated: dict[str, dict[str, str]] = defaultdict(dict)
    loader = botocore.loaders.create_loader()
    for service in loader.list_available_services("service-2"):
        for version in loader.list_api_versions(service, "service-2"):
            model = loader.load_service_model(service, "service-2", version)
            for source in event_sources(service, model["metadata"], curated["sources"]):
                names[source].update(operation_names(model))
                if service in DATED_SERVICES:
                    dated[source].update(version_suffixes(model))
    for source, added in curated["added"].items():
        names[source + DOMAIN].update(added)
    renamed = {source + DOMAIN: entries for source, entries in curated["renamed"].items()}
    for source, entries in renamed.items():
        names[source] -= entries.keys()
        names[source].update(name for real in entries.values() for name in real)
    return {
        "botocore": botocore.__version__,
        "regions": sorted(
            region for partition in loader.load_data("endpoints")["partitions"] for region in partition["regions"]
        ),
        "sources": {source: sorted(found) for source, found in sorted(names.items())},
        "dated": dated,
        "renamed": renamed,
    }


def event_sources(service: str, metadata: Mapping[str, str], curated: Mapping[str, list[str]]) -> list[str]:
    """Return the event sources of a service: its signing name and, where it is one word, its endpoint prefix."""
    prefix = metadata["endpointPrefix"]
    own = {metadata.get("signingName", prefix), *([prefix] if "." not in prefix else [])}
    return [name.lower() + DOMAIN for name in sorted(curated.get(service, own))]


def operation_names(model: Mapping[str, Any]) -> Iterator[str]:
    """Return each operation's name, and the one it has on the wire (CloudFront's carry the API version)."""
    for name, operation in model["operations"].items():
        yield name
        yield operation.get("name", name)


def version_suffixes(model: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Return (operation, API version as event names end in it): `UpdateFunctionCode`, `20150331`."""
    for name, operation in model["operations"].items():
        found = _API_VERSION.match(operation["http"]["requestUri"])
        if found:
            yield name, "".join(found.groups())


def encode(document: Mapping[str, Any]) -> bytes:
    """Return the document as compressed JSON, the same bytes for the same content."""
    return gzip.compress(json.dumps(document, separators=(",", ":"), sort_keys=True).encode(), mtime=0)


if __name__ == "__main__":
    sys.exit(main())
