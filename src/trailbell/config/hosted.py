"""Reads a config as it is hosted in AppConfig, whoever wrote it."""

import ipaddress
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from trailbell.config.model import DEPLOYED_PARTS, Config
from trailbell.errors import ConfigError
from trailbell.summary_template import check_summary


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
    config = Config.from_json({**document, **{part: parts[part] for part in DEPLOYED_PARTS}})
    _check_whole(config)
    return config


def _check_whole(config: Config) -> None:
    """Refuse what would fail later, at the first event or the first alert."""
    if not isinstance(config.version, str):
        raise ConfigError(f"version: it is {type(config.version).__name__}, not a text")
    for kind, ids in (
        ("rules", [rule.id for rule in config.rules]),
        ("suppressions", [suppression.id for suppression in config.suppressions]),
    ):
        twice = [id_ for id_, times in Counter(ids).items() if times > 1]
        if twice:
            raise ConfigError(f"{kind}: the id {twice[0]} is there twice")
    for rule in config.rules:
        try:
            check_summary(rule.summary or "")
        except ConfigError as error:
            raise ConfigError(f"rule {rule.id}: {error}") from error
    for network in config.names.networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            raise ConfigError(f"names.networks: {error}") from error
    if config.names.business_hours:
        from zoneinfo import ZoneInfo

        timezone = config.names.business_hours.timezone
        try:
            ZoneInfo(timezone)
        except (OSError, ValueError, TypeError, KeyError) as error:  # KeyError: there is no such zone
            raise ConfigError(f"names.business_hours: there is no time zone {timezone!r}") from error
