"""The check of the tests' coverage: what it counts as the library, and when it fails."""

import json
from pathlib import Path, PurePath
from typing import Any

import pytest

from scripts import check_coverage
from scripts.check_coverage import library, main, room_of, shares


def file(lines: int, lines_run: int, branches: int, branches_run: int) -> dict[str, Any]:
    summary = {
        "num_statements": lines,
        "covered_lines": lines_run,
        "num_branches": branches,
        "covered_branches": branches_run,
    }
    return {"summary": summary}


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("src/trailbell/words/undo.py", "words"),
        ("src/trailbell/rule.py", "rule"),
        ("src/trailbell/cli/config/push.py", "cli"),
        ("lambdas/detector/handler.py", "functions"),
        ("infra/parts/trail.py", "infra"),
        ("tests/events/__init__.py", "examples"),
    ],
)
def test_a_file_is_in_the_room_that_its_import_name_says(path: str, room: str) -> None:
    assert room_of(PurePath(path)) == room


def test_command_functions_and_stacks_do_not_make_up_for_the_library() -> None:
    files = {
        "src/trailbell/rule.py": file(10, 9, 4, 2),
        "src/trailbell/words/undo.py": file(10, 10, 0, 0),
        "src/trailbell/cli/main.py": file(100, 100, 10, 10),
        "lambdas/detector/handler.py": file(100, 0, 10, 0),
    }
    share = library(shares({"files": files}))
    assert (share.line_percent, share.branch_percent) == (95, 50)


@pytest.mark.parametrize(
    ("lines_run", "branches_run", "code"),
    [(95, 92, 0), (94, 100, 1), (100, 91, 1)],
    ids=["enough", "lines", "branches"],
)
def test_lines_and_branches_are_held_each(
    lines_run: int, branches_run: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": {"src/trailbell/rule.py": file(100, lines_run, 100, branches_run)}}))
    monkeypatch.setattr(check_coverage, "REPORT", report)
    assert main() == code
    assert ("add tests" in capsys.readouterr().out) == bool(code)
