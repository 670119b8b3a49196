"""What the detector is told by its deployment: environment variables, and the config that lies beside the code."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trailbell.config import Config

CONFIG_FILE = Path(__file__).resolve().parent.parent / "config.json"
"""The compiled config, packaged at synth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the detector needs to know."""

    topic_arn: str
    https_format: str
    claims_table: str
    """DynamoDB table: which findings are settled."""
    windows_table: str
    """DynamoDB table: what dedupe, threshold and first_seen remember."""
    config: Config


def read_settings(environment: Mapping[str, str] = os.environ, config_file: Path = CONFIG_FILE) -> Settings:
    """Read environment and config. Raises KeyError or ConfigError where the deployment is broken."""
    return Settings(
        topic_arn=environment["TRAILBELL_TOPIC_ARN"],
        https_format=environment.get("TRAILBELL_HTTPS_FORMAT", "json"),
        claims_table=environment["TRAILBELL_CLAIMS_TABLE"],
        windows_table=environment["TRAILBELL_WINDOWS_TABLE"],
        config=Config.from_json(json.loads(config_file.read_bytes())),
    )


def now_utc() -> datetime:
    """Return now."""
    return datetime.now(UTC)
