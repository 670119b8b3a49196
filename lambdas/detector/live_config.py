"""The config in force: the live one, else the last good one, else the one that was packaged with the function."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from trailbell.config.hosted import read_hosted
from trailbell.config.model import Config
from trailbell.errors import ConfigError, StateError
from trailbell.pipeline import Pipeline

logger = Logger(child=True)

REJECTED = "ConfigRejected"
"""Metric: an event was handled with an earlier config, for the live one is broken."""
UNAVAILABLE = "ConfigUnavailable"
"""Metric: an event was handled with an earlier config, for AppConfig did not answer."""


class Count(Protocol):
    """Counts one event in a metric."""

    def __call__(self, metric: str, /) -> None:
        """Count."""


class LiveConfig:
    """Gives each event the pipeline of the config in force, and makes one only when that config has changed."""

    def __init__(
        self, *, bundled: Mapping[str, Any], read: Callable[[], bytes], make_pipeline: Callable[[Config], Pipeline]
    ) -> None:
        """Take the compiled config that was packaged, what reads the live one's content, and what a config is for."""
        self._bundled = bundled
        self._read = read
        self._make_pipeline = make_pipeline
        self._seen: bytes | None = None
        self._broken = False
        self._pipeline: Pipeline | None = None

    def pipeline(self, count: Count) -> Pipeline:
        """Return the pipeline. Never raises for what is wrong with AppConfig or with the live config: it says so."""
        try:
            content = self._read()
        except StateError as error:
            count(UNAVAILABLE)
            logger.warning("The live config is out of reach; going on with the last one", reason=str(error))
            return self._last_good()
        if content is not self._seen and content != self._seen:
            self._take(content)
        self._seen = content
        if self._broken:
            count(REJECTED)
        return self._last_good()

    def _take(self, content: bytes) -> None:
        before = self._pipeline.config_version if self._pipeline else None
        try:
            config = read_hosted(content, self._bundled)
            self._pipeline = self._make_pipeline(config)
        except ConfigError as error:
            self._broken = True
            logger.error("The live config is broken; going on with the last good one", reason=str(error))  # noqa: TRY400 - the reason says it all
            return
        self._broken = False
        logger.info("Config taken", config_version=config.version, config_before=before, rules=len(config.rules))

    def _last_good(self) -> Pipeline:
        if self._pipeline is None:
            self._pipeline = self._make_pipeline(Config.from_json(self._bundled))
        return self._pipeline
