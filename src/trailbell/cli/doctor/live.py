"""Whether the config that detectors run is the one at hand."""

from collections.abc import Iterator

from trailbell.cli.doctor.checkup import Deployment, Result, Status
from trailbell.errors import ConfigError


def check_config(deployment: Deployment) -> Iterator[Result]:
    """Compare the live config with the local one."""
    yield _compare(deployment)


def _compare(deployment: Deployment) -> Result:
    if not deployment.has_live_config:
        return _result("warn", "the stack has no live config: it is of an earlier Trailbell", "Run `cdk deploy --all`.")
    if deployment.in_force.live is None:
        return _result(
            "fail", "no config was ever made live; detectors run the one they were deployed with", "Deploy again."
        )
    if deployment.in_force.arriving is not None:
        said = f"version {deployment.in_force.arriving} is being deployed: look again when it is done"
        return _result("warn", said, "Follow it with `trailbell config history`.")
    try:
        live = deployment.live
    except ConfigError as error:
        said = f"the live config is broken, detectors run the last good one: {error}"
        return _result("fail", said, "Push a good one with `trailbell config push`, or go back with `config rollback`.")
    if live.version != deployment.config.version:
        said = f"live is {live.version}, this config is {deployment.config.version}"
        return _result("warn", said, "`trailbell config plan` tells what differs, `config push` makes this one live.")
    return _result("ok", f"{live.version} is live, and is this config", "")


def _result(status: Status, said: str, mend: str) -> Result:
    return Result(check="config", status=status, said=said, mend=mend)
