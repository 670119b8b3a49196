"""The command that takes a call back, for calls that have an exact inverse. A person checks it before running it."""

import re
import shlex

from trailbell.aws.commands import fill_command
from trailbell.aws.registry import service_of
from trailbell.call.lookup import Call
from trailbell.names import Names
from trailbell.operations import without_version
from trailbell.record import Record

_REGION = re.compile(r"[a-z]{2,3}(?:-[a-z]+)+-\d{1,2}")


def undo_command(record: Record) -> str | None:
    """Return an `aws ...` command line, quoted for a POSIX shell; None where the call has no exact inverse.

    None also for calls that failed, and where a value is missing, too long, or could be taken for an option.
    """
    event = record.event
    if event.failed or not _REGION.fullmatch(event.region):
        return None
    inverse = service_of(event.source).undo.get(without_version(event.name))
    if inverse is None:
        return None
    call = Call(record, Names())
    words = fill_command(inverse, call) if isinstance(inverse, str) else inverse(call)
    return shlex.join(["aws", *words, "--region", event.region]) if words else None
