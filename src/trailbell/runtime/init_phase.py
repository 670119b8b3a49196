"""Lambda's init phase: a sandbox has all CPU until it is ready, and a function of 512 MB 0.29 of a core from then on.

So what a first event needs anyhow is loaded and connected there, and nowhere else: not in tests, not by the command
(docs/decisions/0017-the-init-phase.md).
"""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TypeVar

IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME"
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime"""
Part = TypeVar("Part")


def in_init_phase(variables: Mapping[str, str], make: Callable[[Mapping[str, str]], Part]) -> Part | None:
    """Return what `make` makes of a function's environment; None where this is no function of Lambda's."""
    return make(variables) if IN_LAMBDA in variables else None


def load(modules: Iterable[str]) -> None:
    """Load modules that are otherwise loaded when they are first needed."""
    for name in modules:
        import_module(name)
