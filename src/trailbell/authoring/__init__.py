"""Reads what people write: config and rule files in YAML, with every mistake told at once. Never in the detector."""

from trailbell.authoring.load import LoadedConfig, RuleEntry, RuleTest, load_config
from trailbell.authoring.problems import InvalidConfigError, Problem
from trailbell.authoring.rule_tests import TestResult, find_untested, run_rule_tests

__all__ = [
    "InvalidConfigError",
    "LoadedConfig",
    "Problem",
    "RuleEntry",
    "RuleTest",
    "TestResult",
    "find_untested",
    "load_config",
    "run_rule_tests",
]
