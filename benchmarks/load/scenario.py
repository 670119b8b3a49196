"""A deployment's whole life under a stream of calls, and what must not be: missed, doubled, refused, left behind.

`python -m benchmarks.load.scenario` deploys into a local AWS, with all destinations on, and takes about four minutes.
It pushes, deploys, rolls back and destroys, and then sees a deployment fail whose seed lacks a grant. Exits with 1
where anything is as it must not be.
"""

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.support.measure import table
from localaws.deployment import StepError
from localaws.ministack import MiniStack
from localaws.scenario.life import live
from localaws.scenario.outcome import Outcome
from localaws.scenario.refusal import deploy_without_grant
from localaws.scenario.workshop import ACCOUNT, HOME, SECONDS_PER_MINUTE, Workshop
from localaws.stand_ins.taker import Taker

WANTED_SECONDS = 240


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory(prefix="trailbell-scenario-") as folder:
        work = Path(folder)
        faults = run(work)
        refusal = deploy_without_grant(work / "refusal")
    faults += refusal.faults()
    print(f"\nWithout its grant the first deployment fails, and rolls back ({refusal.status}):\n{refusal.reason}")
    for fault in faults:
        print(f"fault: {fault}")
    return 1 if faults else 0


def run(work: Path) -> list[str]:
    """Go through the scenario, and return what must not be."""
    began = time.monotonic()
    with (
        Taker() as taker,
        MiniStack(
            account=ACCOUNT, region=HOME, log_file=work / "ministack.log", seconds_per_minute=SECONDS_PER_MINUTE
        ) as aws,
    ):
        aws.client("securityhub").enable_security_hub()
        shop = Workshop(aws=aws, folder=work, taker=taker, say=lambda step: print(f"→ {step} ...", flush=True))
        try:
            outcome = live(shop)
        except StepError as error:
            for log in sorted(work.glob("*.log")):
                print(f"\nthe end of {log.name}:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
            return [f"{error}", *(f"refused: {each['action']} on {each['resource']}" for each in aws.refused())]
    seconds = time.monotonic() - began
    print_figures(shop, outcome, seconds)
    slow = [f"it took {seconds:.0f} s, and {WANTED_SECONDS} are wanted"] if seconds > WANTED_SECONDS else []
    return [*outcome.faults(), *slow]


def print_figures(shop: Workshop, outcome: Outcome, seconds: float) -> None:
    """Print each step's time, what was counted, and the grants that nothing used."""
    print(table(["step", "seconds"], [[step, f"{taken:.1f}"] for step, taken in shop.seconds.items()]))
    rows = [
        [f"seconds in all (wanted: under {WANTED_SECONDS})", f"{seconds:.0f}"],
        ["calls put on two regions' buses", f"{outcome.sent}, {outcome.per_second:.1f} a second"],
        ["alerts missed (wanted: 0)", str(len(outcome.missed))],
        ["alerts that came twice (wanted: 0)", str(len(outcome.twice))],
        ["calls refused (wanted: 0)", str(len(outcome.refused))],
        ["dead letters (wanted: 0)", str(sum(outcome.dead.values()))],
        *([f"alerts that {name} took (wanted: {outcome.wanted})", str(count)] for name, count in outcome.taken.items()),
        ["left behind (wanted: the trail's bucket)", ", ".join(" ".join(thing).strip() for thing in outcome.left)],
    ]
    print(table(["", ""], rows))
    print("Grants that nothing used:")
    for grant in outcome.unused:
        print(f"- {grant}")


if __name__ == "__main__":
    sys.exit(main())
