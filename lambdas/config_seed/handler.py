"""Lambda handler of the config seed, a custom resource of the stack: CloudFormation calls it, and waits for its answer.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
"""

import json
import os
import time
from collections.abc import Mapping
from typing import Any
from urllib.request import Request, urlopen

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.contract.environments.rule_config import ConfigSeedEnvironment
from trailbell.functions.config_seed.app_config import Hosted
from trailbell.functions.config_seed.filters import READ_SECONDS, FilterSync
from trailbell.functions.config_seed.seed import Seed
from trailbell.runtime.clients import Patience, connect
from trailbell.runtime.packaged import CONFIG_FILE

logger = Logger()

PHYSICAL_ID = "config-seed"
ANSWER_SECONDS = 10


def start(variables: Mapping[str, str]) -> Seed:
    """Put the parts together. Raises VariableError."""
    environment = ConfigSeedEnvironment.read(variables)
    return Seed(
        configs=Hosted(
            client=connect("appconfig"),
            application=environment.config_application,
            environment=environment.config_environment,
            profile=environment.config_profile,
        ),
        # Not asked twice for the same: filter sync goes on after a time-out.
        filters=FilterSync(
            client=connect("lambda", waits=Patience(read_seconds=READ_SECONDS, attempts=1)),
            function=environment.filter_sync,
        ),
        strategies={"first": environment.config_strategy_at_once, "update": environment.config_strategy},
        sleep=time.sleep,
    )


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
    content = CONFIG_FILE.read_bytes()
    before = event.get("OldResourceProperties", {}).get("ConfigVersion")
    return start(os.environ).put_live(content, version=json.loads(content)["version"], before=before)


def _clear() -> str:
    left = start(os.environ).configs.clear()
    return f"left: {'; '.join(left)}" if left else "deleted"


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
