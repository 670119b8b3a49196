"""A deployment that lacks a grant: it fails in words, and its rollback goes through.

The whole of a deployment's life, under a stream of calls, is `python -m benchmarks.load.scenario`; that the session's
own deployment was refused nothing and leaves nothing behind is seen where it ends (conftest.py).
"""

from pathlib import Path

import pytest

from localaws.scenario.refusal import ACTION, deploy_without_grant

pytestmark = pytest.mark.e2e


def test_a_first_deployment_without_its_grant_names_action_and_arn_and_rolls_back(tmp_path: Path) -> None:
    refusal = deploy_without_grant(tmp_path / "refusal")
    action, arn = refusal.refused[0]
    assert action == ACTION
    assert arn.startswith("arn:aws:appconfig:us-east-2:629470242021:application/")
    assert action in refusal.reason
    assert arn in refusal.reason
    assert refusal.status == "ROLLBACK_COMPLETE"
