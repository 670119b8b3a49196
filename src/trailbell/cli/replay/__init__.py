"""Runs a config over the past without sending anything: what would have alerted, and what would have been held back.

Reading and matching need no order and run in as many processes as there are; their findings wait on disk. Judging goes
through them in the order of their events' time, with a clock that shows that time. Both are the detector's own code.
"""

from trailbell.cli.replay.past import Past, replaying
from trailbell.cli.replay.tally import RuleTally, Tally

__all__ = ["Past", "RuleTally", "Tally", "replaying"]
