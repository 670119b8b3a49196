import json

import pytest

from tests.alerts import alert
from trailbell.formats.document import from_document, to_document
from trailbell.formats.slack import message
from trailbell.formats.text import text
from trailbell.words import view


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"occurrences": 5, "within_seconds": 600}, "5 times within 10 min"),
        ({"repeats": 1}, "1 more time since the last alert"),
        ({"repeats": 1399}, "1,399 more times since the last alert"),
        (
            {"occurrences": 3, "within_seconds": 900, "repeats": 2},
            "3 times within 15 min, 2 more times since the last alert",
        ),
    ],
)
def test_people_are_told_how_often_it_was_seen(fields: dict[str, int], words: str) -> None:
    (line,) = [line for line in view.lines(alert(**fields)) if line.label == "Seen"]
    assert ", ".join((line.value, *line.details)) == words
    assert words.partition(",")[0][:20] in text(alert(**fields))
    assert line.value in json.dumps(message(alert(**fields)))


def test_an_alert_of_its_own_says_nothing_of_it() -> None:
    assert [line for line in view.lines(alert()) if line.label == "Seen"] == []


def test_machines_get_the_counts_and_the_examples_and_read_them_back() -> None:
    counted = alert(occurrences=5, within_seconds=600, repeats=37, examples=("a", "b"))
    document = json.loads(json.dumps(to_document(counted)))
    assert {name: document[name] for name in ("occurrences", "within_seconds", "repeats", "examples")} == {
        "occurrences": 5,
        "within_seconds": 600,
        "repeats": 37,
        "examples": ["a", "b"],
    }
    assert from_document(document) == counted
