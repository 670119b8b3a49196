"""The past, as some configs see it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from trailbell.call.values import UNKNOWN_TIME
from trailbell.cli.replay.finding import Span
from trailbell.cli.replay.judging import Judged, judge_findings
from trailbell.cli.replay.reading import Found, Watcher, read_source
from trailbell.cli.replay.spool import Row, time_of
from trailbell.cli.replay.tally import Tally
from trailbell.config.model import Config, Suppression
from trailbell.sources.reading import Source

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
    def ends(self) -> tuple[datetime | None, datetime | None]:
        """Return the times of the earliest and the latest event, as far as they are known.

        Known are those of the first and last record of each part, and of findings.
        """
        times = [datetime.fromisoformat(time) for time in (self.found.first, self.found.last) if time]
        times += [time for row in (min(self.rows, default=None), max(self.rows, default=None)) if (time := _time(row))]
        if not times:
            return None, None
        first, last = min(times), max(times)
        return max(first, self.span.since or first), min(last, self.span.until or last)

    @property
    def days(self) -> float:
        """Return how many days the events span, at least one: alerts a day are counted over them."""
        first, last = self.ends
        return max(1.0, (last - first).total_seconds() / _DAY_SECONDS) if first and last else 1.0

    def judged(
        self, *, extra: Sequence[Suppression] = (), only: Collection[str] | None = None, say: bool = True
    ) -> Iterator[Judged]:
        """Yield each finding with what the detector would have made of it, in the order of time."""
        return judge_findings(self.config, self.folder, self.rows, extra=extra, only=only, say=say)

    def tally(self, *, extra: Sequence[Suppression] = (), only: Collection[str] | None = None) -> Tally:
        """Return the counts."""
        tally = Tally(self.config.rules)
        for judged in self.judged(extra=extra, only=only, say=False):
            tally.add(judged)
        return tally


def _time(row: Row | None) -> datetime | None:
    """Return the time of a finding; None where its event told none."""
    return time_of(row) if row and time_of(row) > UNKNOWN_TIME else None


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
