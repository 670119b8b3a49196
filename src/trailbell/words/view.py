"""What every form of an alert for people says, in the same words: lines, resources, links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trailbell.alert import Alert, FollowUp
from trailbell.read.principal.registry import word_identity_type
from trailbell.record import Event, Principal, Resource
from trailbell.rule import Severity
from trailbell.words.clean import clip, quote, visible, web_address

MAX_SUMMARY = 600
MAX_VALUE = 200
MAX_DETAIL = 300
MAX_ERROR = 500
MAX_UNDO = 1500
MAX_PARAMETER = 100

SEVERITY_SIGNS: Mapping[Severity, str] = {"critical": "🔴", "high": "🟠", "medium": "🟡", "low": "🔵", "info": "⚪"}
TEST_SIGN = "🧪"
TRAIT_LABELS: Mapping[str, str] = {
    "principal": "Principals",
    "source_ip": "Addresses",
    "region": "Regions",
    "resource": "Targets",
    "event_name": "Calls",
}
"""What a follow-up calls what differed."""
MAX_TRAITS_SHOWN = 5
QUIET_PARAMETERS = frozenset({"clientToken", "clientRequestToken", "dryRun", "maxResults", "nextToken", "requestId"})
"""Request parameters that say nothing about what was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said about the call: safe to show, not yet escaped for any markup."""

    label: str
    value: str
    details: tuple[str, ...] = ()


def title(alert: Alert) -> str:
    """Return the rule's title on one line."""
    return clip(visible(alert.rule.title or alert.rule.id), MAX_VALUE)


def summary(alert: Alert) -> str:
    """Return the alert's sentence, beginning with a capital letter only where it has one."""
    said = quote(alert.summary, MAX_SUMMARY)
    if alert.follow_up is None:
        return said
    return f"Seen {_more(alert.follow_up.repeats)}{_span(alert.follow_up)}: {said}"


def lines(alert: Alert) -> tuple[Line, ...]:
    """Return who, from where, what, where and when, why it failed, and how often it was seen."""
    event = alert.event
    failed = (
        [Line(label="Failed", value=quote(event.error_code or "error", MAX_VALUE), details=_said(event.error_message))]
        if event.failed
        else []
    )
    return (
        _who(alert.principal, event),
        _origin(alert),
        _what(event),
        *failed,
        Line(label="Where", value=quote(event.region, MAX_VALUE) or "no region", details=(_account_of_event(event),)),
        Line(
            label="When",
            value=event.time.strftime("%Y-%m-%d %H:%M:%S UTC"),
            details=(f"alerted {delay_words(alert.delay_seconds)} later",),
        ),
        *_seen(alert),
    )


def _more(count: int) -> str:
    return f"{count:,} more {'time' if count == 1 else 'times'}"


def _span(follow_up: FollowUp) -> str:
    """Return when a window's repeats were counted: ` in 15 min`."""
    if follow_up.since is None or follow_up.until is None:
        return ""
    return f" in {delay_words(max(0.0, (follow_up.until - follow_up.since).total_seconds()))}"


def _differed(follow_up: FollowUp) -> Iterator[Line]:
    """Yield what was not the same in all of a window's findings."""
    for trait, label in TRAIT_LABELS.items():
        values = follow_up.differed.get(trait, ())
        shown = [quote(value, MAX_PARAMETER) for value in values[:MAX_TRAITS_SHOWN]]
        if len(values) > len(shown):
            shown.append(f"and {len(values) - len(shown):,} more")
        if shown:
            yield Line(label=label, value=shown[0], details=tuple(shown[1:]))


def _seen(alert: Alert) -> Iterator[Line]:
    """Yield how often it happened, where a window counted."""
    if alert.follow_up:
        until = alert.follow_up.until
        when = (f"until {until:%Y-%m-%d %H:%M:%S} UTC",) if until else ()
        yield Line(label="Seen", value=_more(alert.follow_up.repeats), details=when)
        yield from _differed(alert.follow_up)
    said = []
    if alert.occurrences > 1:
        within = f" within {delay_words(alert.within_seconds)}" if alert.within_seconds else ""
        said.append(f"{alert.occurrences:,} times{within}")
    if alert.repeats:
        said.append(f"{_more(alert.repeats)} since the last alert")
    if said:
        yield Line(label="Seen", value=said[0], details=tuple(said[1:]))


def _who(principal: Principal, event: Event) -> Line:
    elsewhere = principal.account_id is not None and principal.account_id != event.account_id
    facts = (
        word_identity_type(principal.type),
        _account(principal.account_id, principal.account_name) if elsewhere else None,
        principal.access_key_id and f"key {principal.access_key_id}",
        principal.credentials and f"{principal.credentials} credentials",
        None if principal.mfa is None else ("MFA" if principal.mfa else "no MFA"),
        principal.source_identity and f"source identity {principal.source_identity}",
        principal.invoked_by and f"invoked by {principal.invoked_by}",
    )
    return Line(label="Who", value=quote(principal.display, MAX_VALUE), details=_quoted(facts))


