"""What becomes of a deployment's config."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from trailbell.functions.config_seed.seed import WAIT_SECONDS, Deployment, Seed, Standing

STRATEGIES = {"first": "at-once", "update": "watched"}
CONTENT = b'{"version": "new"}'


def deployment(config_version: str, *, own: bool, number: int = 1) -> Deployment:
    return Deployment(number=number, version=number, config_version=config_version, own=own)


@dataclass
class FakeAws:
    """Hosted configs and filter sync; what is asked of them is written down."""

    live: Deployment | None = None
    arriving: Deployment | None = None
    ends: Callable[["FakeAws"], None] = lambda _: None
    """What becomes of the arriving one, after `seconds`."""
    seconds: float = 60
    conflicts: int = 0
    trouble: str = ""
    waited: float = 0
    log: list[str] = field(default_factory=list)

    def standing(self) -> Standing:
        return Standing(live=self.live, arriving=self.arriving)

    def host(self, content: bytes, *, config_version: str, in_force: tuple[int, ...]) -> int:
        assert (content, config_version) == (CONTENT, "new")
        assert in_force == tuple(each.version for each in (self.live, self.arriving) if each)
        return 7

    def start(self, version: int, *, config_version: str, strategy: str) -> bool:
        assert (version, config_version) == (7, "new")
        assert self.arriving is None, "AppConfig deploys one version at a time"
        if self.conflicts:
            self.conflicts -= 1
            return False
        self.log.append(f"deploy {strategy}")
        return True

    def clear(self) -> tuple[str, ...]:
        raise AssertionError("a creation or an update deletes nothing")

    def take_back(self, deployment: int) -> None:
        assert self.arriving is not None
        assert self.arriving.number == deployment
        self.log.append(f"take back {deployment}")
        self.arriving = None

    def widen(self, version: int) -> str:
        self.log.append(f"widen {version}")
        return self.trouble

    def settle(self) -> str:
        self.log.append("settle")
        return self.trouble

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        if self.arriving and self.waited >= self.seconds:
            self.ends(self)

    def put_live(self, before: str | None = None) -> str:
        seed = Seed(configs=self, filters=self, strategies=STRATEGIES, sleep=self.sleep)
        return seed.put_live(CONTENT, version="new", before=before)


def completes(aws: FakeAws) -> None:
    aws.live, aws.arriving = aws.arriving, None


def is_taken_back(aws: FakeAws) -> None:
    aws.arriving = None


def test_the_first_config_goes_live_at_once() -> None:
    aws = FakeAws()
    assert aws.put_live() == "new is live"
    assert aws.log == ["deploy at-once", "settle"]


@pytest.mark.parametrize("own", [True, False])
def test_a_changed_config_goes_live_watched_and_filters_are_widened_before(*, own: bool) -> None:
    # Not its own but the same: somebody went back to it by `config rollback`.
    aws = FakeAws(live=deployment("old", own=own))
    assert aws.put_live(before="old") == "new is live"
    assert aws.log == ["widen 7", "deploy watched", "settle"]


@pytest.mark.parametrize("own", [True, False])
def test_a_config_that_is_live_already_is_not_deployed_again(*, own: bool) -> None:
    aws = FakeAws(live=deployment("new", own=own))
    assert aws.put_live(before="old") == "new is live"
    assert aws.log == ["settle"]


def test_what_somebody_pushed_stays_live() -> None:
    aws = FakeAws(live=deployment("pushed", own=False))
    assert aws.put_live(before="old").startswith("pushed was pushed and stays live; `trailbell config push` puts")
    assert aws.log == ["settle"]


def test_what_no_detector_can_run_is_replaced_unwatched() -> None:
    aws = FakeAws(live=deployment("", own=False))
    assert aws.put_live(before="old") == "new is live"
    assert aws.log == ["widen 7", "deploy at-once", "settle"]


def test_a_deployment_that_an_alarm_took_back_leaves_an_older_one_of_its_own_to_be_replaced() -> None:
    aws = FakeAws(live=deployment("older", own=True))
    assert aws.put_live(before="taken-back") == "new is live"


def test_a_second_deployment_waits_until_the_first_is_no_longer_watched() -> None:
    aws = FakeAws(live=deployment("old", own=True), arriving=deployment("first", own=True, number=2), ends=completes)
    assert aws.put_live(before="first") == "new is live"
    assert aws.waited == 60
    assert aws.log == ["widen 7", "deploy watched", "settle"]


def test_a_rollback_of_the_stack_takes_its_own_deployment_back_at_once() -> None:
    aws = FakeAws(live=deployment("new", own=True), arriving=deployment("failed", own=True, number=2))
    assert aws.put_live(before="failed") == "new is live"
    assert aws.log == ["take back 2", "settle"]
    assert aws.waited < 60


def test_a_push_that_is_watched_is_waited_for_and_stays() -> None:
    aws = FakeAws(live=deployment("old", own=True), arriving=deployment("pushed", own=False, number=2), ends=completes)
    assert aws.put_live(before="old").startswith("pushed was pushed and stays live")
    assert aws.log == ["settle"]


def test_a_push_that_is_taken_back_while_it_is_waited_for_was_not_pushed() -> None:
    arriving = deployment("pushed", own=False, number=2)
    aws = FakeAws(live=deployment("old", own=True), arriving=arriving, ends=is_taken_back)
    assert aws.put_live(before="old") == "new is live"


def test_a_push_of_the_same_config_needs_no_waiting() -> None:
    aws = FakeAws(live=deployment("old", own=True), arriving=deployment("new", own=False, number=2))
    assert aws.put_live(before="old") == "new is live"
    assert (aws.waited, aws.log) == (0, ["settle"])


@pytest.mark.parametrize("own", [True, False])
def test_a_deployment_that_does_not_end_is_left_alone_and_told(*, own: bool) -> None:
    aws = FakeAws(live=deployment("old", own=True), arriving=deployment("slow", own=own, number=2))
    assert aws.put_live(before="old").startswith("slow is still being deployed and was left alone; `trailbell")
    assert aws.waited == WAIT_SECONDS
    assert aws.log == ["settle"]


def test_a_deployment_that_somebody_was_quicker_than_is_tried_again() -> None:
    aws = FakeAws(live=deployment("old", own=True), conflicts=2)
    assert aws.put_live() == "new is live"
    aws = FakeAws(live=deployment("old", own=True), conflicts=3)
    assert aws.put_live().startswith("other deployments went first; `trailbell config push`")


def test_filters_that_cannot_be_changed_do_not_fail_the_deployment_but_are_told() -> None:
    aws = FakeAws(live=deployment("old", own=True), trouble="eu-west-1: AccessDenied")
    assert aws.put_live() == "new is live. Not all filters are in line yet: eu-west-1: AccessDenied"
