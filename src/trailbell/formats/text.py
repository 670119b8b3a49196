"""An alert as plain text: the e-mail, its subject, and the short form for text messages."""

import textwrap
import unicodedata
from collections.abc import Iterator

from trailbell.alert import Alert
from trailbell.formats import Format
from trailbell.words import view
from trailbell.words.clean import quote, visible, web_address

COLUMNS = 72
MAX_SUBJECT_CHARACTERS = 99
"""SNS: ASCII without line breaks or control characters, fewer than 100 characters.

https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""
MAX_SHORT_CHARACTERS = 140
"""One SMS, whatever its characters are but those outside of GSM's alphabet: SNS sends a longer text in parts."""
MAX_RESOURCES = 25
MAX_LINK_CHARACTERS = 1000
MAX_PARAMETERS = 8
LABEL_COLUMNS = 10


def subject(alert: Alert) -> str:
    """Return the e-mail's subject: ASCII, shorter than 100 characters, severity first."""
    event = alert.event
    where = event.account_name or event.account_id
    line = f"{headline(alert)} - {alert.principal.display}, {where}, {event.region}"
    return clip_ascii(visible(line), MAX_SUBJECT_CHARACTERS)


def short(alert: Alert) -> str:
    """Return the alert in the length of one text message."""
    line = quote(f"{alert.severity.upper()}{' TEST' if alert.test else ''}: {alert.summary}", 2 * MAX_SHORT_CHARACTERS)
    return clip_ascii(line, MAX_SHORT_CHARACTERS)


def headline(alert: Alert) -> str:
    """Return severity, TEST where it is one, and the rule's title."""
    return f"{alert.severity.upper()}{' TEST' if alert.test else ''}: {view.title(alert)}"


def clip_ascii(text: str, limit: int) -> str:
    """Return text in ASCII, letters without their accents, cut at `limit`."""
    plain = unicodedata.normalize("NFKD", text.replace("×", "x").replace("…", "..."))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.encode("ascii", "replace").decode("ascii")
    return plain if len(plain) <= limit else plain[: limit - 3].rstrip() + "..."


def text(alert: Alert) -> str:
    """Return the e-mail: 72 columns, though links and long names may be longer."""
    sections = (
        _head(alert),
        _facts(alert),
        _resources(alert),
        _undo(alert),
        _parameters(alert),
        _evidence(alert),
    )
    return "\n\n".join(part for lines in sections if (part := "\n".join(lines))) + "\n"


def _head(alert: Alert) -> Iterator[str]:
    yield from _wrap(headline(alert))
    if alert.test:
        yield from _wrap("This is a test of Trailbell: no such call was made.")
    yield ""
    yield from _wrap(view.summary(alert))


def _facts(alert: Alert) -> Iterator[str]:
    for line in view.lines(alert):
        yield from _labelled(line.label, ", ".join((line.value, *line.details)))


def _resources(alert: Alert) -> Iterator[str]:
    if not alert.resources:
        return
    yield f"Resources ({alert.resource_count:,})"
    for resource in alert.resources[:MAX_RESOURCES]:
        kind = view.resource_kind(alert, resource)
        yield from _wrap(f"- {view.resource_label(resource)}" + (f", {kind}" if kind else ""), "  ", "    ")
        if link := web_address(resource.url, MAX_LINK_CHARACTERS):
            yield f"    {link}"
    rest = alert.resource_count - min(len(alert.resources), MAX_RESOURCES)
    if rest:
        yield f"  and {rest:,} more"


def _undo(alert: Alert) -> Iterator[str]:
    if command := view.undo(alert):
        yield "Undo (check before you run it)"
        # Not wrapped: the line is there to be copied.
        yield f"  {command}"


def _parameters(alert: Alert) -> Iterator[str]:
    found = view.parameters(alert, MAX_PARAMETERS)
    if found:
        yield "Parameters"
    for name, value in found:
        yield from _wrap(f"{name}: {value}", "  ", "    ")


def _evidence(alert: Alert) -> Iterator[str]:
    event, rule = alert.event, alert.rule
    yield from _labelled("Rule", visible(rule.id))
    yield from _labelled("CloudTrail", web_address(event.url) or "")
    yield from _labelled("Event id", quote(event.id, view.MAX_VALUE))
    yield from _labelled("Request id", quote(event.request_id or "", view.MAX_VALUE))
    yield from _labelled("Identity", quote(alert.principal.arn or "", 2 * view.MAX_VALUE))
    yield from _labelled("Config", visible(alert.config_version))
    if steps := view.runbook_steps(alert):
        yield from ("", "Runbook", *(part for line in steps.splitlines() for part in _wrap(line, "  ", "     ")))
    else:
        yield from _labelled("Runbook", web_address(rule.runbook) or "")


def _labelled(label: str, value: str) -> Iterator[str]:
    if value:
        yield from _wrap(value, f"{label:<{LABEL_COLUMNS}} ", " " * (LABEL_COLUMNS + 1))


def _wrap(line: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        line, COLUMNS, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


FORMAT = Format(description="the text of the e-mail", render=text)
