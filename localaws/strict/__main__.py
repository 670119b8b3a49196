"""Starts MiniStack with the strict layer in it."""

from collections.abc import Callable

from ministack.app import main

from localaws.strict.iam import calls, deliveries, functions, policies, provisioned

PARTS: tuple[Callable[[], None], ...] = (
    policies.install,
    calls.install,
    deliveries.install,
    functions.install,
    provisioned.install,
)
"""What each subject's module changes in MiniStack, in the order in which it must be changed."""

if __name__ == "__main__":
    for install in PARTS:
        install()
    main()
