"""A service of AWS is one file and one line: Braket, as docs/extending.md adds it."""

from typing import Any

import pytest

from tests.extending.how_to import Extended
from trailbell.aws.registry import LINES

TASK = "arn:aws:braket:eu-central-1:111122223333:quantum-task/0b1c"
CREATED: dict[str, Any] = {
    "eventSource": "braket.amazonaws.com",
    "eventName": "CreateQuantumTask",
    "requestParameters": {"deviceArn": "arn:aws:braket:::device/quantum-simulator/amazon/sv1", "shots": 100},
    "responseElements": {"quantumTaskArn": TASK},
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    assert "braket" not in LINES, "take another service for docs/extending.md"
    return Extended(tmp_path_factory.mktemp("extending") / "checkout")


def test_an_alert_knows_its_name_resources_page_sentence_and_undo(extended: Extended) -> None:
    before = extended.alert_on(**CREATED)
    assert (before["event"]["service"], before["undo"]) == ("braket", None)
    extended.add("src/trailbell/aws/services/braket.py")
    alert = extended.alert_on(**CREATED)
    assert alert["event"]["service"] == "Braket"
    assert alert["summary"] == "alice created quantum task 0b1c on device sv1"
    assert alert["undo"] == f"aws braket cancel-quantum-task --quantum-task-arn {TASK} --region eu-central-1"
    (task,) = [each for each in alert["resources"] if each["type"] == "AWS::Braket::QuantumTask"]
    assert (task["arn"], task["role"]) == (TASK, "created")
    assert task["url"].startswith("https://eu-central-1.console.aws.amazon.com/braket/home?region=eu-central-1#/tasks/")
