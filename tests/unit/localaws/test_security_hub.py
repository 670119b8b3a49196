"""Security Hub in the local AWS: what it takes, and what it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack import app

from localaws.strict import security_hub
from tests.alerts import RUN_INSTANCES
from tests.unit.localaws.conftest import ACCOUNT, HOME, Client
from trailbell.formats.asff import finding

ALERT = finding(RUN_INSTANCES, account_id=ACCOUNT, region=HOME)
PRODUCT = ALERT["ProductArn"]


@pytest.fixture
def hub(client: Client) -> Iterator[Any]:
    before = dict(app.SERVICE_HANDLERS)
    security_hub.install()
    made = client("securityhub")
    made.enable_security_hub()
    yield made
    security_hub.reset()
    app.SERVICE_HANDLERS.clear()
    app.SERVICE_HANDLERS.update(before)


def refusal(hub: Any, finding: dict[str, Any]) -> str:
    """Import a finding that is not taken, and return what is said of it."""
    answer = hub.batch_import_findings(Findings=[finding])
    assert (answer["SuccessCount"], answer["FailedCount"], hub.get_findings()["Findings"]) == (0, 1, [])
    (failed,) = answer["FailedFindings"]
    assert (failed["Id"], failed["ErrorCode"]) == (finding["Id"], "InvalidInput")
    return str(failed["ErrorMessage"])


def test_a_finding_that_is_imported_twice_is_one(hub: Any) -> None:
    for title in ("First", "Second"):
        answer = hub.batch_import_findings(Findings=[ALERT | {"Title": title}])
        assert (answer["SuccessCount"], answer["FailedCount"]) == (1, 0)
    (found,) = hub.get_findings(Filters={"Id": [{"Value": ALERT["Id"], "Comparison": "EQUALS"}]})["Findings"]
    assert found == ALERT | {"Title": "Second"}
    assert hub.get_findings(Filters={"Id": [{"Value": "other", "Comparison": "EQUALS"}]})["Findings"] == []


def test_an_account_without_security_hub_is_refused(hub: Any, client: Client) -> None:
    del hub
    for elsewhere in (client("securityhub", "eu-west-1"), client("securityhub", key="444455556666")):
        with pytest.raises(ClientError, match="not subscribed to AWS Security Hub") as caught:
            elsewhere.batch_import_findings(Findings=[ALERT])
        assert caught.value.response["Error"]["Code"] == "InvalidAccessException"


def test_security_hub_is_enabled_once(hub: Any) -> None:
    with pytest.raises(ClientError, match="already subscribed"):
        hub.enable_security_hub()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ProductArn": f"arn:aws:securityhub:{HOME}:444455556666:product/444455556666/default"}, "ProductArn"),
        ({"ProductArn": PRODUCT.replace(HOME, "eu-west-1")}, "ProductArn"),
        ({"AwsAccountId": "444455556666"}, "AwsAccountId"),
        ({"SchemaVersion": "2017-10-08"}, "SchemaVersion"),
        ({"Id": "x" * 513}, "Id must have"),
        ({"Title": "x" * 257}, "Title must have"),
        ({"Description": ""}, "Description must have"),
        ({"Resources": []}, "Resources must have"),
        ({"Resources": ALERT["Resources"][:1] * 33}, "Resources must have"),
        ({"Types": []}, "Types is missing"),
        ({"Types": ["Unheard of"]}, "Types: Unheard of"),
        ({"Types": ["TTPs/a/b/c"]}, "Types: TTPs/a/b/c"),
        ({"Severity": {"Label": "medium"}}, "Severity"),
        ({"Severity": {"Original": "2"}}, "Severity"),
        ({"UpdatedAt": "2026-11-27 21:00"}, "UpdatedAt is no time"),
        ({"Action": {"AwsApiCallAction": {"LastSeen": "now"}}}, "LastSeen is no time"),
        ({"ProductFields": {f"field{number}": "x" for number in range(51)}}, "ProductFields must have"),
        ({"ProductFields": {"field": "x" * 2049}}, "field is too long"),
        ({"Note": {"Text": "x" * 240_000, "UpdatedBy": "x", "UpdatedAt": "2026-11-27T21:00:00Z"}}, "240000 bytes"),
    ],
)
def test_what_is_no_finding_is_refused_and_says_why(hub: Any, changes: dict[str, Any], said: str) -> None:
    assert said in refusal(hub, ALERT | changes)


def test_a_finding_without_a_required_member_is_refused(hub: Any) -> None:
    without = {name: value for name, value in ALERT.items() if name != "GeneratorId"}
    # Its own client would not send it.
    assert list(security_hub.problems(without)) == ['Missing required parameter in input: "GeneratorId"']
    assert "Severity is missing" in refusal(hub, {n: v for n, v in ALERT.items() if n != "Severity"})


def test_a_call_takes_no_more_than_100_findings(hub: Any) -> None:
    assert hub.batch_import_findings(Findings=[ALERT] * 100)["FailedCount"] == 0
    with pytest.raises(ClientError, match="between 1 and 100"):
        hub.batch_import_findings(Findings=[ALERT] * 101)


def test_one_bad_finding_does_not_keep_the_others_out(hub: Any) -> None:
    answer = hub.batch_import_findings(Findings=[ALERT | {"Id": "bad", "Types": ["No"]}, ALERT])
    assert (answer["SuccessCount"], answer["FailedCount"]) == (1, 1)
    assert [found["Id"] for found in hub.get_findings()["Findings"]] == [ALERT["Id"]]


def test_a_filter_that_is_not_known_is_refused(hub: Any) -> None:
    with pytest.raises(ClientError, match="equal Ids alone"):
        hub.get_findings(Filters={"Title": [{"Value": "x", "Comparison": "EQUALS"}]})
    with pytest.raises(ClientError, match="no GET /accounts"):
        hub.describe_hub()
