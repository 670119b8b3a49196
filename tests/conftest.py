"""Leaves tests of very many cases out of the coverage; prints the figures that tests recorded with `record_property`."""

from pathlib import Path
from typing import Any

import pytest

from tests.shared import needs_records

TESTS = Path(__file__).resolve().parent
UNMEASURED = (
    "browser", "contract/test_hostile_text.py", "contract/test_readme.py", "contract/test_real_records.py", "extending",
    "infra", "integration/test_delivery_crash.py", "integration/test_detector_crash.py",
    "integration/test_dynamodb_store.py", "package", "rules", "unit/cli/config", "unit/cli/importing", "unit/cli/replay",
    "unit/cli/test", "unit/cli/trials", "unit/localaws", "unit/read/test_robustness.py",
)  # fmt: skip
"""What takes long, or is not about the library."""


@pytest.hookimpl(trylast=True)  # Hypothesis marks its tests in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no test that tries hundreds of examples or thousands of records, starts programs, or is not of the library.

    To be measured takes a test twice its time, and what these run of the library is run by plain tests, too.
    """
    for item in items:
        file = item.path.relative_to(TESTS).as_posix()
        many = any(mark.name == "hypothesis" or mark == needs_records.mark for mark in item.iter_markers())
        if many or file.startswith(UNMEASURED):
            item.add_marker("no_cover")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = terminalreporter.getreports("passed")
    figures = [figure for report in reports if report.when == "call" for figure in report.user_properties]
    for name, value in figures:
        terminalreporter.write_line(f"{name}: {value}")
