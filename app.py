"""The CDK app of this checkout: synthesise what the config decides, and check it.

cdk synth                            with config/trailbell.yaml
cdk synth --context config=PATH      with another config
"""

import sys
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from trailbell.errors import ConfigError
from trailbell.infra import AuditAlerter
from trailbell.infra.base.stack import feature_flags

ROOT = Path(__file__).resolve().parent
DEFAULT_CONFIG = ROOT / "config" / "trailbell.yaml"


def main() -> int:
    """Synthesise; a broken config, and what AWS would refuse, is told on stderr."""
    # The stacks have the flags anyway; the CDK CLI asks for them in the app.
    app = App(context=feature_flags())
    try:
        AuditAlerter(app, config=app.node.try_get_context("config") or DEFAULT_CONFIG, build_folder=ROOT / ".build")
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    Validations.of(app).add_plugins(AwsSolutionsChecks(app, verbose=True))
    try:
        app.synth()
    except RuntimeError as error:  # jsii has no other
        if not str(error).startswith("ValidationFailed"):
            raise
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
