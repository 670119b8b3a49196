"""Execution environments as AWS's: a change of a function kills none at work, and few begin at once.

An update reaches new invocations; those in flight end in the execution environment that they began in:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html

On AWS each environment has a processor share of its own. Here all share one machine: forty that start at once, because
a function was changed under load, keep each other from starting within their function's time. So what would need one
more waits for one that is free, as an event waits in Lambda's queue for a function with reserved concurrency:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
"""

import threading
import time
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

MOST_AT_ONCE = 3
"""Environments of one function that are at work."""
PATIENCE_SECONDS = 60
"""How long an invocation waits for one of them; a function that calls itself gets another one in the end."""
POLL_SECONDS = 0.05
_retired: set[int] = set()
"""`id` of workers that are out of their pool and still at work."""
_lock = threading.Lock()


def install() -> None:
    """Take the place of MiniStack's functions of the same names, which others call by what `lambda_svc` imported."""
    lambda_svc.invalidate_worker = invalidate_worker
    lambda_svc.release_worker = release_worker
    lambda_svc.acquire_worker = acquire_worker


def acquire_worker(func_name: str, config: dict[str, Any], *arguments: Any, qualifier: str = "$LATEST") -> Any:
    """Lease a worker; wait for one where a function has enough at work."""
    key = lambda_runtime._worker_key(func_name, config, qualifier)
    end = time.monotonic() + PATIENCE_SECONDS
    while _at_work(key) >= MOST_AT_ONCE and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    return lambda_runtime.acquire_worker(func_name, config, *arguments, qualifier=qualifier)


def _at_work(key: str) -> int:
    with lambda_runtime._lock:
        return sum(worker.in_use for worker in lambda_runtime._workers.get(key, []))


def invalidate_worker(
    func_name: str, qualifier: str | None = None, account: str | None = None, region: str | None = None
) -> None:
    """Take a function's workers out of their pool: kill those that are idle, and the others once they are done."""
    idle = []
    with lambda_runtime._lock:
        for key in [key for key in lambda_runtime._workers if _is_of(key, func_name, qualifier, account, region)]:
            for worker in lambda_runtime._workers.pop(key):
                if worker.in_use:
                    with _lock:
                        _retired.add(id(worker))
                else:
                    idle.append(worker)
    lambda_runtime.kill_workers(idle)


def release_worker(worker: Any) -> None:
    """Give a worker back, or kill it where its function was changed meanwhile."""
    lambda_runtime.release_worker(worker)
    with _lock:
        over = id(worker) in _retired
        _retired.discard(id(worker))
    if over:
        lambda_runtime.kill_workers([worker])


def _is_of(key: str, name: str, qualifier: str | None, account: str | None, region: str | None) -> bool:
    """Tell whether a pool's key, `account:region:function:qualifier`, is of these; None is any."""
    wanted = (account, region, name, qualifier)
    return all(want in (None, have) for want, have in zip(wanted, key.split(":"), strict=True))
