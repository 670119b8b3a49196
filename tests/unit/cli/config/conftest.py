"""The command against a deployment that stands in for AWS."""

from datetime import date
from pathlib import Path

import pytest

from tests.unit.cli.config.fake_deployed import CONFIG, FakeDeployed
from trailbell.authoring import load_config
from trailbell.cli.config import rollout


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRAILBELL_CONFIG", raising=False)
    monkeypatch.setattr(rollout, "POLL_SECONDS", 0)
    path = tmp_path / "config" / "trailbell.yaml"
    path.parent.mkdir()
    path.write_text(CONFIG)
    return path


@pytest.fixture
def deployed(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDeployed:
    """Return a deployment whose live config is the checkout's."""
    fake = FakeDeployed(load_config(checkout, today=date(2026, 11, 23)).config)
    for command in ("plan", "push", "history", "rollback"):
        monkeypatch.setattr(f"trailbell.cli.config.{command}.Deployed", lambda *_: fake)
    return fake
