"""Puts the config that `cdk deploy` takes along live, unless another one was pushed. Pure: others wait and call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

WAIT_SECONDS = 6 * 60
"""How long the seed waits for its turn: a deployment is watched for three minutes, and AppConfig takes its time."""
POLL_SECONDS = 5
MOST_STARTS = 3
"""How often a deployment is tried that others were quicker than."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One deployment of a config."""

    number: int
    version: int
    """Of the hosted configuration."""
    config_version: str
    """Empty where the config cannot be read."""
    own: bool
    """Whether the seed started it, and not a push."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What detectors run, and what they are about to."""

    live: Deployment | None
    arriving: Deployment | None

    @property
    def versions(self) -> tuple[int, ...]:
        """Return the hosted versions that must stay."""
        return tuple(each.version for each in (self.live, self.arriving) if each)


class Configs(Protocol):
    """The hosted configs and their deployments."""

    def standing(self) -> Standing:
        """Return what is live and what is being deployed."""

    def host(self, content: bytes, *, config_version: str, in_force: tuple[int, ...]) -> int:
        """Return the version that holds a config, new where there is none."""

    def start(self, version: int, *, config_version: str, strategy: str) -> bool:
        """Start to deploy a version. Returns False where another deployment was begun just before."""

    def take_back(self, deployment: int, /) -> None:
        """Stop a deployment: what was live before it is live again."""

    def clear(self) -> tuple[str, ...]:
        """Delete every version. Returns what was left, and why."""


class Filters(Protocol):
    """Filter sync. Its methods return what went wrong, empty where nothing did."""

    def widen(self, version: int, /) -> str:
        """Let through what a version needs that is about to be deployed."""

    def settle(self) -> str:
        """Bring the filters in line with what is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What a stack's creation or update does with its config."""

    configs: Configs
    filters: Filters
    strategies: Mapping[str, str]
    """`first` and `update`: how a config is deployed."""
    sleep: Callable[[float], None]

    def put_live(self, content: bytes, *, version: str, before: str | None) -> str:
        """Put a config live where it may be; `before` is what the last `cdk deploy` took along.

        Returns what became of it. What is wrong with the filters never fails a deployment.
        """
        troubles: list[str] = []
        outcome = None
        for _ in range(MOST_STARTS):
            outcome = self._stays(standing := self._wait_for_turn(version), version, before)
            if outcome is None and self._deploy(content, version, standing, troubles):
                outcome = f"{version} is live"
            if outcome is not None:
                break
        troubles.append(self.filters.settle())
        told = "; ".join(dict.fromkeys(trouble for trouble in troubles if trouble))
        outcome = outcome or f"other deployments went first; {_push(version)}"
        return f"{outcome}. Not all filters are in line yet: {told}" if told else outcome

    def _stays(self, standing: Standing, version: str, before: str | None) -> str | None:
        """Return why what is live or arriving stays so; None where this deployment's config takes its place.

        What somebody pushed since the last deployment stays: a checkout that is behind must not bring old rules back.
        """
        if (arriving := standing.arriving) and arriving.config_version != version:
            return f"{arriving.config_version} is still being deployed and was left alone; {_push(version)}"
        live = standing.arriving or standing.live
        if live is None or not live.config_version:
            return None
        if live.config_version == version:
            return f"{version} is live"
        if live.own or live.config_version == before:
            return None
        return f"{live.config_version} was pushed and stays live; {_push(version)}"

    def _deploy(self, content: bytes, version: str, standing: Standing, troubles: list[str]) -> bool:
        live = standing.live
        number = self.configs.host(content, config_version=version, in_force=standing.versions)
        if live:
            troubles.append(self.filters.widen(number))
        # Nothing watches the first one, nor one over a broken one: there is nothing to go back to.
        strategy = self.strategies["update" if live and live.config_version else "first"]
        return self.configs.start(number, config_version=version, strategy=strategy)

    def _wait_for_turn(self, version: str) -> Standing:
        """Wait until nothing is being deployed, for AppConfig takes one at a time. Returns what stands then.

        Nobody's push is stopped. A deployment of the seed's own is, where that brings back what is wanted now, as when
        CloudFormation rolls the stack back; to stop it otherwise would bring back what is older than both.
        """
        standing = self.configs.standing()
        for _ in range(WAIT_SECONDS // POLL_SECONDS):
            arriving, live = standing.arriving, standing.live
            if arriving is None or arriving.config_version == version:
                break
            if arriving.own and live and live.config_version == version:
                self.configs.take_back(arriving.number)
            self.sleep(POLL_SECONDS)
            standing = self.configs.standing()
        return standing


def _push(version: str) -> str:
    return f"`trailbell config push` puts this deployment's {version} in its place"
