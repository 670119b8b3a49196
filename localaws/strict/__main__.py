"""Starts MiniStack with the strict layer in it."""

from collections.abc import Callable

from ministack.app import main

from localaws.strict import buses, records

PARTS: tuple[Callable[[], None], ...] = (buses.install, records.install)
"""What each subject's module changes in MiniStack, in the order in which it must be changed."""

if __name__ == "__main__":
    for install in PARTS:
        install()
    main()
