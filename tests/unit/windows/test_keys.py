from dataclasses import replace

import pytest

from tests.alerts import EVENT, ORIGIN, PRINCIPAL
from tests.unit.findings import make_record, make_rule
from trailbell.finding import Finding
from trailbell.named_values import former_names, known_names
from trailbell.record import Principal, Record, Resource
from trailbell.windows.keys import make_key

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
        ("event_name", "RunInstances"),
        ("event", "RunInstances"),
        ("event_source", "ec2.amazonaws.com"),
        ("service", "ec2.amazonaws.com"),
        ("error_code", None),
        ("error", None),
        ("rule", None),
        ("access_key", "ASIAZFDZ2ZUTSYABGGX"),
        ("resource", "AWS::EC2::Instance i-0123456789abcdef0"),
        ("client", "AWS console"),
    ],
)
def test_values_are_those_of_the_record(name: str, expected: str | None) -> None:
    assert read(name, make_record()) == expected


def test_versions_of_an_event_are_one_event_and_a_network_has_its_name() -> None:
    event = replace(EVENT, name="UpdateFunctionCode20150331v2")
    assert read("event_name", make_record(event=event)) == "UpdateFunctionCode"
    assert read("network", make_record(origin=replace(ORIGIN, network="office"))) == "office"


def test_keys_are_short_and_do_not_depend_on_the_order_of_names() -> None:
    long = make_record(resources=(Resource(type="AWS::S3::Object", id="x" * 4000),))
    finding = Finding(rule=make_rule(), record=long, test=False)
    assert make_key("dedupe", ("resource", "region"), finding) == make_key("dedupe", ("region", "resource"), finding)
    assert len(make_key("dedupe", ("resource",), finding)) < 100


DEPLOYED = {
    "access_key": "8148d5e8e7f8ed8cb40f1371af98d6ee",
    "account": "19c40da2f3bfe7a0f2a1be57114fb864",
    "client": "270a2b01e1fca4ed18e748dcd41d6cb1",
    "error_code": "00d5892aba5b5777999a3f980475f86a",
    "event_name": "3af2aa351520f1ca19a43a4075c0da88",
    "event_source": "defbac56d1b0a28136d0e1b301254f59",
    "network": "68e80211aeec856aaba3e69f4e542d98",
    "principal": "4dadb5996e27d796d5cac8ca0e445b4f",
    "region": "0661643fef3e2457e43dca8545b8f069",
    "resource": "3518951491dd990b14123c8796c4d467",
    "rule": "ef7db3f66149d25e0fc2d6021156e4f1",
    "session": "65e5b3193f1e1a82241160e79622d7a1",
    "source_ip": "8ff7636adeee60a7cb0e69ff24401a49",
}
"""What Trailbell 0.1.0 wrote into windows tables, where `error_code` was `error`, `event_name` was `event` and
`event_source` was `service`."""


@pytest.mark.parametrize("name", sorted(known_names("key")))
def test_windows_of_a_deployed_account_stay_its_windows(name: str) -> None:
    finding = Finding(rule=make_rule(), record=make_record(), test=False)
    present = known_names("key")[name].name
    assert make_key("dedupe", (name,), finding) == f"dedupe#test-rule#{DEPLOYED[present]}"


def test_the_names_that_configs_used_before_are_understood() -> None:
    assert {former: each.name for former, each in former_names("key").items()} == {
        "error": "error_code",
        "event": "event_name",
        "service": "event_source",
    }


def read(name: str, record: Record) -> str | None:
    return known_names("key")[name].key(record)


def value(name: str, principal: Principal) -> str | None:
    return read(name, make_record(principal=principal))
