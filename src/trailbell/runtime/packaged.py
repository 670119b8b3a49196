"""Where things lie in a function's package, beside the library."""

from pathlib import Path

from trailbell.contract.names import PACKAGED_CONFIG

CONFIG_FILE = Path(__file__).resolve().parents[2] / PACKAGED_CONFIG
"""The compiled config that `cdk deploy` took along."""