def _origin(alert: Alert) -> Line:
    origin = alert.origin
    agent = origin.client or (origin.user_agent and clip(origin.user_agent, 60))
    facts = (
        origin.network,
        agent if agent != origin.address else None,
        "AWS console" if alert.principal.console and "console" not in (agent or "").lower() else None,
        origin.vpc_endpoint_id and f"VPC endpoint {origin.vpc_endpoint_id}",
    )
    return Line(label="From", value=quote(origin.address or "unknown address", MAX_VALUE), details=_quoted(facts))


def _what(event: Event) -> Line:
    source = event.source if event.source.lower() != event.service.lower() else ""
    service = f"{event.service} ({source})" if event.service and source else event.service or source
    mode = None if event.read_only is None else ("read-only" if event.read_only else "write")
    return Line(label="What", value=quote(event.name, MAX_VALUE), details=_quoted((service, mode)))


def _account_of_event(event: Event) -> str:
    return quote(_account(event.account_id, event.account_name), MAX_DETAIL)


def _account(account_id: str | None, name: str | None) -> str:
    number = account_id or "unknown"
    return f"account {name} ({number})" if name else f"account {number}"


def _said(message: str | None) -> tuple[str, ...]:
    return (quote(message, MAX_ERROR),) if message else ()


def _quoted(facts: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(quote(fact, MAX_DETAIL) for fact in facts if fact)


def delay_words(seconds: float) -> str:
    """Return how long ago, in the largest unit that fits: `12 s`, `3 min`, `2 h`, `5 days`."""
    for unit, size, limit in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172_800)):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:,.0f} days"


def resource_label(resource: Resource) -> str:
    """Return id and name: `sg-1 (Webserver_SG)`."""
    name = f" ({resource.name})" if resource.name and resource.name != resource.id else ""
    return quote(f"{resource.id}{name}", MAX_VALUE)


def resource_kind(alert: Alert, resource: Resource) -> str:
    """Return type, and what the call did to it where it did something: `AWS::EC2::Instance, created`."""
    role = "" if resource.role == "used" or alert.event.failed else resource.role
    return ", ".join(part for part in (quote(resource.type, MAX_VALUE), role) if part)


def button_words(alert: Alert) -> Mapping[str, str]:
    """Return what to call the pages of `document.links`: the resource's by its type, `EC2 Instance`."""
    first = next((resource for resource in alert.resources if web_address(resource.url)), None)
    kind = " ".join(visible(first.type).split("::")[1:]) if first else ""
    return {"event": "CloudTrail event", "resource": kind or "First resource", "runbook": "Runbook"}


def undo(alert: Alert) -> str | None:
    """Return the command that reverses the call, whole and as it is, or nothing: an altered one must not be run."""
    command = alert.undo
    return command if command and len(command) <= MAX_UNDO and quote(command, MAX_UNDO) == command else None


def runbook_steps(alert: Alert) -> str | None:
    """Return the runbook where it is steps, not a link."""
    runbook = alert.rule.runbook
    return clip(visible_lines(runbook), MAX_UNDO) if runbook and not web_address(runbook) else None


def visible_lines(text: str) -> str:
    """Return text of several lines, with nothing hidden in them; an indented line goes on with the one before."""
    joined: list[str] = []
    for line in text.strip().splitlines():
        if joined and line[:1].isspace():
            joined[-1] += f" {visible(line.strip())}"
        else:
            joined.append(visible(line.rstrip()))
    return "\n".join(joined)


def parameters(alert: Alert, limit: int) -> tuple[tuple[str, str], ...]:
    """Return the first request parameters that are not shown as a resource already: `("instanceType", "t3.micro")`."""
    shown = {name for item in alert.resources[:50] for name in (item.id, item.name, item.arn) if name}
    found: list[tuple[str, str]] = []
    for path, value in _scalars(alert.request_parameters, ""):
        if len(found) == limit:
            break
        if value not in shown and path.rpartition(".")[2] not in QUIET_PARAMETERS:
            found.append((quote(path, MAX_PARAMETER), quote(value, MAX_PARAMETER)))
    return tuple(found)


def _scalars(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            # EC2 wraps its lists: `groupSet.items[0]` says no more than `groupSet`.
            yield from _scalars(item, path if key == "items" else f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item, path)
    elif value not in (None, ""):
        yield path, str(value).lower() if isinstance(value, bool) else str(value)
