"""The CDK app: check the config, compile its filters, synthesise.

cdk synth                            with config/trailbell.yaml
cdk synth --context config=PATH      with another config
"""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from trailbell.authoring import load_config
from trailbell.contract.names import forwarder_stack_name
from trailbell.errors import ConfigError
from trailbell.infra.forwarder_stack import ForwarderStack
from trailbell.infra.from_config import make_settings
from trailbell.infra.hub_stack import HubStack
from trailbell.infra.limits import Excess, check_assembly
from trailbell.infra.settings import Settings

ROOT = Path(__file__).resolve().parent


DEFAULT_CONFIG = ROOT / "config" / "trailbell.yaml"


def build(app: App, settings: Settings) -> None:
    """Add the hub, and a forwarder in every other region, to the app."""
    forwarders = {
        place: ForwarderStack(
            app,
            forwarder_stack_name(settings.stack_name, place.region),
            settings=settings,
            env=Environment(account=place.account or settings.account, region=place.region),
        )
        for place in settings.forwarded
    }
    hub = HubStack(
        app,
        settings.stack_name,
        settings=settings,
        forwarded={place: forwarder.filters.generation for place, forwarder in forwarders.items()},
        env=Environment(account=settings.account, region=settings.home_region),
    )
    for forwarder in forwarders.values():
        # The bus at home must be ready before events are sent to it, and filter sync must know the new live slots.
        forwarder.add_stack_dependency(hub)


def main() -> int:
    """Synthesise; a broken config is told on stderr and nothing is synthesised."""
    app = App()
    path = Path(app.node.try_get_context("config") or DEFAULT_CONFIG)
    try:
        loaded = load_config(path, today=datetime.now(UTC).date())
        settings = make_settings(loaded.config, build_folder=ROOT / ".build")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if loaded.config.deployment.home_region is None:
        region = settings.home_region or "whichever the CLI has"
        sys.stderr.write(
            f"deployment.home_region is left out: the stack's region is {region}, and with a colleague's CLI it may be "
            "another. Name it in the config.\n"
        )
    build(app, settings)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    return _refused(check_assembly(Path(app.synth().directory)))


def _refused(excesses: Sequence[Excess]) -> int:
    for excess in excesses:
        sys.stderr.write(f"{excess}\n")
    return 1 if excesses else 0


if __name__ == "__main__":
    sys.exit(main())
