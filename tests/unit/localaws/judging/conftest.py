"""The layer that judges as AWS does, installed over MiniStack in this process."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ministack import app
from ministack.core.responses import request_scope
from ministack.services import eventbridge

from localaws.strict import journal
from localaws.strict.iam import calls, deliveries, functions, policies
from tests.unit.localaws.judging.world import ACCOUNT, REGION


@pytest.fixture(autouse=True)
def _installed() -> Iterator[None]:
    """Install the layer for one test: other tests of this process have MiniStack as it is."""
    modules = [module for name, module in sys.modules.items() if name.startswith("ministack.")]
    before = [(module, dict(vars(module))) for module in modules]
    for part in (policies, calls, deliveries, functions):
        part.install()
    app.AUTH = True
    yield
    for module, names in before:
        vars(module).update(names)


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    with request_scope(ACCOUNT, REGION):
        yield
        eventbridge._rules.clear()


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """Return what reads the journal."""
    file = tmp_path / "journal.jsonl"
    monkeypatch.setenv(journal.VARIABLE, str(file))
    return lambda: journal.read(file)
