"""`trailbell explain`: why an event alerted or not, rule by rule."""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from trailbell.cli.explain.reasons import Reason, find_reasons
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.inert import inert_json
from trailbell.cli.shared.journal import Journal
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, find_rule, load
from trailbell.cli.shared.output import Format, FormatOption, count, result_console, say, severity
from trailbell.cli.sources import options
from trailbell.cli.sources.one import EventArgument, find_one
from trailbell.config.model import Config
from trailbell.contract.names import DEFAULT_STACK, Output
from trailbell.contract.places import watched_places
from trailbell.names import Names
from trailbell.record import Record
from trailbell.ruleset.explain import Seen
from trailbell.words.clean import clip, quote
from trailbell.words.sentence import describe

EXAMPLES = """
Examples:

  trailbell explain e2f69382-7637-4deb-83ed-e6ee31cac1c4

  trailbell explain tests/events/delete-trail-denied-role.json --rule cloudtrail-stopped

  trailbell explain e2f69382-7637-4deb-83ed-e6ee31cac1c4 --deployed    what became of it, from the detector's log

  trailbell explain record.json --format json | jq '.rules[] | select(.outcome == "missed")'
"""
_MAX_VALUE = 160
_MAX_TEXT = 300
_STYLES = {"fires": "bold green", "suppressed": "bold yellow", "excused": "bold yellow", "missed": "bold red"}


