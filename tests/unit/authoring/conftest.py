"""A folder to write config files in, and short ways to read them."""

from pathlib import Path

import pytest

from tests.unit.authoring.reading import TODAY, Check, Load
from trailbell.authoring import InvalidConfigError, LoadedConfig, Problem, load_config


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load the text of a config that must be valid."""

    def run(text: str) -> LoadedConfig:
        path = tmp_path / "trailbell.yaml"
        path.write_text(text, encoding="utf-8")
        return load_config(path, today=TODAY)

    return run


@pytest.fixture
def check(load: Load) -> Check:
    """Return the errors and warnings of the text of a config."""

    def run(text: str) -> list[Problem]:
        try:
            return list(load(text).warnings)
        except InvalidConfigError as error:
            return list(error.problems)

    return run
