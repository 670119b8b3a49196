"""What the seed hears of filter sync, and that it never fails by it."""

import io
import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ReadTimeoutError

from trailbell.functions.config_seed.filters import FilterSync


def asked(answer: Any) -> tuple[FilterSync, list[Any]]:
    events: list[Any] = []

    def invoke(**request: Any) -> Any:
        events.append(json.loads(request["Payload"]))
        if isinstance(answer, Exception):
            raise answer
        return {**answer, "Payload": io.BytesIO(json.dumps(answer["Payload"]).encode())}

    return FilterSync(client=cast("Any", SimpleNamespace(invoke=invoke)), function="sync"), events


def test_filter_sync_is_asked_to_widen_for_a_version_and_to_settle() -> None:
    sync, events = asked({"Payload": {"refused": {}}})
    assert (sync.widen(7), sync.settle()) == ("", "")
    assert events == [{"widen": 7}, {}]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"Payload": {"refused": {"eu-west-1": "AccessDenied"}}}, "eu-west-1: AccessDenied"),
        ({"Payload": {"errorMessage": "broken"}, "FunctionError": "Unhandled"}, "broken"),
        (ReadTimeoutError(endpoint_url="sync"), "filter sync does not answer: Read timeout"),
    ],
)
def test_what_goes_wrong_is_told_and_raises_nothing(answer: Any, told: str) -> None:
    assert asked(answer)[0].settle().startswith(told)
