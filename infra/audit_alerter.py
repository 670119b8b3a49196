"""Trailbell as a construct: one line in a CDK app of anybody's."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from aws_cdk import Environment, Validations
from constructs import Construct

from trailbell.authoring import load_config
from trailbell.contract.names import forwarder_stack_name
from trailbell.infra.forwarder_stack import ForwarderStack
from trailbell.infra.from_config import make_settings
from trailbell.infra.hub_stack import HubStack
from trailbell.infra.limits_check import LimitsCheck


class AuditAlerter(HubStack):
    """The hub as a config decides, and beside it a forwarder in every other region."""

    def __init__(
        self, scope: Construct, id_: str | None = None, *, config: str | Path, build_folder: Path | None = None
    ) -> None:
        """Make the stacks in `scope`; `id_` is the stack's name in the config where it is left out.

        `build_folder` takes the functions' packages; where it is left out, a folder in the user's cache does.

        Raises ConfigError: a broken config is not synthesised.
        """
        loaded = load_config(Path(config), today=datetime.now(UTC).date()).config
        settings = make_settings(loaded, build_folder=build_folder or cache_folder())
        if loaded.deployment.home_region is None:
            _tell_region(settings.home_region)
        forwarders = {
            place: ForwarderStack(
                scope,
                forwarder_stack_name(settings.stack_name, place.region),
                settings=settings,
                env=Environment(account=place.account or settings.account, region=place.region),
            )
            for place in settings.forwarded
        }
        super().__init__(
            scope,
            id_ or settings.stack_name,
            settings=settings,
            forwarded={place: forwarder.filters.generation for place, forwarder in forwarders.items()},
            # The command finds the stack by the config's name for it, whatever the app calls the construct.
            stack_name=settings.stack_name,
            env=Environment(account=settings.account, region=settings.home_region),
        )
        for forwarder in forwarders.values():
            # The bus at home must be ready before events are sent to it; filter sync must know the new live slots.
            forwarder.add_stack_dependency(self)
        Validations.of(self).add_plugins(LimitsCheck([self, *forwarders.values()]))


def cache_folder() -> Path:
    """Return where packages are kept between one synth and the next: https://specifications.freedesktop.org/basedir."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trailbell"


def _tell_region(home_region: str | None) -> None:
    sys.stderr.write(
        f"deployment.home_region is left out: the stack's region is {home_region or 'whichever the CLI has'}, and with "
        "a colleague's CLI it may be another. Name it in the config.\n"
    )
