"""Execution environments of the local Lambda: what is at work ends, and no more than a few begin."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from ministack.core import lambda_runtime
from ministack.services import lambda_svc

from localaws.strict import workers

ACCOUNT, REGION = "111122223333", "us-east-2"
NAME = "detector"
CONFIG: dict[str, Any] = {
    "FunctionName": NAME,
    "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}",
    "Runtime": "python3.14",
}


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Return what is killed, with the part in MiniStack and no worker at all."""
    found: list[Any] = []
    for name in ("invalidate_worker", "release_worker", "acquire_worker"):
        monkeypatch.setattr(lambda_svc, name, getattr(lambda_svc, name))
    monkeypatch.setattr(lambda_runtime, "kill_workers", found.extend)
    workers.install()
    yield found
    lambda_runtime._workers.clear()


def lease() -> Any:
    worker, _ = lambda_svc.acquire_worker(NAME, CONFIG, b"", qualifier="$LATEST")
    return worker


def change() -> None:
    lambda_svc.invalidate_worker(NAME, qualifier="$LATEST", account=ACCOUNT, region=REGION)


def test_what_runs_when_its_function_is_changed_goes_on_to_its_end(killed: list[Any]) -> None:
    worker = lease()
    change()
    assert killed == []
    lambda_svc.release_worker(worker)
    assert killed == [worker]


def test_what_runs_next_runs_the_changed_function(killed: list[Any]) -> None:
    before = lease()
    change()
    after = lease()
    assert after is not before
    lambda_svc.release_worker(after)
    assert killed == []


def test_what_is_idle_goes_at_once(killed: list[Any]) -> None:
    worker = lease()
    lambda_svc.release_worker(worker)
    change()
    assert killed == [worker]


def test_a_change_leaves_other_functions_alone(killed: list[Any]) -> None:
    lambda_svc.release_worker(lease())
    lambda_svc.invalidate_worker("other", account=ACCOUNT, region=REGION)
    lambda_svc.invalidate_worker(NAME, account=ACCOUNT, region="us-east-1")
    assert killed == []


@pytest.mark.usefixtures("killed")
def test_an_invocation_waits_where_a_function_has_enough_at_work() -> None:
    leased = [lease() for _ in range(workers.MOST_AT_ONCE)]
    got: list[Any] = []
    waiting = threading.Thread(target=lambda: got.append(lease()), daemon=True)
    waiting.start()
    waiting.join(timeout=4 * workers.POLL_SECONDS)
    assert got == []
    lambda_svc.release_worker(leased[0])
    waiting.join(timeout=10)
    assert got == [leased[0]]


@pytest.mark.usefixtures("killed")
def test_a_function_that_waits_for_itself_gets_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE_SECONDS", 0)
    leased = [lease() for _ in range(workers.MOST_AT_ONCE + 1)]
    assert len({id(worker) for worker in leased}) == workers.MOST_AT_ONCE + 1
