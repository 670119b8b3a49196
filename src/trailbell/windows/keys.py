"""Keys: what makes two findings of one rule the same for dedupe, threshold and first_seen."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from trailbell.finding import Finding
from trailbell.named_values import known_names


def make_key(kind: str, by: Sequence[str], finding: Finding) -> str:
    """Return the key of a finding: window kind and rule id to read, and a hash of the values that `by` names."""
    known = known_names("key")
    values = {known[name].stored_as("key"): known[name].key(finding.record) for name in by}
    return _key(kind, finding.rule.id, test=finding.test, values=values)


def learning_key(rule_id: str, *, test: bool) -> str:
    """Return the key under which it is kept when a rule with first_seen began to learn."""
    return _key("learning", rule_id, test=test, values={})


def _key(kind: str, rule_id: str, *, test: bool, values: Mapping[str, str | None]) -> str:
    content = json.dumps({"test": test, "by": values}, sort_keys=True)
    # 128 bits: two keys do not meet by chance, and DynamoDB's 2,048 bytes for a key are never reached.
    return f"{kind}#{rule_id}#{hashlib.sha256(content.encode()).hexdigest()[:32]}"
