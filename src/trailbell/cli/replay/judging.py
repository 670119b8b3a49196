"""From findings to alerts: the second half of a replay, one finding after the other in the order of time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from trailbell.alert import Alert
from trailbell.cli.replay.finding import Clock
from trailbell.cli.replay.spool import Row, read_spool
from trailbell.config.model import Config, Suppression
from trailbell.contract.outcomes import Outcome
from trailbell.finding import Finding
from trailbell.pipeline import Pipeline
from trailbell.windows.memory import MemoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A finding, and what became of it."""

    finding: Finding
    outcome: Outcome
    suppression_id: str | None
    """What held it back."""
    alert: Alert | None
    """None where nothing is sent."""


def judge_findings(
    config: Config,
    folder: Path,
    rows: Sequence[Row],
    *,
    extra: Sequence[Suppression] = (),
    only: Collection[str] | None = None,
    say: bool = True,
) -> Iterator[Judged]:
    """Yield each finding once, with what the detector would have made of it when its event happened.

    `extra` are suppressions that the config does not have yet, tried after its own. `only` names the rules that are
    judged; rules know nothing of each other, so that it makes no difference to them. Alerts are written only if `say`;
    otherwise findings may have no raw record.
    """
    clock = Clock()
    pipeline = Pipeline.from_config(config, store=MemoryStore(), clock=clock)
    trial = _Trial(extra)
    settled: set[int] = set()
    for findings in read_spool(folder, rows, config.rules, raw=say or bool(extra)):
        clock.now = findings[0].record.event.time
        for finding in findings:
            if only is not None and finding.rule.id not in only:
                continue
            suppression_id = finding.suppression_id or trial.suppression_id(finding, clock.now)
            if suppression_id is not None:
                yield Judged(finding=finding, outcome="suppressed", suppression_id=suppression_id, alert=None)
                continue
            # A trail of the account and one of the organization hold the same event twice; the detector claims
            # each finding once in each account. A hash of 64 bits is a third of the ids' memory.
            claim = hash((finding.id, finding.record.event.account_id))
            if claim in settled:
                continue
            settled.add(claim)
            verdict = pipeline.judge(finding)
            alert = pipeline.make_alert(finding, verdict) if say and verdict.outcome == "alerted" else None
            yield Judged(finding=finding, outcome=verdict.outcome, suppression_id=None, alert=alert)


class _Trial:
    """Suppressions that are tried out."""

    def __init__(self, suppressions: Sequence[Suppression]) -> None:
        self._suppressions = suppressions

    def suppression_id(self, finding: Finding, now: datetime) -> str | None:
        """Return the one that would hold a finding back."""
        for suppression in self._suppressions:
            if suppression.holds(rule_id=finding.rule.id, today=now.date()) and suppression.match.matches(
                finding.record.raw
            ):
                return suppression.id
        return None
