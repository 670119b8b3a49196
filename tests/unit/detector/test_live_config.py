"""Which config an event is handled with, whatever AppConfig answers."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from trailbell.config.model import Config, Deployment
from trailbell.contract.environments import LiveConfigEnvironment
from trailbell.destinations.settings import Destinations
from trailbell.destinations.slack import SlackSettings
from trailbell.errors import ConfigError, StateError
from trailbell.functions.detector.app_config import AppConfig
from trailbell.functions.detector.live_config import LiveConfig
from trailbell.pattern import Pattern
from trailbell.pipeline import Pipeline
from trailbell.rule import Rule
from trailbell.windows.memory import MemoryStore

BUNDLED = Config(version="bundled", destinations=Destinations.having({"slack": SlackSettings()}))


def config(version: str, **parts: Any) -> Config:
    rule = Rule(id=version, title=version, severity="low", match=Pattern.parse({"eventName": [version]}))
    return Config(version=version, rules=(rule,), **parts)


def compiled(version: str, **parts: Any) -> bytes:
    return json.dumps(config(version, **parts).to_json()).encode()


class Answers:
    """AppConfig's answers in turn; the last one stays."""

    def __init__(self, *answers: bytes | StateError) -> None:
        self.answers = list(answers)

    def read(self) -> bytes:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, StateError):
            raise answer
        return answer


class Made:
    """Makes pipelines and remembers of which configs."""

    def __init__(self) -> None:
        self.configs: list[Config] = []

    def __call__(self, config: Config) -> Pipeline:
        self.configs.append(config)
        return Pipeline.from_config(config, store=MemoryStore(), clock=lambda: datetime(2026, 3, 2, tzinfo=UTC))


def run(*answers: bytes | StateError, events: int) -> tuple[list[str], Counter[str], Made]:
    """Return the config version of each event, what was counted, and which pipelines were made."""
    made, counted = Made(), Counter[str]()
    live = LiveConfig(bundled=BUNDLED.to_json(), read=Answers(*answers).read, make_pipeline=made)

    def count(metric: str) -> None:
        counted[metric] += 1

    return [live.pipeline(count).config_version for _ in range(events)], counted, made


def test_the_live_config_is_used_and_a_pipeline_made_once_for_each_version() -> None:
    versions, counted, made = run(compiled("1"), compiled("1"), compiled("2"), events=5)
    assert versions == ["1", "1", "2", "2", "2"]
    assert [each.version for each in made.configs] == ["1", "2"]
    assert counted == {}


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff",
        b"{",
        b"[]",
        b"{}",
        b"[" * 100_000,
        compiled("2").replace(b'"severity": "low"', b'"severity": "loud"'),
        compiled("2").replace(b'{"eventName": ["2"]}', b'{"eventName": [{"regex": ".*"}]}'),
        compiled("2").replace(b'"format": 1', b'"format": 99'),
    ],
)
def test_a_broken_live_config_is_counted_and_the_last_good_one_goes_on(broken: bytes) -> None:
    versions, counted, _ = run(compiled("1"), broken, broken, compiled("3"), events=4)
    assert versions == ["1", "1", "1", "3"]
    assert counted == {"ConfigRejected": 2}


def test_a_broken_live_config_at_the_start_leaves_the_packaged_one() -> None:
    versions, counted, made = run(b"{}", events=3)
    assert versions == ["bundled"] * 3
    assert counted == {"ConfigRejected": 3}
    assert len(made.configs) == 1


def test_an_outage_leaves_the_last_good_config_and_is_counted() -> None:
    outage = StateError("no answer")
    versions, counted, made = run(outage, compiled("1"), outage, compiled("1"), events=4)
    assert versions == ["bundled", "1", "1", "1"]
    assert counted == {"ConfigUnavailable": 2}
    assert [each.version for each in made.configs] == ["bundled", "1"]


def test_where_alerts_can_go_is_what_was_deployed() -> None:
    pushed = compiled("1", destinations=Destinations(email=("a@example.com",)), deployment=Deployment(slots=9))
    _, _, made = run(pushed, events=1)
    (used,) = made.configs
    assert (used.destinations, used.deployment) == (BUNDLED.destinations, BUNDLED.deployment)


def test_a_live_config_of_an_earlier_trailbell_with_other_destinations_is_still_read() -> None:
    document = config("1").to_json() | {"destinations": {"pigeons": ["grey"]}}
    versions, counted, _ = run(json.dumps(document).encode(), events=1)
    assert (versions, counted) == (["1"], {})


def test_a_packaged_config_that_is_broken_stops_the_detector() -> None:
    live = LiveConfig(bundled={}, read=Answers(StateError("no answer")).read, make_pipeline=Made())
    with pytest.raises(ConfigError):
        live.pipeline(lambda _: None)


IDS = LiveConfigEnvironment(
    service="detector", config_application="app", config_environment="env", config_profile="config"
)


def test_appconfig_is_asked_once_per_age_and_while_it_is_out_twice_each_time_with_a_new_session(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

    asked: list[float] = []
    clock = [0.0]

    class Provider:
        def get(self, _: str, *, force_fetch: bool) -> bytes:
            assert force_fetch
            asked.append(clock[0])
            if clock[0] < 30:
                raise GetParameterError("no answer")
            return b"content"

    made: list[Provider] = []

    def make(**_: object) -> Provider:
        made.append(Provider())
        return made[-1]

    monkeypatch.setattr("aws_lambda_powertools.utilities.parameters.AppConfigProvider", make)
    source = AppConfig(IDS, clock=lambda: clock[0])
    for clock[0] in (0.0, 1.0, 19.9, 20.0, 39.9):
        with pytest.raises(StateError, match="did not answer"):
            source.read()
    for clock[0] in (40.0, 59.9, 60.0):
        assert source.read() == b"content"
    assert asked == [0.0, 0.0, 20.0, 20.0, 40.0, 60.0]
    assert len(made) == 5, "while it answers, its session goes on"
