"""A stack whose template is the same in whatever CDK app it stands."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from aws_cdk import Stack
from constructs import Construct


class FixedStack(Stack):
    """A stack that goes by Trailbell's feature flags, not by the app's."""

    def __init__(self, scope: Construct, id_: str, **options: Any) -> None:
        """Make an empty stack. `options` go to `Stack` as they are."""
        super().__init__(scope, id_, **options)
        # Before anything is put in: CDK allows it only then, and a construct asks when it is made.
        for flag, value in feature_flags().items():
            self.node.set_context(flag, value)


@cache
def feature_flags() -> dict[str, Any]:
    """Return how CDK's constructs shall behave, as `cdk init` of aws-cdk-lib 2.275 recommends.

    https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html: an app says these in its cdk.json. Ours stand in the
    package, so that an app that says none, or others, gets the same roles, policies and names.
    """
    flags: dict[str, Any] = json.loads(files(__package__).joinpath("feature_flags.json").read_text(encoding="utf-8"))
    return flags
