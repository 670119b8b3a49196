"""Lambda handler of the detector."""

import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.contract.environments.detection import DetectorEnvironment
from trailbell.functions.detector.app_config import MAX_AGE_SECONDS, AppConfig
from trailbell.functions.detector.detector import Detector
from trailbell.functions.detector.live_config import LiveConfig
from trailbell.functions.detector.meter import Meter
from trailbell.outbox.large_letters import LargeLetters
from trailbell.outbox.sns_topic import SnsTopic
from trailbell.outbox.sqs_queues import SqsQueues
from trailbell.pipeline import Pipeline
from trailbell.runtime.init_phase import in_init_phase, load
from trailbell.runtime.packaged import CONFIG_FILE
from trailbell.sources.registry import load_source
from trailbell.tables.claims import Claims
from trailbell.tables.due import DueItems
from trailbell.tables.dynamodb import DynamoDb
from trailbell.tables.follow_ups import FollowUps
from trailbell.tables.windows import DynamoDbStore

logger = Logger()


AHEAD = (
    "aws_lambda_powertools.utilities.idempotency", "trailbell.tables.follow_ups", "trailbell.alert",
    "trailbell.follow_up", "trailbell.facts.reader", "trailbell.formats.sns", "trailbell.windows.judge",
)  # fmt: skip
"""What an alert needs and is loaded when it is first needed, which in Lambda is too late."""


def start(variables: Mapping[str, str], *, ahead: bool = False) -> LargeLetters:
    """Put the parts together; `ahead`: and load and connect what the first alert will need. Raises VariableError."""
    environment = DetectorEnvironment.read(variables)
    topic = SnsTopic(environment.topic_arn, https_format=environment.https_format)
    dynamodb = DynamoDb()
    store = DynamoDbStore(environment.windows_table, dynamodb)
    max_age_seconds = environment.config_max_age_seconds
    app_config = AppConfig(environment, max_age_seconds=MAX_AGE_SECONDS if max_age_seconds is None else max_age_seconds)
    if ahead:
        from trailbell.read.principal.registry import IDENTITY_TYPES  # one of them reads the first record that matches

        load((*AHEAD, *IDENTITY_TYPES.values()))
        for part in (app_config, topic, dynamodb):
            part.connect()
    live = LiveConfig(
        bundled=json.loads(CONFIG_FILE.read_bytes()),
        read=app_config.read,
        make_pipeline=lambda config: Pipeline.from_config(config, store=store, clock=lambda: datetime.now(UTC)),
    )
    detector = Detector(
        receive=load_source("eventbridge").receive,
        live=live.pipeline,
        once=Claims(environment.claims_table, dynamodb, kind="finding").once,
        remember=FollowUps(DueItems(environment.windows_table, dynamodb, now_seconds=time.time)).remember,
        publish=topic.publish,
        beat=lambda config_version: topic.beat(environment.heartbeat_topic_arn, config_version),
        meter=Meter(namespace=environment.metrics_namespace, service=environment.service, now_seconds=time.time),
    )
    return LargeLetters(handle=detector.handle, send=partial(SqsQueues().send, environment.dead_letters_url))


_detector: LargeLetters | None = in_init_phase(os.environ, partial(start, ahead=True))


@logger.inject_lambda_context
def handler(event: Any, context: LambdaContext) -> None:
    """Handle one event that a filter let through."""
    global _detector  # noqa: PLW0603 - made once in the life of the sandbox
    if _detector is None:
        _detector = start(os.environ)
    _detector.handle(event, context)
