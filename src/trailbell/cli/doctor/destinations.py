"""Whether the destinations would take alerts, as far as they can be asked without one being sent."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from trailbell.cli.doctor.checkup import Check, Deployment, Result
from trailbell.cli.doctor.delivery import is_filled
from trailbell.contract.names import SECRET_SUFFIX
from trailbell.destinations import all_kinds
from trailbell.destinations.interface import Kind


def destination_checks() -> Mapping[str, Check]:
    """Return the check of each kind of destination that can be asked, by the kind's name."""
    return {
        name: partial(check_destination, name, kind)
        for name, kind in all_kinds().items()
        if type(kind).check is not Kind.check
    }


def check_destination(name: str, kind: Kind[Any], deployment: Deployment) -> Iterator[Result]:
    """Ask one kind of destination. The check of secrets tells an empty one."""
    arn = deployment.outputs.get(f"{kind.resources}{SECRET_SUFFIX}")
    settings = deployment.config.destinations.of(name)
    if arn is None or settings is None:
        return
    text = deployment.aws.client("secretsmanager").get_secret_value(SecretId=arn).get("SecretString", "")
    if is_filled(text):
        for checked in kind.check(text, settings):
            yield Result(check=name, **asdict(checked))
