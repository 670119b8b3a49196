"""The command against a deployment that stands in for AWS."""

from pathlib import Path

import pytest

from tests.unit.cli.fake_aws import HOME
from tests.unit.cli.trials.cloud import CONFIG, Cloud
from trailbell.cli.shared import journal
from trailbell.cli.shared.aws import Aws


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "trailbell.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    made = Cloud()
    monkeypatch.setenv("AWS_REGION", HOME)
    monkeypatch.setattr(Aws, "client", lambda _, service, region=None: made.aws.client(service, region))
    monkeypatch.setattr(journal, "POLL_SECONDS", 0.01)
    return made
