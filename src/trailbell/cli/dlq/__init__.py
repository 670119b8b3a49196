"""`trailbell dlq`: the dead-letter queues of a deployment."""

from trailbell.cli.dlq.command import app

__all__ = ["app"]
