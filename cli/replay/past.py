"""The past, as some configs see it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cli.replay.finding import Span
from cli.replay.judging import Judged, judge_findings
from cli.replay.reading import Found, Watcher, read_source
from cli.replay.spool import Row
from cli.replay.tally import Tally
from cli.sources import Source
from trailbell.config import Config, Suppression

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What one config finds in a source. It can be judged as often as wanted."""

    config: Config
    found: Found
    span: Span
    folder: Path
    rows: Sequence[Row]

    @property
    def days(self) -> float:
        """Return how many days the events span, at least one: alerts a day are counted over them."""
        if not (self.found.first and self.found.last):
            return 1.0
        first, last = datetime.fromisoformat(self.found.first), datetime.fromisoformat(self.found.last)
        first, last = max(first, self.span.since or first), min(last, self.span.until or last)
        return max(1.0, (last - first).total_seconds() / _DAY_SECONDS)

    def judged(self, *, extra: Sequence[Suppression] = (), say: bool = True) -> Iterator[Judged]:
        """Yield each finding with what the detector would have made of it, in the order of time."""
        return judge_findings(self.config, self.folder, self.rows, extra=extra, say=say)

    def tally(self, *, extra: Sequence[Suppression] = ()) -> Tally:
        """Return the counts."""
        tally = Tally(self.config.rules)
        for judged in self.judged(extra=extra, say=False):
            tally.add(judged)
        return tally


@contextmanager
def replaying(
    source: Source,
    configs: Sequence[Config],
    *,
    span: Span | None = None,
    processes: int = 1,
    watcher: Watcher | None = None,
) -> Iterator[tuple[Past, ...]]:
    """Read a source once for all configs. What it found lasts as long as the context."""
    span = span or Span()
    with TemporaryDirectory(prefix="trailbell-replay-") as folder:  # for this user's eyes only
        folders = [Path(folder) / str(number) for number, _ in enumerate(configs)]
        for each in folders:
            each.mkdir()
        found = read_source(source, configs, folders, span=span, processes=processes, watcher=watcher)
        yield tuple(
            Past(config=config, found=found, span=span, folder=each, rows=rows)
            for config, each, rows in zip(configs, folders, found.rows, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How often each rule would have alerted."""

    records: int
    days: float
    """At least one."""
    alerts: Mapping[str, int]
    """By rule id; rules that never alert are left out."""


def replay_counts(config: Config, source: Source, *, watcher: Watcher | None = None) -> Counts:
    """Count the alerts that a config would have sent."""
    with replaying(source, [config], watcher=watcher) as (past,):
        tally = past.tally()
        alerts = {rule.rule.id: rule.alerts for rule in tally.rules if rule.alerts}
        return Counts(records=past.found.records, days=past.days, alerts=alerts)
