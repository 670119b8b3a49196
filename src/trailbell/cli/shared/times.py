"""Moments, as people write them: `24h` ago, `2026-11-01`, `2026-11-01T08:00Z`."""

import re
from datetime import UTC, datetime, timedelta

import typer

_AGO = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def read_moment(text: str, now: datetime) -> datetime:
    """Return a moment in UTC: so long before `now`, or a date or time in ISO 8601, UTC where it names no zone.

    Raises ValueError.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    moment = datetime.fromisoformat(text.strip())
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_span(since: str, until: str | None, now: datetime) -> tuple[datetime, datetime | None]:
    """Return both ends of a span of time. Ends the command where they make none."""
    moments: list[datetime | None] = []
    for option, text in (("--since", since), ("--until", until)):
        try:
            moments.append(read_moment(text, now) if text else None)
        except (ValueError, OverflowError) as error:
            raise typer.BadParameter(
                f"{text} is no time; write 24h, 7d, 2026-11-01 or 2026-11-01T08:00Z", param_hint=option
            ) from error
    start, end = moments
    assert start is not None  # noqa: S101 - an empty --since is no time, and was refused
    if end and end <= start:
        raise typer.BadParameter(f"{until} is not after --since {since}", param_hint="--until")
    return start, end
