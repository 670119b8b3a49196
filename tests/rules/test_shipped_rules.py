"""Every rule that ships does what the tests in it say, and every one has a test of both kinds."""

from datetime import date
from pathlib import Path

import pytest

from trailbell import examples, packs
from trailbell.authoring import RuleEntry, find_untested, load_config, run_rule_tests

ROOT = Path(__file__).resolve().parents[2]
PACKS = packs.FOLDER
TODAY = date(2026, 11, 23)


def read_packs(folder: Path, *names: str) -> tuple[RuleEntry, ...]:
    config = folder / "trailbell.yaml"
    config.write_text(f"packs: [{', '.join(names)}]\n", encoding="utf-8")
    loaded = load_config(config, packs_dir=PACKS, today=TODAY)
    assert [str(warning) for warning in loaded.warnings] == []
    return loaded.entries


def test_there_are_packs() -> None:
    assert "starter" in packs.pack_names()


def test_all_packs_fit_together(tmp_path: Path) -> None:
    """No id is taken twice, and no rule has a warning."""
    assert read_packs(tmp_path, *packs.pack_names())


@pytest.mark.parametrize("pack", packs.pack_names())
def test_every_rule_passes_its_tests(tmp_path: Path, pack: str) -> None:
    results = run_rule_tests(read_packs(tmp_path, pack), events_dir=examples.FOLDER)
    assert [f"{result.rule_id}: {result.name}: {result.message}" for result in results if not result.passed] == []


@pytest.mark.parametrize("pack", packs.pack_names())
def test_every_rule_has_a_test_that_alerts_and_one_that_does_not(tmp_path: Path, pack: str) -> None:
    assert find_untested(read_packs(tmp_path, pack)) == {}
