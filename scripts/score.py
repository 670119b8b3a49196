"""Measure the packs: attack techniques caught, and alerts per 1,000 benign events.

Attacks and ordinary days are read from tests/traces; real records from ../shared/records, where that folder exists. The
windows (dedupe, threshold, first_seen) run on the events' own clock. The ordinary days come first, so that a technique
meets principals who are known already. `--check` fails where a result is worse than tests/traces/baseline.json;
`--write` makes the results the baseline.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scripts.scoring import (
    RECORDS,
    Caught,
    Noise,
    RealGroup,
    Scorer,
    benign_records,
    group_real_records,
    real_records,
    score_attack,
    score_noise,
)
from scripts.traces import ROOT, TRACES, read_traces
from trailbell.authoring import load_config

BASELINE = TRACES / "baseline.json"
PAGE = ROOT / "docs" / "score.md"
README = ROOT / "README.md"
BEGIN, END = "<!-- score: begin -->\n", "<!-- score: end -->"
ABOUT = (
    "Which attack techniques the packs `starter`, `cis` and `attack` catch at severity medium or higher, and what they "
    "say of ordinary days. Traces are in `tests/traces`, written from the public descriptions that they name; each "
    "technique runs after the ordinary days, so that `first_seen` rules know the people. Written by "
    "`python -m scripts.score --write`; `make score` fails when a figure gets worse."
)
NOISIEST = 20
REAL_GROUPS: Mapping[RealGroup, str] = {
    "log": "Real logs of three accounts, without the attack exercises in them",
    "exercise": "Attack exercises in those logs",
    "single": "Single records that others keep as examples of what should alert",
}
_DAY = date(2026, 11, 2)


def compare(results: Mapping[str, Any], baseline: Mapping[str, Any]) -> list[str]:
    """Return in what the results are worse than the baseline."""
    worse = [f"no longer caught: {name}" for name in sorted(set(baseline["caught"]) - set(results["caught"]))]
    worse += [f"not caught: {name}" for name in results["missed"] if name not in baseline["missed"]]
    worse += [f"alerts on a benign neighbour: {name}" for name in results["noisy"] if name not in baseline["noisy"]]
    worse += [
        f"{name}: {results[name]:.2f} alerts per 1,000 events, were {baseline[name]:.2f}"
        for name in ("benign", "log")
        if results.get(name) is not None and baseline.get(name) is not None and results[name] > baseline[name]
    ]
    return worse


def main() -> int:
    """Print the scoreboard. Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="fail where a result is worse than the baseline")
    parser.add_argument("--write", action="store_true", help="make the results the baseline")
    arguments = parser.parse_args()
    scorer = Scorer(load_config(TRACES / "trailbell.yaml", today=_DAY).config)
    benign, before = score_noise(scorer, benign_records())
    caught = [score_attack(scorer, trace, before) for trace in read_traces("attacks")]
    real = _score_real(scorer) if RECORDS.exists() else {}
    _print_attacks(caught)
    _print_noise("Ordinary days (tests/traces/benign)", benign)
    for group, noise in real.items():
        _print_noise(f"{REAL_GROUPS[group]} (../shared/records)", noise)
    if not real:
        print("\n../shared/records is not here: real records are not measured")
    results = {
        "caught": [each.trace.name for each in caught if each.rules],
        "missed": [each.trace.name for each in caught if not each.rules],
        "benign": benign.per_thousand,
        "log": real["log"].per_thousand if real else None,
        "noisy": [each.trace.name for each in caught if each.noise],
    }
    if arguments.write:
        BASELINE.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
        PAGE.write_text(to_markdown(caught, benign, real), encoding="utf-8")
        readme = README.read_text(encoding="utf-8")
        README.write_text(insert_table(readme, summary_table(caught, benign, real)), encoding="utf-8")
    if arguments.check:
        worse = compare(results, json.loads(BASELINE.read_text(encoding="utf-8")))
        for line in worse:
            print(f"worse: {line}", file=sys.stderr)
        return bool(worse)
    return 0


