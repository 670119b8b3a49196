"""How often rules would have alerted under several configs: what `config plan` tells of a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from trailbell.cli.replay.request import Request, past_of
from trailbell.cli.replay.show import a_day
from trailbell.cli.shared.aws import Aws
from trailbell.config.model import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Alerts by rule, over the same events, for each config."""

    records: int
    days: float
    """At least one."""
    alerts: tuple[Mapping[str, int], ...]
    """By rule id; rules that never alert are left out."""


def count_alerts(request: Request, configs: Sequence[Config], aws: Aws) -> Rates:
    """Replay what was asked for under each config. Ends the command where it cannot be read."""
    with past_of(request, configs, aws) as pasts:
        return Rates(
            records=pasts[0].found.records,
            days=pasts[0].days,
            alerts=tuple({rule.rule.id: rule.alerts for rule in past.tally().rules if rule.alerts} for past in pasts),
        )


def rates_document(rates: Rates) -> dict[str, Any]:
    """Return what programs get: alerts a day of each rule, before and after."""
    return {
        "events": rates.records,
        "days": round(rates.days, 3),
        "rules": {
            rule_id: {"before": round(before / rates.days, 3), "after": round(after / rates.days, 3)}
            for rule_id, before, after in _both(rates)
        },
    }


def print_rates(rates: Rates, console: Console) -> None:
    """Write alerts a day, before and after, of the rules for which that changes, and of all together."""
    table = Table(box=None, pad_edge=False)
    for heading in ("Alerts a day", "before", "after"):
        table.add_column(heading, justify="left" if heading == "Alerts a day" else "right")
    rows = _both(rates)
    for rule_id, before, after in rows:
        if before != after:
            table.add_row(rule_id, a_day(before, rates.days), a_day(after, rates.days))
    before, after = (sum(alerts.values()) for alerts in rates.alerts)
    table.add_row("all rules", a_day(before, rates.days), a_day(after, rates.days))
    console.print(table)


def _both(rates: Rates) -> list[tuple[str, int, int]]:
    """Return alerts before and after, the rules with the greatest change first."""
    before, after = rates.alerts
    rows = [(rule_id, before.get(rule_id, 0), after.get(rule_id, 0)) for rule_id in sorted({*before, *after})]
    return sorted(rows, key=lambda row: -abs(row[1] - row[2]))
