"""`trailbell send-test`: a TEST alert through the deployed bus to every destination, and how long each took."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import typer
from rich.table import Table

from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.journal import Journal, Line
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, find_events_dir, find_rule, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, count, result_console, say, write_json
from trailbell.cli.shared.trials import Trial, choose_trial, chunks, make_trial
from trailbell.contract.names import DEFAULT_STACK, Output
from trailbell.destinations import KINDS
from trailbell.destinations.settings import NOWHERE

SEND_TEST_EXAMPLES = """
Examples:

  trailbell send-test                                the mildest rule that tells every destination

  trailbell send-test --rule root-signed-in          that rule, and where its alerts go

  trailbell send-test --timeout 30 --format json
"""

LOG_GROUP = "NotifierLogGroup"
"""What the stack's outputs for the notifiers' logs end in."""
_PUT_ENTRIES = 10
SKEW_MS = 60_000
"""How far this machine's clock may be ahead of AWS's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far the alert got."""

    step: str
    """`detector`, or a destination as routes call it."""
    seconds: float | None
    """After the test event was put on the bus; None where it never came, or where nobody can tell."""
    said: str
    arrived: bool


def send_test(
    *,
    rule_id: Annotated[
        str | None, typer.Option("--rule", help="The rule whose alert is sent.", show_default=False)
    ] = None,
    timeout_seconds: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds to wait for each destination.")
    ] = 60,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Send a TEST alert through the deployed bus to every destination, and say how long each took."""
    loaded = load(config, packs_dir)
    events_dir = find_events_dir(config)
    entry = find_rule(loaded, rule_id) if rule_id else None
    trial = make_trial(loaded, entry, events_dir) if entry else choose_trial(loaded, events_dir)
    if trial is None:
        named = f"The rule {rule_id} has" if rule_id else "No rule has"
        say(f"{named} no test record on which this config alerts: it is off, suppressed, or its tests are missing.")
        raise typer.Exit(EXIT_PROBLEMS)
    aws = Aws(profile=profile, region=region or loaded.config.deployment.home_region)
    outputs = aws.stack_outputs(stack)
    if output is Format.TEXT:
        say(f"Sending a TEST of {trial.rule.id} ({count(len(trial.records), 'test event')}) ...")
    started = time.time()
    _put(aws, trial)
    steps = list(follow(aws, outputs, trial, started=started, timeout_seconds=timeout_seconds))
    _write(trial, steps, output)
    if not all(step.arrived for step in steps):
        say("`trailbell doctor` tells what is wrong with the deployment, the function's log what it made of the test.")
        raise typer.Exit(EXIT_PROBLEMS)


def follow(
    aws: Aws, outputs: Mapping[str, str], trial: Trial, *, started: float, timeout_seconds: float
) -> Iterator[Step]:
    """Yield the steps as they are reached; the last one that was not, with why."""
    journal = Journal(
        aws.client("logs"),
        pattern=f'{{ $.alert_id = "{trial.token}*" || $.finding_id = "{trial.token}*" }}',
        mark=trial.token,
        since_ms=round(started * 1000) - SKEW_MS,
    )
    until = time.monotonic() + timeout_seconds

    def is_settled(content: Mapping[str, Any]) -> bool:
        return content.get("alert_id") in trial.alert_ids or _is_last_word(content, trial)

    settled = journal.wait(outputs[Output.DETECTOR_LOG_GROUP], is_settled, until)
    yield _detector_step(settled, started, timeout_seconds)
    if settled is None or "alert_id" not in settled.content:
        return
    groups = [value for name, value in sorted(outputs.items()) if name.endswith(LOG_GROUP)]
    until = time.monotonic() + timeout_seconds
    for destination in trial.destinations:
        if destination in NOWHERE:
            said = "this config's routes send it nowhere"
            yield Step(step=destination, seconds=None, said=said, arrived=True)
        elif destination.partition("/")[0] not in KINDS:  # SNS serves it by itself, and logs nothing of it
            yield _sns_step(destination, settled, started)
        else:
            yield _notifier_step(journal, groups, destination, settled, started, until)


def _is_last_word(content: Mapping[str, Any], trial: Trial) -> bool:
    """Tell whether the detector says that no alert will come of the last test event."""
    last = f"{trial.records[-1]['eventID']}/{trial.rule.id}"
    return content.get("finding_id") == last and content.get("outcome") not in {None, "alerted", "below_threshold"}


def _detector_step(line: Line | None, started: float, timeout_seconds: float) -> Step:
    if line is None:
        said = f"nothing heard within {timeout_seconds:.0f} s: no filter let it through, or the detector failed"
        return Step(step="detector", seconds=None, said=said, arrived=False)
    if "alert_id" in line.content:
        return Step(step="detector", seconds=_since(line, started), said="alert published", arrived=True)
    outcome = str(line.content.get("outcome"))
    said = f"held back ({outcome}): a window of an earlier test is open, or the live config differs from this one"
    return Step(step="detector", seconds=_since(line, started), said=said, arrived=False)


def _sns_step(destination: str, published: Line, started: float) -> Step:
    what = "mails it to" if destination == "email" else "hands it to"
    said = f"SNS {what} its subscribers, and does not tell when"
    return Step(step=destination, seconds=_since(published, started), said=said, arrived=True)


def _notifier_step(
    journal: Journal, groups: Sequence[str], destination: str, published: Line, started: float, until: float
) -> Step:
    alert_id = published.content["alert_id"]

    def is_delivery(content: Mapping[str, Any]) -> bool:
        return content.get("alert_id") == alert_id and content.get("destination") == destination

    kind = destination.partition("/")[0].replace("-", "")
    mine = [group for group in groups if kind in group.lower()] or list(groups)
    for group in mine:
        line = journal.wait(group, is_delivery, until)
        if line:
            said = str(line.content.get("message", "delivered")).removeprefix("Alert ")
            return Step(step=destination, seconds=_since(line, started), said=said, arrived=True)
    said = "not delivered in time: see its notifier's log and its dead letters" if mine else "it has no notifier"
    return Step(step=destination, seconds=None, said=said, arrived=False)


def _since(line: Line, started: float) -> float:
    return max(0.0, round(line.at_ms / 1000 - started, 3))


def _put(aws: Aws, trial: Trial) -> None:
    events = aws.client("events")
    for entries in chunks(trial.entries(), _PUT_ENTRIES):
        answer = events.put_events(Entries=entries)
        if answer["FailedEntryCount"]:
            refused = next(entry for entry in answer["Entries"] if "ErrorCode" in entry)
            say(f"EventBridge refused the test event: {refused['ErrorCode']}: {refused.get('ErrorMessage', '')}.")
            raise typer.Exit(EXIT_PROBLEMS)


def _write(trial: Trial, steps: Sequence[Step], output: Format) -> None:
    if output is Format.JSON:
        write_json({"rule": trial.rule.id, "steps": [asdict(step) for step in steps]})
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("", "Step", "After", "Said"):
        table.add_column(heading, justify="right" if heading == "After" else "left", no_wrap=heading != "Said")
    for step in steps:
        mark = "[green]ok[/green]" if step.arrived else "[bold red]fail[/bold red]"
        table.add_row(mark, step.step, "-" if step.seconds is None else f"{step.seconds:.1f} s", step.said)
    result_console().print(table)
