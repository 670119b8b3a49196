"""Prints, after all tests, the figures that tests recorded with `record_property`."""

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = terminalreporter.getreports("passed")
    figures = [figure for report in reports if report.when == "call" for figure in report.user_properties]
    for name, value in figures:
        terminalreporter.write_line(f"{name}: {value}")
