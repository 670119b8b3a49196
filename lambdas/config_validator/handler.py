"""Lambda handler of the config validator.

AppConfig sends `{"applicationId", "configurationProfileId", "configurationVersion", "content": base64, "uri"}`, and
refuses the deployment when this raises:
https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-configuration-and-profile-validators.html
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from trailbell.config.compiled import check_compiled
from trailbell.config.model import DEPLOYED_PARTS
from trailbell.contract.environments.rule_config import ConfigValidatorEnvironment
from trailbell.errors import ConfigError
from trailbell.runtime.packaged import CONFIG_FILE

logger = Logger()


def start(variables: Mapping[str, str]) -> ConfigValidatorEnvironment:
    """Read what the deployment says. Raises VariableError."""
    return ConfigValidatorEnvironment.read(variables)


@logger.inject_lambda_context
def handler(event: Any, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda hands it over
    """Check a compiled config. Raises ConfigError with rule and field.

    Returns what `trailbell config push` asks besides: what was deployed that a push does not change.
    """
    try:
        content = base64.b64decode(event["content"], validate=True)
    except (KeyError, TypeError, binascii.Error) as error:
        raise ConfigError(f"the event has no content in base64: {error!r}") from error
    try:
        config = check_compiled(content, slots=start(os.environ).slots)
    except ConfigError as error:
        logger.warning("Config refused", reason=str(error))
        raise
    logger.info("Config accepted", config_version=config.version, rules=len(config.rules))
    bundled = json.loads(CONFIG_FILE.read_bytes())
    return {"version": config.version, "deployed": {part: bundled[part] for part in DEPLOYED_PARTS}}
