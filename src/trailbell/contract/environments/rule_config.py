"""The environments of the functions around the live config."""

from dataclasses import dataclass, field
from typing import ClassVar

from trailbell.contract.environments import FunctionEnvironment, LiveConfigEnvironment, service_field
from trailbell.contract.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigValidatorEnvironment(FunctionEnvironment):
    """The config validator's."""

    handler: ClassVar[str] = "trailbell.functions.config_validator.handler.handler"

    service: str = service_field("config_validator")
    slots: int
    """How many EventBridge rules a config's filters must fit into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterSyncEnvironment(LiveConfigEnvironment):
    """Filter sync's."""

    handler: ClassVar[str] = "trailbell.functions.filter_sync.handler.handler"

    service: str = service_field("filter_sync")
    places: tuple[Place, ...] = field(metadata={"variable": "TRAILBELL_REGIONS"})
    """Those with slots, home first."""
    live_generations: tuple[str, ...]
    """Of the live slots in each of the places, in their order."""
    slot_prefix: str
    """What the names of the slots' rules begin with."""
    slots: int
    heeded_seconds: int | None = None
    """How long EventBridge is given to heed a changed rule; None for filter sync's own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigSeedEnvironment(LiveConfigEnvironment):
    """The config seed's."""

    handler: ClassVar[str] = "trailbell.functions.config_seed.handler.handler"

    service: str = service_field("config_seed")
    config_strategy: str
    """The deployment strategy of a change; watched."""
    config_strategy_at_once: str
    """The deployment strategy of the first config, which has no earlier one to go back to."""
    filter_sync: str
    """The name of the function that keeps the filters in line."""
