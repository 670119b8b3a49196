from dataclasses import dataclass, field
from typing import ClassVar

import pytest

from trailbell.contract.environments.rule_config import FilterSyncEnvironment
from trailbell.contract.places import Place, forwarded_places, watched_places
from trailbell.contract.variables import Environment

HERE, ELSEWHERE = Place(region="eu-west-1"), Place(region="us-east-1", account="111122223333")


@pytest.mark.parametrize(("place", "text"), [(HERE, "eu-west-1"), (ELSEWHERE, "111122223333/us-east-1")])
def test_a_place_is_written_and_read(place: Place, text: str) -> None:
    assert str(place) == text
    assert Place.parse(text) == place


def test_home_comes_first_and_the_region_of_iam_is_always_watched() -> None:
    named = [str(place) for place in watched_places("eu-west-1", ["us-west-2", "eu-west-1"])]
    assert named == ["eu-west-1", "us-east-1", "us-west-2"]
    assert [str(place) for place in forwarded_places("cn-northwest-1", [])] == ["cn-north-1"]
    assert forwarded_places("us-east-1", []) == ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching(Environment):
    handler: ClassVar[str] = "a.b.c"

    places: tuple[Place, ...] = field(metadata={"variable": "REGIONS"})
    more: tuple[Place, ...] | None = None


@pytest.mark.parametrize("places", [(), (HERE,), (HERE, ELSEWHERE)])
def test_an_environment_holds_places(places: tuple[Place, ...]) -> None:
    environment = Watching(places=places, more=places)
    assert environment.variables()["REGIONS"] == ",".join(map(str, places))
    assert Watching.read(environment.variables()) == environment


def test_filter_sync_understands_what_earlier_stacks_wrote() -> None:
    written = {
        "TRAILBELL_CONFIG_APPLICATION": "a",
        "TRAILBELL_CONFIG_ENVIRONMENT": "e",
        "TRAILBELL_CONFIG_PROFILE": "p",
        "TRAILBELL_REGIONS": "eu-west-1,us-east-1",
        "TRAILBELL_LIVE_GENERATIONS": "aa,bb",
        "TRAILBELL_SLOT_PREFIX": "Trailbell",
        "TRAILBELL_SLOTS": "5",
    }
    environment = FilterSyncEnvironment.read(written)
    assert environment.places == (HERE, Place(region="us-east-1"))
    assert environment.variables() | written == environment.variables()
