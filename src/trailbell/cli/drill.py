"""`trailbell drill`: a harmless real API call that must alert, and the seconds until it does."""

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final

import typer
from rich.table import Table
from rich.text import Text

from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption, StackOption
from trailbell.cli.shared.journal import Journal, Line
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import EXIT_PROBLEMS, Format, FormatOption, result_console, say, write_json
from trailbell.contract.names import DEFAULT_STACK, Output
from trailbell.contract.regions import global_region

DRILL_EXAMPLES = """
Examples:

  trailbell drill                                    the drills there are, and what each calls

  trailbell drill cloudtrail-stop-attempted          call, and wait for the alert

  trailbell drill ec2-instance-launched-large --timeout 900
"""
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_NO_IMAGE = "ami-00000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A call that a rule alerts on and that changes nothing."""

    service: str
    """As boto3 calls it."""
    operation: str
    arguments: Callable[[], Mapping[str, Any]]
    answers: frozenset[str]
    """Error codes that the call may end in."""
    harmless: str
    """Why it changes nothing."""
    is_global: bool = False
    """Whether it is recorded in the region of the global services."""


DRILLS: Final[Mapping[str, Drill]] = {
    "cloudtrail-stop-attempted": Drill(
        service="cloudtrail",
        operation="StopLogging",
        arguments=lambda: {"Name": f"trailbell-drill-{uuid.uuid4().hex}"},
        answers=frozenset({"TrailNotFoundException"}) | _DENIED,
        harmless="it names a trail that does not exist, by a random name",
    ),
    "ec2-instance-launched-large": Drill(
        service="ec2",
        operation="RunInstances",
        arguments=lambda: {
            "DryRun": True,
            "ImageId": _NO_IMAGE,
            "InstanceType": "p5.48xlarge",
            "MinCount": 1,
            "MaxCount": 1,
        },
        answers=frozenset({"DryRunOperation", "InvalidAMIID.NotFound", "InvalidAMIID.Malformed"}) | _DENIED,
        harmless="a dry run, of an image that does not exist",
    ),
    "discovery-authorization-details": Drill(
        service="iam",
        operation="GetAccountAuthorizationDetails",
        arguments=lambda: {"MaxItems": 1},
        answers=_DENIED,
        harmless="it only reads. The rule alerts on what it has not seen for a while: not on a second drill",
        is_global=True,
    ),
}
"""Rule -> the call. A drill belongs here only where no answer of AWS can mean that something was changed."""


def drill(
    rule_id: Annotated[
        str | None, typer.Argument(metavar="RULE", help="The rule; without it, the drills are listed.")
    ] = None,
    *,
    timeout_seconds: Annotated[
        float, typer.Option("--timeout", min=1, help="Seconds to wait: CloudTrail can take minutes.")
    ] = 600,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    stack: StackOption = DEFAULT_STACK,
    output: FormatOption = Format.TEXT,
) -> None:
    """Make a real API call that changes nothing and must alert, and say how many seconds that took."""
    if rule_id is None:
        _list(output)
        return
    if rule_id not in DRILLS:
        say(f"There is no drill for {rule_id}: no harmless call is known. Try `trailbell send-test --rule {rule_id}`.")
        raise typer.Exit(EXIT_PROBLEMS)
    loaded = load(config, packs_dir)
    if rule_id not in {rule.id for rule in loaded.config.rules}:
        say(f"The rule {rule_id} is not on in this config.")
        raise typer.Exit(EXIT_PROBLEMS)
    aws = Aws(profile=profile, region=region or loaded.config.deployment.home_region)
    group = aws.stack_outputs(stack)[Output.DETECTOR_LOG_GROUP]
    chosen = DRILLS[rule_id]
    started = time.time()
    answer = call(aws, chosen)
    say(f"Called {chosen.service}:{chosen.operation} ({chosen.harmless}); AWS answered {answer}. Waiting ...")
    journal = Journal(
        aws.client("logs"), pattern=f'{{ $.rule = "{rule_id}" }}', mark=rule_id, since_ms=round(started * 1000)
    )
    line = journal.wait(group, lambda content: is_last_word(content, rule_id), time.monotonic() + timeout_seconds)
    _tell(rule_id, answer, line, started, output)


def call(aws: Aws, chosen: Drill) -> str:
    """Make the call and return AWS's answer in a word. Raises ClientError for one that the drill is not made for."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    client = aws.client(chosen.service, global_region(aws.region) if chosen.is_global else None)
    try:
        getattr(client, xform_name(chosen.operation))(**chosen.arguments())
    except ClientError as error:
        code: str = error.response["Error"]["Code"]
        if code not in chosen.answers:
            raise
        return code
    return "OK"


def is_last_word(content: Mapping[str, Any], rule_id: str) -> bool:
    """Tell whether a line of the detector's log says what became of a finding of the rule."""
    return content.get("rule") == rule_id and ("alert_id" in content or "outcome" in content)


def _tell(rule_id: str, answer: str, line: Line | None, started: float, output: Format) -> None:
    seconds = None if line is None else max(0.0, round(line.at_ms / 1000 - started, 1))
    outcome = "nothing" if line is None else "alerted" if "alert_id" in line.content else str(line.content["outcome"])
    if output is Format.JSON:
        write_json({"rule": rule_id, "answer": answer, "outcome": outcome, "seconds": seconds})
    elif outcome == "alerted":
        result_console().print(Text(f"{rule_id} alerted after {seconds} s."))
    elif line is not None:
        result_console().print(Text(f"{rule_id} matched after {seconds} s, and was not sent: {outcome}."))
    else:
        result_console().print(Text(f"{rule_id} did not alert. `trailbell doctor` may tell why."))
    if outcome != "alerted":
        raise typer.Exit(EXIT_PROBLEMS)


def _list(output: Format) -> None:
    if output is Format.JSON:
        fields = ("service", "operation", "harmless")
        write_json(
            [{"rule": rule} | {k: v for k, v in asdict(each).items() if k in fields} for rule, each in DRILLS.items()]
        )
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("Rule", "Call", "Why it changes nothing"):
        table.add_column(heading, no_wrap=heading != "Why it changes nothing")
    for rule, each in DRILLS.items():
        table.add_row(rule, f"{each.service}:{each.operation}", each.harmless)
    result_console().print(table)
