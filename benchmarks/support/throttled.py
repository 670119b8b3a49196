"""Gives a process the CPU that Lambda gives a function: all of it while it starts, its share of a core from then on.

Linux's CPU groups do it, for root; where there are none, `limit` says so.
"""

import os
from pathlib import Path

MEMORY_MB_OF_A_CORE = 1_769
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
PERIOD_MICROSECONDS = 20_000
_ONE, _TWO = Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup")
NAME = "trailbell-benchmark"


class Unlimited(Exception):  # noqa: N818 - what it is, not who erred
    """This machine does not let us limit a process's CPU."""


def limit(pid: int, memory_mb: int) -> None:
    """Give a process no more CPU than a function of so much memory has. Raises Unlimited."""
    quota = PERIOD_MICROSECONDS * memory_mb // MEMORY_MB_OF_A_CORE
    try:
        if _ONE.is_dir():
            group = _ONE / NAME
            group.mkdir(exist_ok=True)
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_MICROSECONDS))
            (group / "cpu.cfs_quota_us").write_text(str(quota))
        else:
            group = _TWO / NAME
            group.mkdir(exist_ok=True)
            (group / "cpu.max").write_text(f"{quota} {PERIOD_MICROSECONDS}")
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        raise Unlimited(f"no CPU groups here ({os.strerror(error.errno or 0)})") from error
