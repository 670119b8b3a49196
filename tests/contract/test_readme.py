"""The README says what is so."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts.readme_sample import README, ROOT, with_sample

OFFLINE = {"config validate", "rules test"}
GROUPS = {"config", "rules", "dlq"}
TEXT = README.read_text(encoding="utf-8")


def test_the_alert_it_shows_is_what_the_pipeline_makes() -> None:
    assert with_sample(TEXT) == TEXT, "make generate"


def test_every_make_target_it_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE))
    assert named
    assert named - targets == set()


def test_every_file_it_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", TEXT) if not link.startswith("http")]
    assert len(links) > 5
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.skipif(shutil.which("trailbell") is None, reason="the command is not installed (make setup installs it)")
@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"(?:^|`)trailbell ([a-z]+(?:-[a-z]+)?(?: [a-z]+)?)\b", TEXT, re.MULTILINE)))
)
def test_every_trailbell_command_it_shows_exists_and_works_where_it_needs_no_aws(command: str) -> None:
    """The others run in tests/e2e/test_docs.py, as docs/cli.md shows them."""
    words = command.split()
    arguments = words if command in OFFLINE else [*(words if words[0] in GROUPS else words[:1]), "--help"]
    done = subprocess.run(["trailbell", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_rule_it_shows_is_valid(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from trailbell.authoring import load_config

    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        config = tmp_path / "trailbell.yaml"
        config.write_text(block, encoding="utf-8")
        assert load_config(config, today=datetime.now(UTC).date()).warnings == ()
