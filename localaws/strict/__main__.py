"""Starts MiniStack with the strict layer in it."""

from collections.abc import Callable

from ministack.app import main

from localaws.strict import app_config, buses, loops, records, security_hub, sizes, workers
from localaws.strict.cloudformation import alarms, properties, resource_policies, role_names, saved_queries, trails
from localaws.strict.iam import calls, deliveries, functions, policies, provisioned

PARTS: tuple[Callable[[], None], ...] = (
    buses.install,
    records.install,
    properties.install,
    trails.install,
    resource_policies.install,
    role_names.install,
    alarms.install,
    saved_queries.install,
    security_hub.install,
    app_config.install,
    sizes.install,
    loops.install,
    workers.install,
    # Last: what is judged is what the others do.
    policies.install,
    calls.install,
    deliveries.install,
    functions.install,
    provisioned.install,
)
"""What each subject's module changes in MiniStack, in the order in which it must be changed."""

if __name__ == "__main__":
    for install in PARTS:
        install()
    main()
