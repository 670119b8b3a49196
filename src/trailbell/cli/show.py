"""`trailbell show`: one event as the CloudTrail console shows it, and which rules fire on it."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trailbell.authoring import InvalidConfigError
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption
from trailbell.cli.shared.inert import highlighted, inert_json
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load_quietly
from trailbell.cli.shared.output import Format, FormatOption, result_console, say, severity
from trailbell.cli.sources import options
from trailbell.cli.sources.filters import user_name
from trailbell.cli.sources.one import EventArgument, find_one
from trailbell.config.model import Config
from trailbell.errors import RecordError
from trailbell.finding import Finding
from trailbell.formats.document import event_document
from trailbell.names import Names
from trailbell.pipeline import Pipeline
from trailbell.read.reader import read_record
from trailbell.record import Record
from trailbell.redact import redact
from trailbell.sources.interface import SourcedRecord
from trailbell.windows.memory import MemoryStore
from trailbell.words.clean import quote, web_address
from trailbell.words.sentence import describe

EXAMPLES = """
Examples:

  trailbell show e2f69382-7637-4deb-83ed-e6ee31cac1c4

  trailbell show tests/events/run-instances-iam-user.json

  trailbell show e2f69382-7637-4deb-83ed-e6ee31cac1c4 --format json | jq .resources
"""
_MAX_VALUE = 300
_MARGIN = "  "


def show(
    event: EventArgument,
    *,
    source: options.FromOption = None,
    regions: options.AskedRegionsOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Show one event as the CloudTrail console does: summary, resources, request, response, the whole record."""
    raw = find_one(event, aws=Aws(profile=profile, region=region), regions=regions, source=source)
    known = _load(config, packs_dir)
    record = read_record(redact(raw), known.names if known else Names())
    findings = find(raw, known) if known else None
    if output is Format.JSON:
        document = event_document(record) | {"rules": [_describe(finding) for finding in findings or ()]}
        sys.stdout.write(inert_json(document, indent=2) + "\n")
        return
    print_event(record, findings, result_console())


def find(raw: Mapping[str, Any], config: Config) -> tuple[Finding, ...]:
    """Return what the config's rules find in a record, suppressed or not; nothing where it cannot be one."""
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime.now(UTC))
    try:
        return pipeline.find(SourcedRecord.of(raw))
    except RecordError as error:
        say(f"{error}.")
        return ()


def print_event(record: Record, findings: Sequence[Finding] | None, console: Console) -> None:
    """Print the console's page of an event. `findings` is None where there is no config to ask."""
    console.print(Text(record.event.name, style="bold"))
    console.print(Text(quote(describe(record, Names()), _MAX_VALUE)))
    _print_pairs("Details", _details(record), console)
    _heading(f"Resources referenced ({len(record.resources)})", console)
    if record.resources:
        console.print(_resources(record))
    for heading, content in (
        ("Request parameters", record.raw.get("requestParameters")),
        ("Response elements", record.raw.get("responseElements")),
    ):
        _heading(heading, console)
        console.print(highlighted(content, margin=_MARGIN))
    _print_pairs("Additional metadata", _metadata(record), console)
    _heading("Event record", console)
    console.print(highlighted(record.raw, margin=_MARGIN))
    if findings is not None:
        _heading("Rules", console)
        console.print(_rules(findings))


def _details(record: Record) -> Iterable[tuple[str, str | None]]:
    event, principal, origin = record.event, record.principal, record.origin
    yield "Event time", event.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield "User name", user_name(record)
    yield "Event name", event.name
    yield "Event source", event.source
    yield "User identity", principal.type
    yield "Identity ARN", principal.arn
    yield "Invoked by", principal.invoked_by
    yield "AWS access key", principal.access_key_id
    yield "Credentials", principal.credentials
    yield "MFA", _yes_no(principal.mfa)
    yield "Service", event.service
    yield "Source IP address", " · ".join(part for part in (origin.address, origin.network) if part)
    yield "User agent", origin.user_agent
    yield "AWS region", event.region
    yield "Read-only", _yes_no(event.read_only)
    yield "Error code", event.error_code
    yield "Error message", event.error_message
    yield "Resources", str(len(record.resources))


def _metadata(record: Record) -> Iterable[tuple[str, str | None]]:
    event, origin = record.event, record.origin
    yield "Event ID", event.id
    yield "Request ID", event.request_id
    yield "Shared event ID", event.shared_event_id
    yield "Event type", event.type
    yield "Event category", event.category
    yield "Recipient account", " · ".join(part for part in (event.account_id, event.account_name) if part)
    yield "Event version", str(record.raw.get("eventVersion") or "")
    yield "VPC endpoint", origin.vpc_endpoint_id
    yield "TLS", origin.tls_version
    yield "Event page", web_address(event.url)


def _print_pairs(heading: str, pairs: Iterable[tuple[str, str | None]], console: Console) -> None:
    _heading(heading, console)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in pairs:
        # A web address of our own making must stay whole; everything else is a record's text.
        shown = value if value and value == web_address(value) else quote(value, _MAX_VALUE) if value else "-"
        table.add_row(_MARGIN + label, Text(shown))
    console.print(table)


def _heading(text: str, console: Console) -> None:
    console.print()
    console.print(Text(text, style="bold cyan"))


def _resources(record: Record) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    for column in ("type", "id", "role", "page"):
        table.add_column(overflow="fold", no_wrap=column == "type")
    for item in record.resources:
        name = f" ({item.name})" if item.name and item.name != item.id else ""
        page = web_address(item.url)
        table.add_row(
            Text(_MARGIN + quote(item.type or "-", _MAX_VALUE)),
            Text(quote(item.id + name, _MAX_VALUE)),
            Text("" if item.role == "used" or record.event.failed else item.role),
            Text(page or "", style=f"link {page}" if page else ""),
        )
    return table


def _rules(findings: Sequence[Finding]) -> Table | Text:
    if not findings:
        return Text(f"{_MARGIN}None fires. `trailbell explain` tells why.")
    table = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        held = f"suppressed by {finding.suppression_id}" if finding.suppression_id else ""
        table.add_row(
            Text(_MARGIN) + severity(finding.rule.severity), Text(finding.rule.id), Text(finding.rule.title), Text(held)
        )
    return table


def _describe(finding: Finding) -> dict[str, Any]:
    rule = finding.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "suppression": finding.suppression_id,
    }


def _yes_no(value: bool | None) -> str | None:  # noqa: FBT001 - it is what is shown
    return None if value is None else str(value).lower()


def _load(path: Path, packs_dir: Path | None) -> Config | None:
    """Return the config, which only adds to what is shown: without one, the event is shown all the same."""
    try:
        return load_quietly(path, packs_dir).config
    except InvalidConfigError:
        state = "has errors (`trailbell config validate` tells them)" if path.exists() else "does not exist"
        say(f"The config {path} {state}: no rules were asked.")
        return None
