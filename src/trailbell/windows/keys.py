"""Keys: what makes two findings of one rule the same for dedupe, threshold and first_seen."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence

from trailbell.finding import Finding
from trailbell.operations import without_version
from trailbell.record import Principal, Record


def make_key(kind: str, by: Sequence[str], finding: Finding) -> str:
    """Return the key of a finding: window kind and rule id to read, and a hash of the values that `by` names."""
    values = {name: KEY_VALUES[name](finding.record) for name in by}
    return _key(kind, finding.rule.id, test=finding.test, values=values)


def learning_key(rule_id: str, *, test: bool) -> str:
    """Return the key under which it is kept when a rule with first_seen began to learn."""
    return _key("learning", rule_id, test=test, values={})


def _key(kind: str, rule_id: str, *, test: bool, values: Mapping[str, str | None]) -> str:
    content = json.dumps({"test": test, "by": values}, sort_keys=True)
    # 128 bits: two keys do not meet by chance, and DynamoDB's 2,048 bytes for a key are never reached.
    return f"{kind}#{rule_id}#{hashlib.sha256(content.encode()).hexdigest()[:32]}"


def _principal(principal: Principal) -> str:
    """Return who acted, whatever session it was.

    A person keeps the name of the session (IAM Identity Center puts the user there); a program's sessions have names
    that change with every run, so the role alone counts.
    """
    who = principal.session_issuer or principal.arn or principal.principal_id
    if who is None:
        who = f"{principal.type} {principal.account_id} {principal.user_name or principal.display}"
    if principal.session_issuer is None:
        return who
    person = principal.source_identity or (principal.session_name if principal.kind == "human" else None)
    return f"{who} {person}" if person else who


def _session(record: Record) -> str:
    return record.principal.arn or record.principal.principal_id or _principal(record.principal)


def _resource(record: Record) -> str | None:
    if not record.resources:
        return None
    first = record.resources[0]
    return f"{first.type} {first.arn or first.id}"


KEY_VALUES: Mapping[str, Callable[[Record], str | None]] = {
    "access_key": lambda record: record.principal.access_key_id,
    "account": lambda record: record.event.account_id,
    "client": lambda record: record.origin.client,
    "error": lambda record: record.event.error_code,
    "event": lambda record: without_version(record.event.name),
    "network": lambda record: record.origin.network or record.origin.address,
    "principal": lambda record: _principal(record.principal),
    "region": lambda record: record.event.region,
    "resource": _resource,
    "rule": lambda _: None,  # every key has the rule's id
    "service": lambda record: record.event.source,
    "session": _session,
    "source_ip": lambda record: record.origin.address,
}
"""What each name of `rules.KEYS` stands for."""
