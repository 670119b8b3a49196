"""Lambda handler of the config seed, a custom resource of the stack: CloudFormation calls it, and waits for its answer.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from config_seed.app_config import Hosted
from config_seed.filters import READ_SECONDS, FilterSync
from config_seed.seed import Seed
from trailbell.aws_client import aws_client

logger = Logger()

BUNDLED_FILE = Path(__file__).resolve().parent.parent / "config.json"
"""The compiled config, packaged at synth."""
PHYSICAL_ID = "config-seed"
ANSWER_SECONDS = 10


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Answer CloudFormation, whatever happens: without an answer it waits until its time is up."""
    deleting = event["RequestType"] == "Delete"
    status = "SUCCESS"
    try:
        outcome = _clear() if deleting else _put_live(event)
        logger.info("Config seeded", outcome=outcome)
    except Exception as error:  # whatever it is, CloudFormation has to hear of it
        logger.exception("Config not seeded")
        outcome = f"{type(error).__name__}: {error}"
        if deleting:
            # A failure here would leave the stack where nothing but a person gets it out of: ROLLBACK_FAILED.
            outcome = f"nothing was deleted, left: every hosted version of the config ({outcome})"
        else:
            status = "FAILED"
    _answer(event, status=status, outcome=outcome, log_stream=context.log_stream_name)


def _put_live(event: Mapping[str, Any]) -> str:
    content = BUNDLED_FILE.read_bytes()
    seed = Seed(
        configs=_hosted(),
        # Not asked twice for the same: filter sync goes on after a time-out.
        filters=FilterSync(
            client=aws_client("lambda", read_seconds=READ_SECONDS, attempts=1),
            function=os.environ["TRAILBELL_FILTER_SYNC"],
        ),
        strategies={
            "first": os.environ["TRAILBELL_CONFIG_STRATEGY_AT_ONCE"],
            "update": os.environ["TRAILBELL_CONFIG_STRATEGY"],
        },
        sleep=time.sleep,
    )
    before = event.get("OldResourceProperties", {}).get("ConfigVersion")
    return seed.put_live(content, version=json.loads(content)["version"], before=before)


def _clear() -> str:
    left = _hosted().clear()
    return f"left: {'; '.join(left)}" if left else "deleted"


def _hosted() -> Hosted:
    return Hosted(
        client=aws_client("appconfig"),
        application=os.environ["TRAILBELL_CONFIG_APPLICATION"],
        environment=os.environ["TRAILBELL_CONFIG_ENVIRONMENT"],
        profile=os.environ["TRAILBELL_CONFIG_PROFILE"],
    )


def _answer(event: Mapping[str, Any], *, status: str, outcome: str, log_stream: str) -> None:
    body = {
        "Status": status,
        "Reason": f"{outcome} (log stream {log_stream})"[:1000],
        "PhysicalResourceId": event.get("PhysicalResourceId", PHYSICAL_ID),
        **{key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")},
        "Data": {"Outcome": outcome[:1000]},
    }
    request = Request(  # noqa: S310 - the URL is CloudFormation's
        event["ResponseURL"], data=json.dumps(body).encode(), method="PUT", headers={"Content-Type": ""}
    )
    with urlopen(request, timeout=ANSWER_SECONDS):  # noqa: S310 - as above
        pass
