"""How a replay is shown: tables for people, one object a line for programs."""

from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trailbell.alert import Alert
from trailbell.cli.replay.past import Past
from trailbell.cli.replay.tally import RuleTally, Tally
from trailbell.cli.shared.output import count, severity
from trailbell.config.model import Suppression
from trailbell.formats.document import event_document, iso
from trailbell.record import Record
from trailbell.words.clean import quote

_MAX_NAME = 60
_SHOWN_RESOURCES = 5
_SHOWN_PRINCIPALS = 2


def alert_line(alert: Alert) -> dict[str, Any]:
    """Return what programs get of an alert: flat, so that `jq` and spreadsheets take it as it is."""
    return {
        "rule": alert.rule.id,
        "severity": alert.severity,
        "time": iso(alert.event.time),
        "account": alert.event.account_id,
        "region": alert.event.region,
        "event_source": alert.event.source,
        "event_name": alert.event.name,
        "event_id": alert.event.id,
        "principal": alert.principal.display,
        "source_ip": alert.origin.address,
        "error_code": alert.event.error_code,
        "resources": [resource.id for resource in alert.resources[:_SHOWN_RESOURCES]],
        "repeats": alert.repeats,
        "occurrences": alert.occurrences,
        "summary": alert.summary,
        "id": alert.id,
    }


def full_line(alert: Alert, record: Record) -> dict[str, Any]:
    """Return an alert's line with the whole event, as `trailbell show` has it."""
    return alert_line(alert) | {"document": event_document(record)}


def print_tally(console: Console, past: Past, limit: int | None) -> None:
    """Write how often each rule alerts and what it holds back, the noisiest first, and then the totals."""
    tally = past.tally()
    rules = tally.rules
    if rules:
        console.print(_rules_table(rules[:limit], past.days))
        if limit is not None and len(rules) > limit:
            console.print(Text(f"... and {count(len(rules) - limit, 'rule')} more"))
        console.print()
    if tally.suppressions:
        console.print(_suppressions_table(tally.suppressions, past.config.suppressions))
        console.print()
    console.print(Text(_totals(tally, past)))


def _rules_table(rules: list[RuleTally], days: float) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Rule", no_wrap=True)
    table.add_column("Severity")
    for heading in ("Alerts", "A day", "Repeats", "Too few", "Known", "Suppressed"):
        table.add_column(heading, justify="right")
    table.add_column("Mostly by", overflow="fold")
    for each in rules:
        outcomes = each.outcomes
        table.add_row(
            each.rule.id,
            severity(each.rule.severity),
            _number(each.alerts),
            a_day(each.alerts, days),
            _number(outcomes["deduplicated"]),
            _number(outcomes["below_threshold"]),
            _number(outcomes["seen_before"] + outcomes["learning"]),
            _number(outcomes["suppressed"]),
            Text(mostly(each.principals)),
        )
    return table


def _suppressions_table(held_back: Counter[str], suppressions: tuple[Suppression, ...]) -> Table:
    reasons = {suppression.id: suppression.reason for suppression in suppressions}
    table = Table(box=None, pad_edge=False)
    table.add_column("Suppression", no_wrap=True)
    table.add_column("Held back", justify="right")
    table.add_column("Reason", overflow="fold")
    for id_, number in held_back.most_common():
        table.add_row(id_, _number(number), Text(reasons.get(id_, "")))
    return table


def _totals(tally: Tally, past: Past) -> str:
    alerts = tally.total("alerted")
    first, last = past.ends
    when = f" from {iso(first)} to {iso(last)}" if first and last else ""
    held = {
        "repeats": tally.total("deduplicated"),
        "too few for a threshold": tally.total("below_threshold"),
        "seen before": tally.total("seen_before"),
        "learned": tally.total("learning"),
        "suppressed": tally.total("suppressed"),
    }
    also = ", ".join(f"{number:,} {what}" for what, number in held.items() if number)
    return (
        f"{count_of(past.found.records, 'event')}{when}: "
        f"{count_of(alerts, 'alert')}, {a_day(alerts, past.days)} a day."
        f"{f' Held back: {also}.' if also else ''}"
    )


def mostly(principals: Counter[str]) -> str:
    """Name who caused most, and how much of it: `role ci (90 %), alice (5 %)`."""
    total = principals.total()
    named = [
        f"{quote(name, _MAX_NAME)} ({100 * number / total:.0f} %)"
        for name, number in principals.most_common(_SHOWN_PRINCIPALS)
    ]
    more = len(principals) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def count_of(number: int, one: str) -> str:
    """Spell a number of things, with commas between thousands."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def _number(number: int) -> str:
    return f"{number:,}" if number else "-"


def a_day(number: int, days: float) -> str:
    """Spell how often a day."""
    rate = number / days
    return f"{rate:,.0f}" if rate >= 10 or rate == 0 else f"{rate:.1f}" if rate >= 0.1 else "<0.1"  # noqa: PLR2004 - digits that matter
