"""What the detector is told by its deployment: environment variables, and the config that lies beside the code."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

CONFIG_FILE = Path(__file__).resolve().parent.parent / "config.json"
"""The compiled config, packaged at synth."""

MAX_AGE_SECONDS = 20
"""How long a live config is used before AppConfig is asked whether there is a newer one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppConfigNames:
    """Where the live config is: ids or names."""

    application: str
    environment: str
    profile: str
    max_age_seconds: int = MAX_AGE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that the detector needs to know."""

    topic_arn: str
    heartbeat_topic_arn: str
    https_format: str
    claims_table: str
    """DynamoDB table: which findings are settled."""
    windows_table: str
    """DynamoDB table: what dedupe, threshold and first_seen remember."""
    app_config: AppConfigNames
    metrics_namespace: str
    service: str
    """What metrics and log lines call the function."""
    bundled_config: Mapping[str, Any]
    """The compiled config that was packaged: what holds where the live one cannot be had."""


def read_settings(environment: Mapping[str, str] = os.environ, config_file: Path = CONFIG_FILE) -> Settings:
    """Read environment and config. Raises KeyError where the deployment is broken."""
    return Settings(
        topic_arn=environment["TRAILBELL_TOPIC_ARN"],
        heartbeat_topic_arn=environment["TRAILBELL_HEARTBEAT_TOPIC_ARN"],
        https_format=environment.get("TRAILBELL_HTTPS_FORMAT", "json"),
        claims_table=environment["TRAILBELL_CLAIMS_TABLE"],
        windows_table=environment["TRAILBELL_WINDOWS_TABLE"],
        app_config=AppConfigNames(
            application=environment["TRAILBELL_CONFIG_APPLICATION"],
            environment=environment["TRAILBELL_CONFIG_ENVIRONMENT"],
            profile=environment["TRAILBELL_CONFIG_PROFILE"],
            max_age_seconds=int(environment.get("TRAILBELL_CONFIG_MAX_AGE_SECONDS", MAX_AGE_SECONDS)),
        ),
        metrics_namespace=environment["POWERTOOLS_METRICS_NAMESPACE"],
        service=environment["POWERTOOLS_SERVICE_NAME"],
        bundled_config=json.loads(config_file.read_bytes()),
    )


def now_utc() -> datetime:
    """Return now."""
    return datetime.now(UTC)
