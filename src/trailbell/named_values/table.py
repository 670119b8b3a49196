"""The table of named values: an entry adds a value to every use that it names."""

from trailbell.named_values.model import Call, NamedValue
from trailbell.operations import without_version

NAMED_RESOURCES = 3
"""How many resources a sentence names before it counts the rest."""


def _same_principal(call: Call) -> str:
    """Return who acted, whatever session it was.

    A person keeps the name of the session (IAM Identity Center puts the user there); a program's sessions have names
    that change with every run, so the role alone counts.
    """
    principal = call.principal
    who = principal.session_issuer or principal.arn or principal.principal_id
    if who is None:
        who = f"{principal.type} {principal.account_id} {principal.user_name or principal.display}"
    if principal.session_issuer is None:
        return who
    person = principal.source_identity or (principal.session_name if principal.kind == "human" else None)
    return f"{who} {person}" if person else who


def _session(call: Call) -> str:
    return call.principal.arn or call.principal.principal_id or _same_principal(call)


def _same_resource(call: Call) -> str | None:
    if not call.resources:
        return None
    first = call.resources[0]
    return f"{first.type} {first.arn or first.id}"


def _list_resources(call: Call) -> str:
    """Name the most important resources and count the rest: `i-1, i-2, i-3 and 4 more`."""
    created = [resource for resource in call.resources if resource.role == "created"]
    chosen = created or list(call.resources)
    names = [resource.id for resource in chosen[:NAMED_RESOURCES]]
    rest = len(chosen) - len(names)
    return (", ".join(names) or "nothing named") + (f" and {rest} more" if rest else "")


VALUES: tuple[NamedValue, ...] = (
    NamedValue(
        name="account",
        meaning="the account that was called",
        uses=("key", "placeholder", "attribute"),
        read=lambda call: call.event.account_id,
        said=lambda call: call.event.account_name or call.event.account_id,
    ),
    NamedValue(
        name="region",
        meaning="the region that was called",
        uses=("key", "placeholder", "trait", "attribute"),
        read=lambda call: call.event.region,
    ),
    NamedValue(
        name="event_name",
        meaning="the event name; as a key, without a version suffix",
        fact="event.name",
        uses=("key", "placeholder", "trait", "attribute", "filter"),
        read=lambda call: call.event.name,
        same=lambda call: without_version(call.event.name),
        formerly={"key": "event", "placeholder": "event"},
    ),
    NamedValue(
        name="event_source",
        meaning="the event source, such as ec2.amazonaws.com",
        uses=("key", "attribute", "filter"),
        read=lambda call: call.event.source,
        formerly={"key": "service"},
    ),
    NamedValue(
        name="service",
        meaning="the service as people call it, such as EC2",
        uses=("placeholder",),
        read=lambda call: call.event.service,
    ),
    NamedValue(
        name="error_code",
        meaning="the error code, or none",
        fact="event.error_code",
        uses=("key", "placeholder"),
        read=lambda call: call.event.error_code,
        absent="no error",
        formerly={"key": "error", "placeholder": "error"},
    ),
    NamedValue(name="event_id", meaning="the event's id", uses=("filter",), read=lambda call: call.event.id),
    NamedValue(
        name="principal",
        meaning="who acted; as a key, all sessions of one role by one person count as one",
        fact="principal.display",
        uses=("key", "placeholder", "trait"),
        read=lambda call: call.principal.display,
        same=_same_principal,
    ),
    NamedValue(
        name="principal_kind",
        meaning="whether a person, a program or a service acted",
        fact="principal.kind",
        uses=("attribute",),
        read=lambda call: call.principal.kind,
    ),
    NamedValue(
        name="session",
        meaning="the role session, told apart from other sessions of the same principal",
        uses=("key",),
        read=_session,
    ),
    NamedValue(
        name="access_key",
        meaning="the access key that signed the call",
        fact="principal.access_key_id",
        uses=("key", "filter"),
        read=lambda call: call.principal.access_key_id,
    ),
    NamedValue(
        name="client",
        meaning="the user agent in a word or two",
        fact="origin.client",
        uses=("key",),
        read=lambda call: call.origin.client,
    ),
    NamedValue(
        name="source_ip",
        meaning="the source address as recorded",
        uses=("key", "trait"),
        read=lambda call: call.origin.address,
    ),
    NamedValue(
        name="network",
        meaning="the config's name for the source address, or the address where it has none",
        uses=("key", "placeholder"),
        read=lambda call: call.origin.network or call.origin.address,
        absent="an unknown address",
        formerly={"placeholder": "address"},
    ),
    NamedValue(
        name="resource",
        meaning="the first resource: the thing that the call was about",
        uses=("key", "trait"),
        read=lambda call: call.resources[0].id if call.resources else None,
        same=_same_resource,
    ),
    NamedValue(
        name="resources",
        meaning="the most important resources, and how many more there are",
        uses=("placeholder",),
        read=_list_resources,
    ),
    NamedValue(
        name="rule", meaning="the rule alone: all its findings share one key", uses=("key",), read=lambda _: None
    ),
)
