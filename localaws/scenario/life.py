"""A deployment's whole life in the local AWS, from the first `cdk deploy` to `cdk destroy`, under a stream of calls."""

import json
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from localaws.assembly import next_release, templates
from localaws.deployment import Deployment, StepError, Subscriber, bootstrap, deploy_assembly, destroy
from localaws.ministack import PROJECT_ROOT
from localaws.scenario.everywhere import await_everywhere, fill_secrets, listen, tell_everywhere
from localaws.scenario.grants import unused_grants
from localaws.scenario.leftovers import inventory
from localaws.scenario.outcome import Outcome
from localaws.scenario.stream import Stream, all_arrived, arrived
from localaws.scenario.workshop import ELSEWHERE, FEWER_SLOTS, REGIONS, SLOTS, WATCHED_SECONDS, Workshop, ended
from localaws.strict import journal
from trailbell import examples
from trailbell.contract.names import Output

FIRST, DEPLOYED, FEWER, RELEASE = "first", "deployed", "fewer-slots", "release"
EVERY_SECONDS = 0.2
"""Five calls a second."""
WARM_SECONDS = 60
ARRIVAL_SECONDS = 60
RECORD = examples.FOLDER / "run-instances-iam-user.json"


def live(shop: Workshop) -> Outcome:
    """Go through all steps. Raises StepError where one fails."""
    aws = shop.aws
    with shop.step("synthesise"):
        assemblies = synthesise(shop)
    with shop.step("cdk bootstrap"):
        bootstrap(aws, assembly=assemblies[FIRST], regions=REGIONS)
        listener = listen(aws)
    before = inventory(aws, REGIONS)
    with shop.step("cdk deploy, the first"):
        deployment = deploy_assembly(aws, assemblies[FIRST])
        fill_secrets(deployment, shop.taker.endpoint)
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    with deployment.subscriber() as subscriber:
        with shop.step("the first alert"):
            warm_up(deployment, record, subscriber)
        with Stream(deployment, record, every_seconds=EVERY_SECONDS, regions=(None, ELSEWHERE)) as stream:
            began = time.monotonic()
            told = change(shop, deployment, assemblies)
            seconds = time.monotonic() - began
        with shop.step("wait for what is on its way"):
            seen = all_arrived(subscriber, stream.sent, seconds=ARRIVAL_SECONDS)
            taken = await_everywhere(shop.aws, shop.taker, listener, told)
            seen += arrived(subscriber, 0, seconds=ARRIVAL_SECONDS)  # what comes a second time comes late
    dead = dead_letters(deployment)
    with shop.step("cdk destroy"):
        destroy(aws, assemblies[RELEASE])
    after = inventory(aws, REGIONS)
    return Outcome(
        sent=len(stream.sent),
        missed=[event for event in stream.sent if event not in seen],
        twice=[event for event in stream.sent if seen[event] > 1],
        per_second=len(stream.sent) / seconds,
        refused=aws.refused(),
        taken=taken,
        wanted=told,
        dead=dead,
        left=sorted(after - before),
        unused=unused_grants(templates(assemblies[RELEASE]), journal.read(aws.journal_file)),
    )


def synthesise(shop: Workshop) -> Mapping[str, Path]:
    """Return what will be deployed, by the name of its config; a release comes from another checkout."""
    projects = dict.fromkeys((FIRST, DEPLOYED, FEWER), PROJECT_ROOT) | {RELEASE: next_release(shop.folder / "checkout")}
    slots = {FIRST: SLOTS, DEPLOYED: SLOTS, FEWER: FEWER_SLOTS, RELEASE: FEWER_SLOTS}
    with ThreadPoolExecutor(max_workers=2) as pool:
        done = {
            name: pool.submit(shop.synthesise, name, shop.config(name, slots=slots[name]), project=project)
            for name, project in projects.items()
        }
    return {name: each.result() for name, each in done.items()}


def change(shop: Workshop, deployment: Deployment, assemblies: Mapping[str, Path]) -> int:
    """Push, deploy and roll back, and tell every destination after each step; returns how often. Raises StepError."""
    told = 0

    @contextmanager
    def step(name: str) -> Iterator[None]:
        nonlocal told
        with shop.step(name):
            yield
        tell_everywhere(deployment)
        told += 1

    def deploy(name: str, *, says: str) -> None:
        outcome = deploy_assembly(shop.aws, assemblies[name]).outputs[Output.LIVE_CONFIG]
        if says not in outcome or "Not all filters" in outcome:
            raise StepError(f"the deployment says {outcome!r} of its config, and not that it {says}")

    with step("push"):
        shop.run("config", "push", "--config", str(shop.config("pushed-1")), "--yes", "--no-wait")
    with shop.command("config", "push", "--config", str(shop.config("pushed-2")), "--yes") as pushing:
        with step("push again within a minute, which waits for its turn"):
            wait_until_watched(deployment, number=3)
        with step("cdk deploy with another config, while the push is watched"):
            deploy(DEPLOYED, says="was pushed and stays live")
            ended(pushing)
    with step("rollback"):
        shop.run("config", "rollback", "--yes")
    with step("push what was deployed"):
        shop.run("config", "push", "--config", str(shop.folder / f"{DEPLOYED}.yaml"), "--yes", "--no-bake")
    with step("cdk deploy with one slot fewer, and another config"):
        deploy(FEWER, says="is live")
        wait_until_watched(deployment, number=6)
    with step("cdk deploy of a release with another text of the slots and another config, while that is watched"):
        deploy(RELEASE, says="is live")
    return told


def wait_until_watched(deployment: Deployment, *, number: int) -> None:
    """Wait until AppConfig watches the deployment of this number. Raises StepError."""
    outputs, appconfig = deployment.outputs, deployment.aws.client("appconfig")
    end = time.monotonic() + WATCHED_SECONDS
    seen: list[tuple[int, str]] = []
    while time.monotonic() < end:
        items = appconfig.list_deployments(
            ApplicationId=outputs[Output.CONFIG_APPLICATION], EnvironmentId=outputs[Output.CONFIG_ENVIRONMENT]
        )["Items"]
        seen = [(item["DeploymentNumber"], item["State"]) for item in items]
        if (number, "BAKING") in seen:
            return
        time.sleep(0.2)
    raise StepError(f"AppConfig does not watch deployment {number}: {seen}")


def warm_up(deployment: Deployment, record: Mapping[str, Any], subscriber: Subscriber) -> None:
    """Start the detector. Raises StepError where nothing comes."""
    with Stream(deployment, record, every_seconds=1) as stream:
        first = subscriber.wait(WARM_SECONDS)
    if first is None:
        raise StepError(f"no alert within {WARM_SECONDS} s")
    arrived(subscriber, len(stream.sent) - 1, seconds=WARM_SECONDS)


def dead_letters(deployment: Deployment) -> Mapping[str, int]:
    """Return how many messages lie in each queue of what could not be handled."""
    sqs = deployment.aws.client("sqs")
    urls = {name: url for name, url in deployment.outputs.items() if name.endswith("DeadLettersUrl")}
    asked = {"AttributeNames": ["ApproximateNumberOfMessages"]}
    found = {name: sqs.get_queue_attributes(QueueUrl=url, **asked)["Attributes"] for name, url in urls.items()}
    return {name: int(attributes["ApproximateNumberOfMessages"]) for name, attributes in found.items()}
