"""What all parts of a config file have in common."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A part of a config file: unknown keys are refused, and no value is turned into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
