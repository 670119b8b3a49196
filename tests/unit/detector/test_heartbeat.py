import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.unit.claims import MemoryClaims
from tests.unit.meter import RecordingMeter
from trailbell.alert import Alert
from trailbell.config.model import Config
from trailbell.errors import DeliveryError
from trailbell.functions.detector.detector import Detector
from trailbell.outbox.heartbeat import is_heartbeat, message
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.sources import eventbridge
from trailbell.windows.memory import MemoryStore

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast("LambdaContext", None)
HEARTBEAT: dict[str, Any] = {
    "source": "trailbell.test",
    "detail-type": "AWS API Call via CloudTrail",
    "detail": {"eventName": "TrailbellHeartbeat"},
}
EVERYTHING = Rule(id="all", title="All", severity="low", match=Pattern.parse({"eventName": [{"exists": True}]}))


def make(publish: Callable[[Alert], None], beat: Callable[[str], None], used: Rule) -> tuple[Detector, RecordingMeter]:
    meter = RecordingMeter()
    now = datetime(2023, 10, 8, 17, 50, 34, tzinfo=UTC)
    pipeline = Pipeline.from_config(Config(version="v7", rules=(used,)), store=MemoryStore(), clock=lambda: now)
    detector = Detector(
        receive=eventbridge.receive,
        live=lambda _: pipeline,
        once=MemoryClaims().once,
        remember=lambda _: None,
        publish=publish,
        beat=beat,
        meter=meter,
    )
    return detector, meter


def test_a_heartbeat_reaches_its_topic_and_no_rule_alerts_on_it() -> None:
    published: list[Alert] = []
    beats: list[str] = []
    detector, meter = make(published.append, beats.append, EVERYTHING)
    detector.handle(HEARTBEAT, CONTEXT)
    assert (published, beats) == ([], ["v7"])
    assert meter.counted == {"Received": 1, "Heartbeat": 1}


def test_a_heartbeat_that_sns_refuses_fails_and_is_booked() -> None:
    def refuse(_: str) -> None:
        raise DeliveryError("no")

    detector, meter = make(lambda _: None, refuse, EVERYTHING)
    with pytest.raises(DeliveryError):
        detector.handle(HEARTBEAT, CONTEXT)
    assert meter.counted == {"Received": 1, "HeartbeatFailed": 1}


@pytest.mark.parametrize(
    "event",
    [
        HEARTBEAT | {"source": "aws.ec2"},
        HEARTBEAT | {"detail": {"eventName": "RunInstances"}},
        HEARTBEAT | {"detail": "TrailbellHeartbeat"},
        {"source": "trailbell.test"},
        ["trailbell.test"],
        None,
    ],
)
def test_nothing_else_is_a_heartbeat(event: object) -> None:
    assert not is_heartbeat(event)


def test_a_heartbeat_tells_its_kind_and_the_config_in_force() -> None:
    assert json.loads(message("v7")) == {"kind": "heartbeat", "config_version": "v7"}
