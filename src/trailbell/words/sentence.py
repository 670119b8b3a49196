"""One plain sentence that says what changed, from the event alone."""

import re

from trailbell.aws.registry import service_of
from trailbell.call.lookup import Call, clip, join
from trailbell.names import Names
from trailbell.operations import without_version
from trailbell.record import Record
from trailbell.words.past_tense import past

LONGEST = 300
"""Characters of a sentence."""
_PLACEHOLDER = re.compile(r"\{(#?)([^{}]+)\}")


def describe(record: Record, names: Names) -> str:
    """Return the sentence, at most 300 characters. It is plain text: escaping is for the renderers."""
    call = Call(record, names)
    phrase = tell(call)
    who = clip(record.principal.display)
    if record.event.failed:
        sentence = _failed(record, who, phrase)
    elif phrase is None:
        sentence = f"{who} called {clip(record.event.name)}{_on(record)}"
    else:
        verb, _, rest = phrase.partition(" ")
        sentence = f"{who} {past(verb)} {rest}"
    return sentence if len(sentence) <= LONGEST else f"{sentence[: LONGEST - 1]}…"


def tell(call: Call) -> str | None:
    """Return what the call does as a verb and what follows; None for an event that has no sentence of its own."""
    event = call.record.event
    told = service_of(event.source).sentences.get(without_version(event.name))
    if told is None:
        return None
    return fill(told, call) if isinstance(told, str) else told(call)


def fill(template: str, call: Call) -> str | None:
    """Fill in a template; None where a value is missing."""
    filled = []
    end = 0
    for found in _PLACEHOLDER.finditer(template):
        value = _look_up(call, found[2], last_part=bool(found[1]))
        if value is None:
            return None
        filled += [template[end : found.start()], value]
        end = found.end()
    return "".join([*filled, template[end:]])


def _look_up(call: Call, paths: str, *, last_part: bool) -> str | None:
    for path in paths.split("|"):
        short = last_part or path.startswith("#")
        if values := call.values(path.removeprefix("#")):
            return join(tuple(_last_part(value) for value in values) if short else values)
    return None


def _last_part(value: str) -> str:
    """Return what people know a thing by: the end of its ARN, path or URL."""
    if not value.startswith(("arn:", "http")):
        return value
    end = value.rstrip("/").rpartition("/")[2]
    return end.rpartition(":")[2] or value


def _failed(record: Record, who: str, phrase: str | None) -> str:
    why = clip(record.event.error_code or record.event.error_message or "no reason given")
    if phrase is None:
        phrase = f"call {clip(record.event.name)}{_on(record)}"
    return f"{who} failed ({why}): tried to {phrase}"


def _on(record: Record) -> str:
    """Name what the call was about: what it changed, else what it used."""
    main = [resource for resource in record.resources if resource.role != "used"] or list(record.resources)
    if not main:
        return f" ({record.event.service})" if record.event.service else ""
    return f" on {join(tuple(resource.id for resource in main))}"
