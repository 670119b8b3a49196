"""What every check gets and gives, and how a check that AWS refuses is told."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from trailbell.cli.config.deployed import Deployed, versions_in_force
from trailbell.cli.shared.aws import Aws
from trailbell.config.deployments import InForce
from trailbell.config.model import Config
from trailbell.contract.names import Output, forwarder_stack_name
from trailbell.contract.places import Place, forwarded_places, watched_places
from trailbell.errors import ConfigError
from trailbell.filters import Filter, compile_filters
from trailbell.operations import is_read_only

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

Status = Literal["ok", "warn", "fail"]

_REFUSALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "UnauthorizedOperation",
        "AuthorizationErrorException",
    }
)
_ACTION = re.compile(r"perform:? ([a-z0-9-]+:[A-Za-z]+)")
"""AWS's own words: `is not authorized to perform: sns:Publish on resource`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a check found."""

    check: str
    status: Status
    said: str
    mend: str = ""
    """What to do, where there is something to do."""


class Deployment:
    """What is deployed, and the config that it is compared with."""

    def __init__(self, *, aws: Aws, stack: str, outputs: Mapping[str, str], config: Config) -> None:
        self.aws = aws
        self.stack = stack
        self.outputs = outputs
        """Of the hub stack."""
        self.config = config

    @property
    def home(self) -> str:
        """The region that Trailbell runs in."""
        return self.aws.region

    @property
    def forwarded(self) -> Sequence[Place]:
        """The places that need a forwarder."""
        return forwarded_places(self.home, self.config.deployment.regions)

    @property
    def watched(self) -> Sequence[Place]:
        """Every place that is watched, home first."""
        return watched_places(self.home, self.config.deployment.regions)

    @property
    def has_live_config(self) -> bool:
        """Whether the stack is one that runs its config from AppConfig."""
        return Output.CONFIG_APPLICATION in self.outputs

    @cached_property
    def _deployed(self) -> Deployed:
        return Deployed(self.aws, self.stack)

    @cached_property
    def in_force(self) -> InForce:
        """The versions of the live config that a detector may run now."""
        return versions_in_force(self._deployed.deployments())

    @cached_property
    def live(self) -> Config:
        """The config that is live, else the one at hand. Raises ConfigError where the live one is broken."""
        if not self.has_live_config or self.in_force.live is None:
            return self.config
        return self._deployed.config(self.in_force.live)

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        """What the live config needs let through; where that is broken, what the one at hand needs."""
        try:
            rules = self.live.rules
        except ConfigError:
            rules = self.config.rules
        return compile_filters(rules, slots=self.config.deployment.slots, read_only=is_read_only)

    def stack_in(self, region: str) -> str:
        """Return the name of the stack in a region."""
        return self.stack if region == self.home else forwarder_stack_name(self.stack, region)

    def resources(self, type_: str, region: str) -> set[str]:
        """Return the physical ids of the resources of a type that a region's stack holds."""
        pages = (
            self.aws.client("cloudformation", region)
            .get_paginator("list_stack_resources")
            .paginate(StackName=self.stack_in(region))
        )
        return {
            resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == type_ and "PhysicalResourceId" in resource
        }


Check = Callable[[Deployment], Iterable[Result]]


def run_checks(checks: Mapping[str, Check], deployment: Deployment) -> Iterator[Result]:
    """Run the checks in order. One that AWS refuses is told as such, and does not stop the next."""
    from botocore.exceptions import ClientError

    for name, check in checks.items():
        try:
            yield from check(deployment)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _REFUSALS:
                raise
            yield Result(
                check=name,
                status="warn",
                said=f"could not be checked: {_action(error)} is not allowed to you",
                mend=f"Allow {_action(error)} to whoever runs `trailbell doctor`.",
            )


def _action(error: "ClientError") -> str:
    found = _ACTION.search(str(error))
    return found[1] if found else error.operation_name


def pages(client: Any, operation: str, key: str, **arguments: Any) -> Iterator[Any]:
    """Yield the items of all pages."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page[key]
