"""The environment of each function, by what the functions are about."""

from dataclasses import dataclass, field
from typing import Any, TypedDict

from trailbell.contract.names import METRICS_NAMESPACE
from trailbell.contract.variables import Environment

_SERVICE = {"variable": "POWERTOOLS_SERVICE_NAME"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionEnvironment(Environment):
    """What every function is told."""

    service: str = field(metadata=_SERVICE)
    """What its metrics and log lines say in `service`."""
    metrics_namespace: str = field(default=METRICS_NAMESPACE, metadata={"variable": "POWERTOOLS_METRICS_NAMESPACE"})
    log_level: str = field(default="INFO", metadata={"variable": "POWERTOOLS_LOG_LEVEL"})


def service_field(name: str) -> Any:
    """Return the field `service` of a function that is always called the same."""
    return field(default=name, metadata=_SERVICE)


class LiveConfigIds(TypedDict):
    """The fields of `LiveConfigEnvironment`."""

    config_application: str
    config_environment: str
    config_profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveConfigEnvironment(FunctionEnvironment):
    """What a function is told that reads the live config: ids in AppConfig."""

    config_application: str
    config_environment: str
    config_profile: str
