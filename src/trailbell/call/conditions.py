"""Tells whether a policy statement's conditions make a grant to everyone a grant to some.

What counts follows S3's meaning of "public": only fixed values of keys that callers cannot choose, and no broad ranges
of addresses.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status
"""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from trailbell.call.values import mapping

_KEYS = frozenset({
    "aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:sourcearn",
    "aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourcevpc", "aws:sourcevpce",
    "aws:sourcevpcarn", "aws:userid", "aws:username", "aws:principalservicename", "kms:calleraccount",
    "s3:dataaccesspointaccount", "s3:dataaccesspointarn", "sns:endpoint",
})  # fmt: skip
"""Keys, in lower case, whose value the caller cannot choose."""
_FLAGS = frozenset({"aws:principalisawsservice", "elasticfilesystem:accessedviamounttarget"})
"""Keys that narrow by being true."""
_EQUALITIES = frozenset({"stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"})
_WILD = re.compile(r"\*|\?|\$\{[^{}]*\}")
_ARN = re.compile(r"arn:[^:]*:(?P<service>[^:]*):[^:]*:(?P<account>[^:]*):(?P<rest>.+)", re.DOTALL)
LEAST_FIXED = 8
"""Characters that a value with wildcards must fix to tell anyone apart."""
BROADEST_PREFIX = {4: 8, 6: 32}
"""IP version -> prefix length; whatever is broader counts as everyone."""


def narrows(condition: object) -> bool:
    """Tell whether a `Condition` block lets only some callers through.

    One telling key is enough, as all conditions of a statement must hold. `...IfExists` and `ForAllValues:` hold for
    callers without the key, so they narrow nothing; nor do negations.
    """
    return any(_tells(operator, key, values) for operator, key, values in _conditions(condition))


def condition_keys(condition: object) -> tuple[str, ...]:
    """Return the keys of a `Condition` block, in lower case."""
    return tuple(key for _, key, _ in _conditions(condition))


def _conditions(condition: object) -> Iterator[tuple[str, str, list[str]]]:
    for operator, tests in mapping(condition).items():
        for key, values in mapping(tests).items():
            listed: list[Any] = values if isinstance(values, list) else [values]
            yield str(operator).lower().removeprefix("foranyvalue:"), str(key).lower(), [str(value) for value in listed]


def _tells(operator: str, key: str, values: list[str]) -> bool:
    if not values:
        return False
    if operator == "bool":
        return key in _FLAGS and all(value.lower() == "true" for value in values)
    if operator == "ipaddress":
        return key == "aws:sourceip" and all(_is_some_network(value) for value in values)
    return operator in _EQUALITIES and key in _KEYS and all(_is_someone(value) for value in values)


def _is_some_network(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        return False
    return network.prefixlen >= BROADEST_PREFIX[network.version]


def _is_someone(value: str) -> bool:
    """Tell whether a value names somebody, or only spells "anybody" with wildcards or policy variables."""
    if not _WILD.search(value):
        return True
    arn = _ARN.fullmatch(value)
    if arn is None:
        return not value.startswith("arn:") and len(_WILD.sub("", value)) >= LEAST_FIXED
    if arn["account"]:
        return arn["account"].isdecimal()
    # S3's ARNs have no account: the bucket tells.
    return arn["service"] == "s3" and _WILD.search(arn["rest"].partition("/")[0]) is None


_ALL = frozenset("*:")


def is_everything(pattern: str) -> bool:
    """Tell whether an action or resource pattern matches all there are, however it is spelled: `*`, `**`, `*:*`."""
    return "*" in pattern and set(re.sub(r"^arn:(?:aws(?=:))?", "", pattern)) <= _ALL
