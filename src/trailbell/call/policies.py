"""Policy documents in a call: decoded, and what they give to whom.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from trailbell.call.conditions import condition_keys, is_everything, narrows
from trailbell.call.values import mapping, walk

POLICY_FIELDS = frozenset({
    "policy", "policydocument", "assumerolepolicydocument", "bucketpolicy", "policytext", "resourcepolicy", "policies",
    "keypolicy", "repositorypolicytext", "accesspolicies", "accesspolicy",
    "registrypolicytext", "attributevalue", "trustpolicy",
    "inlinepolicy", "policyinjson", "permissionspolicy", "redactedpolicydocument", "vpcendpointpolicydocument",
    "content",
})  # fmt: skip
"""Names, in lower case, of the parameters that hold a policy document, as an object or as a JSON string."""
LONGEST_DOCUMENT = 131_072
"""Characters; longer than any policy that IAM, S3 or Organizations takes."""
_ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:(?:iam|sts)::)?(\d{12})(?=$|:)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a policy document."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[str, ...]
    """`*`, account ids, ARNs, service names; empty in identity policies."""
    everyone_but: bool
    """Whether it names whom it does not concern (`NotPrincipal`) instead of whom it does."""
    condition_keys: tuple[str, ...]
    """In lower case."""
    narrowed: bool
    """Whether its conditions let only some callers through."""

    @property
    def allows(self) -> bool:
        """Whether it gives something."""
        return self.effect == "Allow"

    @property
    def public(self) -> bool:
        """Whether it gives something to everyone, with no condition that narrows who."""
        return self.allows and ("*" in self.principals or self.everyone_but) and not self.narrowed

    @property
    def admin(self) -> bool:
        """Whether it allows every action on every resource."""
        return self.allows and any(map(is_everything, self.actions)) and any(map(is_everything, self.resources))

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts that it names as principals."""
        return tuple(account for principal in self.principals if (account := account_of(principal)))


def account_of(principal: str) -> str | None:
    """Return the account of a principal that is an account id, or an ARN of IAM or STS."""
    found = _ACCOUNT.match(principal)
    return found[1] if found else None


def read_statements(parameters: object) -> tuple[Statement, ...]:
    """Return the statements of every policy document in a call's request parameters."""
    return tuple(statement for document in _documents(parameters) for statement in _statements(document))


def _documents(parameters: object) -> Iterator[Mapping[str, Any]]:
    for key, value in walk(parameters):
        if key.lower() not in POLICY_FIELDS:
            continue
        document = parse_document(value) if isinstance(value, str) else value
        if isinstance(document, Mapping) and "Statement" in document:
            yield document


def parse_document(value: str) -> object:
    """Return the JSON that a string holds, URL-encoded or not; None where it holds none."""
    if len(value) > LONGEST_DOCUMENT:
        return None
    candidate = unquote(value) if value.lstrip()[:3].upper() == "%7B" else value
    if not candidate.lstrip().startswith("{"):
        return None
    try:
        return json.loads(candidate)
    except (ValueError, RecursionError):
        return None


def _statements(document: Mapping[str, Any]) -> Iterator[Statement]:
    for raw in _as_list(document["Statement"]):
        if not isinstance(raw, Mapping):
            continue
        principal = raw.get("Principal")
        named = [principal] if isinstance(principal, str) else _strings(list(mapping(principal).values()))
        yield Statement(
            effect=str(raw.get("Effect", "")),
            actions=tuple(_strings(raw.get("Action"))),
            resources=tuple(_strings(raw.get("Resource"))),
            principals=tuple(named),
            everyone_but="NotPrincipal" in raw,
            condition_keys=condition_keys(raw.get("Condition")),
            narrowed=narrows(raw.get("Condition")),
        )


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _strings(value: object) -> list[str]:
    found: list[str] = []
    for item in _as_list(value):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            found.extend(inner for inner in item if isinstance(inner, str))
    return found
