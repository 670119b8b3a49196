"""What another config changes: alerts that appear and that disappear, rule by rule."""

from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from trailbell.alert import Alert
from trailbell.cli.replay.past import Past
from trailbell.cli.replay.show import alert_line, count_of
from trailbell.cli.shared.output import severity
from trailbell.finding import Finding
from trailbell.rule import Rule
from trailbell.words.clean import quote

EXAMPLES = 3
"""Alerts that are shown of each kind of change."""
_MAX_SUMMARY = 140


@dataclass(slots=True, kw_only=True)
class Side:
    """The alerts that only one config has."""

    count: int = 0
    examples: list[Alert] = field(default_factory=list)
    """The first few."""

    def add(self, alert: Alert) -> None:
        """Count one."""
        self.count += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(alert)


@dataclass(slots=True, kw_only=True)
class RuleChange:
    """What changes for one rule."""

    rule: Rule
    """As the new config has it, if it does."""
    appear: Side = field(default_factory=Side)
    disappear: Side = field(default_factory=Side)


def compare(before: Past, after: Past) -> list[RuleChange]:
    """Return what changes, the rules with the most of it first. Alerts are the same if account, event and rule are."""
    changes = {rule.id: RuleChange(rule=rule) for rule in (*before.config.rules, *after.config.rules)}
    old, new = _alerts(before), _alerts(after)
    for past, other in ((after, old), (before, new)):
        for judged in past.judged():
            if judged.alert and _key(judged.finding) not in other:
                change = changes[judged.alert.rule.id]
                (change.appear if past is after else change.disappear).add(judged.alert)
    changed = [change for change in changes.values() if change.appear.count or change.disappear.count]
    return sorted(changed, key=lambda change: (-change.appear.count - change.disappear.count, change.rule.id))


def _alerts(past: Past) -> set[int]:
    """Return the hashes of a past's alerts: a third of the memory that their ids take."""
    return {_key(judged.finding) for judged in past.judged(say=False) if judged.outcome == "alerted"}


def _key(finding: Finding) -> int:
    return hash((finding.id, finding.record.event.account_id))


def change_line(change: RuleChange) -> dict[str, Any]:
    """Return what programs get of a rule's change."""
    return {
        "rule": change.rule.id,
        "severity": change.rule.severity,
        "appear": change.appear.count,
        "disappear": change.disappear.count,
        "appear_examples": [alert_line(alert) for alert in change.appear.examples],
        "disappear_examples": [alert_line(alert) for alert in change.disappear.examples],
    }


def print_changes(console: Console, changes: list[RuleChange], limit: int | None) -> None:
    """Write what changes, and then examples of it."""
    appear = sum(change.appear.count for change in changes)
    disappear = sum(change.disappear.count for change in changes)
    if changes:
        table = Table(box=None, pad_edge=False)
        table.add_column("Rule", no_wrap=True)
        table.add_column("Severity")
        table.add_column("Appear", justify="right")
        table.add_column("Disappear", justify="right")
        for change in changes[:limit]:
            table.add_row(
                change.rule.id,
                severity(change.rule.severity),
                f"+{change.appear.count:,}" if change.appear.count else "-",
                f"-{change.disappear.count:,}" if change.disappear.count else "-",
            )
        console.print(table)
        console.print()
        for change in changes[:limit]:
            _print_examples(console, "+", "green", change.appear)
            _print_examples(console, "-", "red", change.disappear)
        console.print()
    console.print(Text(f"{count_of(appear, 'alert')} would appear, {disappear:,} would disappear."))


def _print_examples(console: Console, sign: str, style: str, side: Side) -> None:
    for alert in side.examples:
        time = f"{alert.event.time:%Y-%m-%d %H:%M}"
        console.print(
            Text.assemble((f"{sign} ", style), (f"{alert.rule.id}  ", "bold"), time, "  ")
            + Text(quote(alert.summary, _MAX_SUMMARY))
        )
    if side.count > len(side.examples):
        console.print(Text(f"{sign} ... and {side.count - len(side.examples):,} more", style=style))
