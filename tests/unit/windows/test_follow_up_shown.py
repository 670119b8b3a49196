"""A follow-up reads as what it is, in every form."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.alerts import RUN_INSTANCES
from tests.contract.hostile import STRINGS
from tests.contract.slack_limits import problems
from tests.contract.slack_markup import in_message
from tests.contract.test_hostile_text import is_shown
from trailbell.alert import Alert, FollowUp
from trailbell.formats import slack, text
from trailbell.words import view


def follow_up(**differed: tuple[str, ...]) -> Alert:
    since = RUN_INSTANCES.alerted_at
    return replace(
        RUN_INSTANCES,
        id=f"{RUN_INSTANCES.id}/follow-up",
        follow_up=FollowUp(
            of=RUN_INSTANCES.id, repeats=399, since=since, until=since + timedelta(minutes=15), differed=differed
        ),
    )


def test_it_says_how_often_and_for_how_long() -> None:
    assert view.summary(follow_up()).startswith("Seen 399 more times in 15 min: kodekloud")
    lines = {line.label: (line.value, *line.details) for line in view.lines(follow_up())}
    assert lines["Seen"][0] == "399 more times"
    assert "Addresses" not in lines


def test_it_says_what_differed_and_how_much_of_it_is_not_shown() -> None:
    addresses = tuple(f"192.0.2.{number}" for number in range(9))
    lines = {line.label: (line.value, *line.details) for line in view.lines(follow_up(source_ip=addresses))}
    assert lines["Addresses"] == (*addresses[:5], "and 4 more")
    assert "Addresses  192.0.2.0, 192.0.2.1," in " ".join(text.text(follow_up(source_ip=addresses)).split(" "))


@pytest.mark.parametrize("hostile", STRINGS, ids=[ascii(item)[:30] for item in STRINGS])
def test_what_differed_is_as_inert_as_everything_else(hostile: str) -> None:
    alert = follow_up(principal=("alice", hostile), resource=(hostile,))
    message = slack.message(alert)
    assert in_message(message) <= in_message(slack.message(RUN_INSTANCES))
    assert problems(message) == []
    assert all(map(is_shown, text.text(alert).split("\n")))
    assert json.dumps(message)
