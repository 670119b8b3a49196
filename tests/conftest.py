"""Leaves tests of very many cases out of the coverage; prints the figures that tests recorded with `record_property`."""

from typing import Any

import pytest

from tests.shared import needs_answers, needs_records

LONG = (needs_answers.mark, needs_records.mark)


@pytest.hookimpl(trylast=True)  # Hypothesis marks its tests in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no test that tries hundreds of examples or thousands of records.

    To be measured takes a test twice its time, and what these run is run by plain tests, too.
    """
    for item in items:
        if any(mark.name == "hypothesis" or mark in LONG for mark in item.iter_markers()):
            item.add_marker("no_cover")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = terminalreporter.getreports("passed")
    figures = [figure for report in reports if report.when == "call" for figure in report.user_properties]
    for name, value in figures:
        terminalreporter.write_line(f"{name}: {value}")
