from dataclasses import replace

import pytest

from tests.alerts import EVENT, ORIGIN, PRINCIPAL
from tests.unit.findings import make_record, make_rule
from trailbell.finding import Finding
from trailbell.record import Principal, Resource
from trailbell.rule import KEYS
from trailbell.windows.keys import KEY_VALUES, make_key


def test_every_name_that_a_rule_may_use_has_a_value() -> None:
    assert set(KEY_VALUES) == set(KEYS)


ROLE = replace(
    PRINCIPAL,
    type="AssumedRole",
    kind="machine",
    arn="arn:aws:sts::111122223333:assumed-role/deploy/build-42",
    session_issuer="arn:aws:iam::111122223333:role/deploy",
    session_name="build-42",
)


def test_sessions_of_a_program_are_one_principal_and_two_sessions() -> None:
    other = replace(ROLE, arn="arn:aws:sts::111122223333:assumed-role/deploy/build-43", session_name="build-43")
    assert value("principal", ROLE) == value("principal", other)
    assert value("session", ROLE) != value("session", other)


def test_people_who_share_a_role_are_two_principals() -> None:
    alice = replace(ROLE, kind="human", session_name="alice@example.com")
    assert value("principal", alice) != value("principal", replace(alice, session_name="bob@example.com"))
    assert value("principal", alice) == value("principal", replace(alice, access_key_id="ASIAEXAMPLE2"))


def test_the_source_identity_tells_who_is_behind_a_role() -> None:
    by = [replace(ROLE, source_identity=name) for name in ("alice", "bob")]
    assert value("principal", by[0]) != value("principal", by[1])


def test_failed_sign_ins_without_an_arn_are_told_apart_by_account_and_user() -> None:
    nobody = replace(PRINCIPAL, arn=None, principal_id=None, user_name="HIDDEN_DUE_TO_SECURITY_REASONS")
    assert value("principal", nobody) != value("principal", replace(nobody, account_id="111122223333"))
    assert value("principal", nobody) != value("principal", replace(nobody, user_name="root"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("account", "629470242021"),
        ("region", "us-east-2"),
        ("source_ip", "70.175.135.47"),
        ("network", "70.175.135.47"),
        ("event", "RunInstances"),
        ("service", "ec2.amazonaws.com"),
        ("error", None),
        ("access_key", "ASIAZFDZ2ZUTSYABGGX"),
        ("resource", "AWS::EC2::Instance i-0123456789abcdef0"),
        ("client", "AWS console"),
    ],
)
def test_values_are_those_of_the_record(name: str, expected: str | None) -> None:
    assert KEY_VALUES[name](make_record()) == expected


def test_versions_of_an_event_are_one_event_and_a_network_has_its_name() -> None:
    event = replace(EVENT, name="UpdateFunctionCode20150331v2")
    assert KEY_VALUES["event"](make_record(event=event)) == "UpdateFunctionCode"
    assert KEY_VALUES["network"](make_record(origin=replace(ORIGIN, network="office"))) == "office"


def test_keys_are_short_and_do_not_depend_on_the_order_of_names() -> None:
    long = make_record(resources=(Resource(type="AWS::S3::Object", id="x" * 4000),))
    finding = Finding(rule=make_rule(), record=long, test=False)
    assert make_key("dedupe", ("resource", "region"), finding) == make_key("dedupe", ("region", "resource"), finding)
    assert len(make_key("dedupe", ("resource",), finding)) < 100


def value(name: str, principal: Principal) -> str | None:
    return KEY_VALUES[name](make_record(principal=principal))