def _score_real(scorer: Scorer) -> dict[RealGroup, Noise]:
    """Run the real records, and count each group by itself."""
    records = real_records(RECORDS)
    group = group_real_records(records)

    def score(name: RealGroup) -> Noise:
        return score_noise(scorer, records, lambda record: group(record) == name)[0]

    return {name: score(name) for name in REAL_GROUPS}


def summary_table(caught: Sequence[Caught], benign: Noise, real: Mapping[RealGroup, Noise]) -> str:
    """Return the few figures that the README shows."""
    found = sum(bool(each.rules) for each in caught)
    return (
        "| measured on traces of our own ([all of them](docs/score.md)) | packs `starter`, `cis`, `attack` |\n"
        "| --- | --- |\n"
        f"| attack techniques caught, at severity medium or higher | {found} of {len(caught)} |\n"
        f"| alerts per 1,000 events of ordinary days, after dedupe | {benign.per_thousand:.1f} "
        f"({benign.total} in {benign.events:,}) |\n"
        + "".join(
            f"| alerts per 1,000 events of three real accounts' logs | {noise.per_thousand:.1f} "
            f"({noise.total} in {noise.events:,}) |\n"
            for noise in ([real["log"]] if real else [])
        )
    )


def insert_table(readme: str, table: str) -> str:
    """Return the README with the table as it is now."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}"


def to_markdown(caught: Sequence[Caught], benign: Noise, real: Mapping[RealGroup, Noise]) -> str:
    """Return docs/score.md."""
    lines = [
        "# Scoreboard",
        "",
        ABOUT,
        "",
        summary_table(caught, benign, real).replace("](docs/score.md)", "](#techniques)").rstrip(),
        "",
        "## Techniques",
        "",
        "| technique | ATT&CK | caught by | alerts on its benign neighbours |",
        "| --- | --- | --- | --- |",
    ]
    lines += map(_row, caught)
    lines += ["", "## Ordinary days", "", *_noise_lines(benign)]
    for group, noise in real.items():
        lines += ["", f"## {REAL_GROUPS[group]}", "", *_noise_lines(noise)]
    return "\n".join(lines) + "\n"


def _row(each: Caught) -> str:
    caught_by = ", ".join(f"`{rule}`" for rule in each.rules) or "**missed**"
    noise = ", ".join(f"`{rule}`" for rule in each.noise)
    return f"| [{each.trace.name}]({each.trace.described}) | {', '.join(each.trace.attack)} | {caught_by} | {noise} |"


def _noise_lines(noise: Noise) -> list[str]:
    passed = 100 * noise.passed / noise.events
    figures = f"{noise.events:,} events, {noise.total} alerts, {noise.per_thousand:.1f} per 1,000"
    return [
        f"{figures}; the compiled filters let {passed:.1f} % of the events through.",
        "",
        "| rule | alerts |",
        "| --- | ---: |",
        *(f"| `{rule}` | {count} |" for rule, count in Counter(noise.alerts).most_common(NOISIEST)),
    ]


def _print_attacks(caught: Sequence[Caught]) -> None:
    print(f"{'Technique':<34} {'ATT&CK':<20} Caught by")
    for each in caught:
        print(f"{each.trace.name:<34} {' '.join(each.trace.attack):<20} {', '.join(each.rules) or 'MISSED'}")
        if each.noise:
            print(f"{'':<34} noise on a benign neighbour: {', '.join(each.noise)}")
    found = sum(bool(each.rules) for each in caught)
    print(f"\n{found} of {len(caught)} techniques caught at medium or worse")


def _print_noise(title: str, noise: Noise) -> None:
    print(f"\n{title}: {noise.events} events, {noise.total} alerts, {noise.per_thousand:.1f} per 1,000")
    print(f"  filters let {100 * noise.passed / noise.events:.1f} % through; {noise.failed} records could not be read")
    for rule, count in Counter(noise.alerts).most_common(NOISIEST):
        print(f"  {count:>5}  {rule}")


if __name__ == "__main__":
    sys.exit(main())