def explain(  # noqa: PLR0913 - each is an option of the command
    event: EventArgument,
    *,
    rule_id: Annotated[
        str | None, typer.Option("--rule", help="This rule only, on or off.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Rules about other events, too.")] = False,
    source: options.FromOption = None,
    deployed: Annotated[
        bool, typer.Option("--deployed", help="What the deployed detector made of it, too: read from its log.")
    ] = False,
    regions: options.AskedRegionsOption = None,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Tell why an event alerts or not: for each rule about it the condition, exception or suppression that decided."""
    loaded = load(config, packs_dir)
    rules = [find_rule(loaded, rule_id).rule] if rule_id else loaded.config.rules
    aws = Aws(profile=profile, region=region)
    raw = find_one(event, aws=aws, regions=regions, source=source)
    record, reasons = find_reasons(raw, loaded.config, rules, today=datetime.now(UTC).date())
    notes = list(find_obstacles(record, loaded.config))
    if rule_id and rules[0] not in loaded.config.rules:
        notes.append(f"The rule {rule_id} is off: it alerts on nothing until it is switched on.")
    told = [each for each in reasons if everything or rule_id or each.outcome != "elsewhere"]
    if deployed:
        notes += find_outcomes(record, aws.client("logs"), aws.stack_outputs(stack)[Output.DETECTOR_LOG_GROUP])
    if output is Format.JSON:
        answer = {"event_id": record.event.id, "notes": notes, "rules": [_describe(each) for each in told]}
        sys.stdout.write(inert_json(answer, indent=2) + "\n")
        return
    _print(record, loaded.config.names, told, notes, result_console())
    _sum_up(reasons)


def find_obstacles(record: Record, config: Config) -> Iterator[str]:
    """Yield what keeps an event from the rules, whatever they say."""
    deployment, event = config.deployment, record.event
    if deployment.home_region and event.region:
        watched = {place.region for place in watched_places(deployment.home_region, deployment.regions)}
        if event.region not in watched:
            yield (
                f"Events of {event.region} do not reach Trailbell: it watches {', '.join(sorted(watched))}. "
                "Add the region to deployment.regions and deploy."
            )
    if event.category == "Data":
        yield "A data event: EventBridge has it only where a trail logs data events of this kind."
    if event.type == "AwsCloudTrailInsight":
        yield "An Insights event: CloudTrail records it only where a trail has Insights switched on."


def find_outcomes(record: Record, logs: Any, log_group: str) -> list[str]:
    """Return what the detector's log says of the event's findings, each with its time."""
    event_id = record.event.id
    journal = Journal(
        logs,
        pattern=f'{{ $.alert_id = "{event_id}/*" || $.finding_id = "{event_id}/*" }}',
        mark=f'"{event_id}/',
        # An event comes after it happened; one whose time cannot be read may have come at any time.
        since_ms=max(0, round(record.event.time.timestamp() * 1000)),
    )
    told = []
    for line in journal.lines(log_group):
        outcome = "alerted" if "alert_id" in line.content else line.content.get("outcome", "failed")
        when = datetime.fromtimestamp(line.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        told.append(f"The detector, at {when}: {line.content.get('rule')} {outcome}.")
    return told or ["The detector's log says nothing of this event: it never came, or no rule that is live matched."]


def _print(record: Record, names: Names, told: Sequence[Reason], notes: Sequence[str], console: Console) -> None:
    event = record.event
    when = event.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    console.print(Text(quote(f"{event.name} · {when} · {event.region} · {event.id}", _MAX_TEXT), style="bold"))
    console.print(Text(quote(describe(record, names), _MAX_TEXT)))
    for note in notes:
        console.print(Text.assemble(("note", "yellow"), "  ", note))
    for reason in sorted(told, key=lambda each: _ORDER.index(each.outcome)):
        console.print()
        _print_reason(reason, console)


def _print_reason(reason: Reason, console: Console) -> None:
    rule, explanation = reason.explanation.rule, reason.explanation
    head = (reason.outcome.ljust(11), _STYLES.get(reason.outcome, "dim"))
    console.print(Text.assemble(head, (rule.id, "bold"), "  ", severity(rule.severity), "  ", rule.title))
    if reason.outcome == "excused":
        _line(console, f"exception {(explanation.exception or 0) + 1} of {len(rule.exceptions)} holds:")
    if reason.suppression:
        until = f", until {reason.suppression.expires}" if reason.suppression.expires else ""
        _line(console, f"suppression {reason.suppression.id} holds: {reason.suppression.reason}{until}")
    for condition in explanation.conditions:
        _line(console, _say(condition, failed=reason.outcome in {"missed", "elsewhere"}))
    for window in reason.windows:
        key = ", ".join(f"{name} {quote(value or 'none', _MAX_VALUE)}" for name, value in window.key.items())
        _line(console, f"{window.kind} by {key}: {window.effect}")
    if reason.outcome == "fires":
        _line(console, f"goes to {', '.join(reason.destinations) or 'nobody: its route is empty'}")


def _say(condition: Seen, *, failed: bool) -> str:
    wants = clip(inert_json(list(condition.expected)), _MAX_VALUE)
    values = condition.values if len(condition.values) != 1 else condition.values[0]
    has = clip(inert_json(values), _MAX_VALUE) if condition.values else "nothing there"
    return f"{quote(condition.path, _MAX_VALUE)} wants {wants}, {'but ' if failed else ''}the record has {has}"


def _line(console: Console, text: str) -> None:
    console.print(Text(" " * 11 + text))


def _sum_up(reasons: Sequence[Reason]) -> None:
    outcomes = Counter(reason.outcome for reason in reasons)
    say(
        f"{count(outcomes['fires'], 'rule fires', 'rules fire')}; {outcomes['suppressed']} suppressed, "
        f"{outcomes['excused']} excused, {outcomes['missed']} about this event did not match, "
        f"{outcomes['elsewhere']} are about others."
    )


def _describe(reason: Reason) -> dict[str, Any]:
    rule = reason.explanation.rule
    return {
        "rule": rule.id,
        "severity": rule.severity,
        "outcome": reason.outcome,
        "conditions": [
            {"path": seen.path, "expected": list(seen.expected), "values": list(seen.values)}
            for seen in reason.explanation.conditions
        ],
        "exception": reason.explanation.exception,
        "suppression": reason.suppression.id if reason.suppression else None,
        "windows": [
            {"kind": window.kind, "key": dict(window.key), "effect": window.effect} for window in reason.windows
        ],
        "destinations": list(reason.destinations),
    }


_ORDER = ("fires", "suppressed", "excused", "missed", "elsewhere")
