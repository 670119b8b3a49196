"""From a record to a decision: JSON text and parsed records, beside the parsers alone."""

import json
import time

import orjson

from benchmarks.support.corpus import make_rules, read_records
from benchmarks.support.measure import Contender, microseconds_each, table
from trailbell.ruleset import RuleSet

COUNTS = (10, 100, 1000)
ROUNDS = 15
TARGETS = {"JSON to decision, 100 rules": 1.3, "JSON to decision, 1000 rules": 2.0}
"""Times of `orjson.loads`, at most."""
PARSED_TARGET = ("parsed to decision, 100 rules", 3.0)
"""Microseconds, at most."""


def run() -> str:
    """Return the section of the report."""
    texts, what = read_records()
    records = [json.loads(text) for text in texts]
    rulesets = {count: RuleSet.compile(make_rules(count)) for count in COUNTS}
    shares, cold = {}, {}
    for count, ruleset in rulesets.items():
        begin = time.perf_counter()
        matched = sum(bool(ruleset.match(record)) for record in records)
        cold[count] = (time.perf_counter() - begin) * 1e6 / len(records)
        shares[count] = 100 * matched / len(records)
    contenders: dict[str, Contender] = {"orjson.loads": (orjson.loads, texts), "json.loads": (json.loads, texts)}
    for count, ruleset in rulesets.items():
        contenders[f"JSON to decision, {count} rules"] = (ruleset.match_json, texts)
    for count, ruleset in rulesets.items():
        contenders[f"parsed to decision, {count} rules"] = (ruleset.match, records)
    times = microseconds_each(contenders, ROUNDS)
    floor = times["orjson.loads"]
    rows = [[name, f"{spent:.2f}", f"{spent / floor:.2f}", _target(name)] for name, spent in times.items()]
    first = [[str(count), f"{shares[count]:.1f} %", f"{cold[count]:.1f}"] for count in COUNTS]
    introduction = (
        f"{what}. 70 % of the rules name source and events, 15 % a source and a prefix of the event, 5 % a source, "
        f"10 % neither; a quarter has an exception. Medians of {ROUNDS} interleaved rounds. From JSON, only the fields "
        "that decide are read (msgspec), and the whole record only where a rule is left to ask. Lambda hands the "
        "detector parsed records."
    )
    learning = (
        "The engine learns which rules a value leaves possible when it first sees the value. The first pass over the "
        "records, learning included:"
    )
    return "\n\n".join(
        [
            "## Deciding",
            introduction,
            table(["", "µs a record", "times orjson", "wanted"], rows),
            learning,
            table(["rules", "records that match", "µs a record"], first),
        ]
    )


def _target(name: str) -> str:
    if name == PARSED_TARGET[0]:
        return f"at most {PARSED_TARGET[1]:.0f} µs"
    return f"at most {TARGETS[name]:.1f} times" if name in TARGETS else ""
