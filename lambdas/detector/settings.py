"""What the detector is told by its deployment: environment variables, and the config that lies beside the code."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trailbell.config import Config
from trailbell.pipeline import Pipeline
from trailbell.ruleset import RuleSet

CONFIG_FILE = Path(__file__).resolve().parent.parent / "config.json"
"""The compiled config, packaged at synth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the detector needs to know."""

    topic_arn: str
    https_format: str
    pipeline: Pipeline


def read_settings(environment: Mapping[str, str] = os.environ, config_file: Path = CONFIG_FILE) -> Settings:
    """Read environment and config. Raises KeyError or ConfigError where the deployment is broken."""
    config = Config.from_json(json.loads(config_file.read_bytes()))
    return Settings(
        topic_arn=environment["TRAILBELL_TOPIC_ARN"],
        https_format=environment.get("TRAILBELL_HTTPS_FORMAT", "json"),
        pipeline=Pipeline(
            ruleset=RuleSet.compile(config.rules),
            names=config.names,
            config_version=config.version,
            clock=lambda: datetime.now(UTC),
        ),
    )
