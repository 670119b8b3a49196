"""The progress bar of a replay: how far it is, events a second, time left."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from trailbell.cli.replay.reading import Watcher
from trailbell.cli.shared.output import message_console
from trailbell.sources.reading import Source


class _Rate(ProgressColumn):
    """How many records were read, and how many a second."""

    def render(self, task: Task) -> Text:
        """Return what to show."""
        records, seconds = task.fields["records"], task.elapsed or 0
        rate = f", {records / seconds:,.0f} a second" if seconds >= 1 else ""
        return Text(f"{records:,} events{rate}", style="cyan")


class _Bar(Watcher):
    """Moves the bar."""

    def __init__(self, progress: Progress, size_bytes: int) -> None:
        self._progress = progress
        self._task = progress.add_task("Replaying", total=size_bytes or None, records=0)
        self._records = 0

    def on_records(self, count: int) -> None:
        """Count."""
        self._records += count
        self._progress.update(self._task, records=self._records)

    def on_bytes(self, count: int) -> None:
        """Move."""
        self._progress.advance(self._task, count)


@contextmanager
def watching(source: Source) -> Iterator[Watcher]:
    """Show a bar on stderr, where it is a terminal."""
    console = message_console()
    if not console.is_terminal:
        yield Watcher()
        return
    left = TimeRemainingColumn() if source.size_bytes else TimeElapsedColumn()
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), _Rate(), left)
    with Progress(*columns, console=console, transient=True) as progress:
        yield _Bar(progress, source.size_bytes)
