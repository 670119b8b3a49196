"""Every kind of identity that CloudTrail documents or real logs hold.

Shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
"""

from typing import Any

import pytest

from tests.unit.read.identities import ACCOUNT, IDENTITIES
from tests.unit.read.role_sessions import ROLE_SESSIONS, role_session
from trailbell.facts.reader import read_facts
from trailbell.names import Names
from trailbell.read.principal.reader import read_principal

NAMES = Names(accounts={ACCOUNT: "production"})


@pytest.mark.parametrize(
    ("record", "expected"), [pytest.param(*case[1:], id=case[0]) for case in (*IDENTITIES, *ROLE_SESSIONS)]
)
def test_identity(record: dict[str, Any], expected: dict[str, Any]) -> None:
    principal = read_principal(record, NAMES).principal
    assert {name: getattr(principal, name) for name in expected} == expected


def principal_facts(record: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = read_facts(record, NAMES)["principal"]
    return facts


def test_facts_tell_an_sso_session() -> None:
    role, path = "AWSReservedSSO_ReadOnly_0123456789abcdef", "aws-reserved/sso.amazonaws.com/eu-central-1/"
    facts = principal_facts({"userIdentity": role_session(role, "alice@example.com", path=path)})
    assert facts["sso"] is True
    assert "mfa" not in facts


def test_facts_tell_the_instance_of_a_session() -> None:
    facts = principal_facts({"userIdentity": role_session("web", "i-0123456789abcdef0")})
    assert (facts["instance_id"], facts["service_linked"]) == ("i-0123456789abcdef0", False)


def test_facts_tell_to_whom_access_was_delegated() -> None:
    identity = role_session("Admin", "support", invokedByDelegate={"accountId": "444455556666"})
    assert principal_facts({"userIdentity": identity})["delegate_account_id"] == "444455556666"


@pytest.mark.parametrize("role", ["AWSServiceRoleForBackdoor", "AWSReservedSSO_AdministratorAccess_0123456789abcdef"])
def test_a_name_alone_makes_no_role_of_awss(role: str) -> None:
    facts = principal_facts({"userIdentity": role_session(role, "x")})
    assert (facts["service_linked"], facts["sso"]) == (False, False)


@pytest.mark.parametrize(("account", "own"), [(ACCOUNT, True), ("222233334444", True), ("999988887777", False)])
def test_facts_tell_ones_own_accounts(account: str, own: bool) -> None:  # noqa: FBT001 - a table's column
    record = {"userIdentity": {"type": "AWSAccount", "accountId": account}, "recipientAccountId": "222233334444"}
    assert principal_facts(record)["own_account"] is own
