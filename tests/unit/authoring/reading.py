"""Words that the tests of configs share."""

from collections.abc import Callable
from datetime import date

from trailbell.authoring import LoadedConfig, Problem

TODAY = date(2026, 11, 23)

Load = Callable[[str], LoadedConfig]
Check = Callable[[str], list[Problem]]
