"""Checks a compiled config from end to end: what the validator does, and `trailbell config push` before it."""

import json

from trailbell.config.hosted import read_hosted
from trailbell.config.model import Config
from trailbell.errors import ConfigError
from trailbell.filters import compile_filters
from trailbell.ruleset import RuleSet

MAX_BYTES = 1_000_000
"""What AppConfig takes as a hosted configuration: "Configurations must be 1 MB or smaller."

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-appconfig-hostedconfigurationversion.html
"""


def write_compiled(config: Config) -> bytes:
    """Return a config as it is hosted. Raises ConfigError where it is too large for that."""
    content = json.dumps(config.to_json(), separators=(",", ":")).encode()
    _check_size(content)
    return content


def check_compiled(content: bytes, *, slots: int) -> Config:
    """Read a hosted config, and make of it all that Trailbell would. Raises ConfigError with rule and field."""
    _check_size(content)
    config = read_hosted(content)
    RuleSet.compile(config.rules)
    RuleSet.compile(suppression.as_rule() for suppression in config.suppressions)
    compile_filters(config.rules, slots=slots)
    return config


def _check_size(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise ConfigError(
            f"the compiled config has {len(content):,} bytes, and AppConfig takes {MAX_BYTES:,}: "
            "switch packs off, or shorten descriptions and runbooks"
        )
