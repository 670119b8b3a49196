"""A replay as a report: what the HTML page shows of it."""

from collections.abc import Mapping

from trailbell.cli.replay.past import Past
from trailbell.cli.replay.tally import Tally, who
from trailbell.cli.report import Report, ReportedEvent, ReportedFinding
from trailbell.contract.outcomes import Outcome
from trailbell.finding import Finding
from trailbell.formats.document import event_document

MAX_EVENTS = 50_000
"""More than anyone reads, and as many as a browser on a small machine takes."""
OUTCOMES: Mapping[Outcome, str] = {
    "alerted": "Alerts",
    "deduplicated": "Repeats held back",
    "suppressed": "Suppressed",
    "below_threshold": "Below a threshold",
    "seen_before": "Seen before",
    "learning": "Learning",
}
"""Every outcome, and what the page calls it."""


def make_report(past: Past, source: str) -> Report:
    """Judge the past, and return what the page shows: the events that rules matched, those that alert before others."""
    tally, events = Tally(past.config.rules), _Events()
    for judged in past.judged():
        tally.add(judged)
        record = judged.finding.record
        finding = ReportedFinding(
            rule_id=judged.finding.rule.id,
            outcome=judged.outcome,
            summary=judged.alert.summary if judged.alert else "",
            suppression_id=judged.suppression_id,
        )
        events.add((record.event.id, record.event.account_id), finding, judged.finding)
    shown = events.most_telling(MAX_EVENTS)
    first, last = past.ends
    span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC" if first and last else "no events"
    left_out = f", {len(shown):,} of {len(events):,} matched events shown" if len(shown) < len(events) else ""
    return Report(
        title="Trailbell replay",
        subtitle=f"{source} · {span} · config {past.config.version}{left_out}",
        totals=[
            ("Events read", past.found.records),
            ("Matched by rules", len(events)),
            *((words, tally.total(outcome)) for outcome, words in OUTCOMES.items() if tally.total(outcome)),
        ],
        rules=past.config.rules,
        events=shown,
    )


class _Events:
    """Puts the findings on one event together."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], tuple[ReportedEvent, list[ReportedFinding]]] = {}

    def __len__(self) -> int:
        return len(self._events)

    def add(self, key: tuple[str, str], reported: ReportedFinding, finding: Finding) -> None:
        """Add one finding to its event."""
        if key not in self._events:
            findings: list[ReportedFinding] = []
            document, name = event_document(finding.record), who(finding.record.principal)
            self._events[key] = (ReportedEvent(document=document, who=name, findings=findings), findings)
        self._events[key][1].append(reported)

    def most_telling(self, most: int) -> list[ReportedEvent]:
        """Return so many events in the order of time: those that alert go before others, the latest before older."""
        events = [event for event, _ in self._events.values()]
        if len(events) <= most:
            return events
        places = range(len(events))
        chosen = sorted(places, key=lambda place: (_alerts(events[place]), place), reverse=True)[:most]
        return [events[place] for place in sorted(chosen)]


def _alerts(event: ReportedEvent) -> bool:
    return any(finding.outcome == "alerted" for finding in event.findings)
