"""Reads a config as it is hosted in AppConfig, whoever wrote it."""

import json
from collections.abc import Mapping
from typing import Any

from trailbell.config import DEPLOYED_PARTS, Config
from trailbell.errors import ConfigError


def read_hosted(content: bytes, deployed: Mapping[str, Any] | None = None) -> Config:
    """Read a compiled config, but take destinations and the like from another document, or leave them out.

    They change by `cdk deploy` alone, and an earlier or a later Trailbell may write them otherwise. Raises ConfigError.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"the config is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise ConfigError(f"the config is {type(document).__name__}, not a JSON object")
    parts = Config().to_json() if deployed is None else deployed
    return Config.from_json({**document, **{part: parts[part] for part in DEPLOYED_PARTS}})
