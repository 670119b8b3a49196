"""Write docs/rules.md and docs/attack-navigator.json, and into README.md how many rules there are.

The first is the catalogue of the shipped rules, the second their ATT&CK layer: it opens in MITRE's ATT&CK Navigator
("Open Existing Layer"). `--check` writes nothing and fails where one is stale.
"""

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from trailbell import packs
from trailbell.authoring import load_config
from trailbell.operations import is_read_only
from trailbell.rule import SEVERITIES, Rule

ROOT = Path(__file__).resolve().parent.parent
PACKS = packs.FOLDER
PAGE = ROOT / "docs" / "rules.md"
README = ROOT / "README.md"
LAYER = ROOT / "docs" / "attack-navigator.json"
ABOUT: Mapping[str, str] = {
    "starter": "What people first want to hear about. On by default.",
    "cis": "The monitoring controls of the CIS AWS Foundations Benchmark, by control.",
    "attack": "Known attack techniques against AWS accounts, by MITRE ATT&CK for cloud.",
    "network": "Changes of networks that people audit.",
    "data": "Changes of where data lies and who may reach it.",
    "iam": "Changes of identities and permissions.",
    "organization": "Changes of the organization and its accounts.",
    "billing": "What costs money or changes who pays.",
    "kubernetes": "Changes of EKS clusters and who may enter them.",
    "anomalies": "The first time somebody does something. Learns from what it sees; off by default.",
}
ABOUT_PAGE = """\
The {count} rules that ship with Trailbell. `packs:` in the config switches packs on; `trailbell rules show ID` prints
one rule with its runbook. Written by `make generate`.

`attack-navigator.json` beside this page shows in MITRE's ATT&CK Navigator which techniques the rules are about."""
EVENTS_SHOWN = 4
_ATTACK = re.compile(r"attack\.(t\d{4}(?:\.\d{3})?)")
_CIS = re.compile(r"cis\.(v\d+\.\d+)\.(\d+\.\d+)")
_COUNT = re.compile(r"\d+ rules ship in \d+ packs")
_DAY = date(2026, 11, 2)


def shipped_rules() -> dict[str, tuple[Rule, ...]]:
    """Return every pack's rules, packs in the order of `ABOUT`. Raises KeyError for a pack that is not described."""
    names = sorted(packs.pack_names(), key=list(ABOUT).index)
    with tempfile.TemporaryDirectory() as scratch:
        config = Path(scratch) / "trailbell.yaml"
        config.write_text(f"packs: {json.dumps(names)}\n", encoding="utf-8")
        rules = load_config(config, packs_dir=PACKS, today=_DAY).config.rules
    return {pack: tuple(rule for rule in rules if rule.pack == pack) for pack in names}


def page() -> str:
    """Return the catalogue."""
    packs = shipped_rules()
    count = sum(map(len, packs.values()))
    lines = [
        "# Rules",
        "",
        ABOUT_PAGE.format(count=count),
    ]
    for pack, rules in packs.items():
        lines += ["", f"## {pack}", "", f"{ABOUT[pack]} {len(rules)} rules.", ""]
        lines += ["| rule | severity | what | ATT&CK, CIS | events | reads |", "| --- | --- | --- | --- | --- | --- |"]
        lines += [_row(rule) for rule in sorted(rules, key=lambda rule: (-SEVERITIES.index(rule.severity), rule.id))]
    return "\n".join(lines) + "\n"


def _row(rule: Rule) -> str:
    kind = "".join(f" ({name})" for name in ("threshold", "first_seen") if getattr(rule, name))
    tags = [match.upper() for tag in rule.tags for match in _ATTACK.findall(tag)]
    tags += [f"CIS {version} {control}" for tag in rule.tags for version, control in _CIS.findall(tag)]
    named = sorted(_events(rule))
    events = ", ".join(name for _, name in named[:EVENTS_SHOWN])
    events += f" and {len(named) - EVENTS_SHOWN} more" if len(named) > EVENTS_SHOWN else ""
    reads = {is_read_only(source, name) for source, name in named}
    told = {frozenset(): "any", frozenset({True}): "yes", frozenset({False}): "no"}.get(frozenset(reads), "some")
    title = rule.title.replace("|", "\\|")
    return f"| `{rule.id}` | {rule.severity} | {title}{kind} | {', '.join(tags)} | {events or 'any'} | {told} |"


def _events(rule: Rule) -> set[tuple[str, str]]:
    """Return source (empty: any) and name of the events that a rule lists, wherever in its pattern."""
    found = set()
    for way in rule.match.conjunctions:
        exact = {condition.path: condition.exact for condition in way}
        names = exact.get(("eventName",)) or exact.get(("trailbell", "event", "name")) or frozenset()
        for name in names:
            found |= {(str(source), str(name)) for source in exact.get(("eventSource",)) or ("",)}
    return found


def layer() -> dict[str, Any]:
    """Return the ATT&CK Navigator layer: a technique's score is how many rules are about it."""
    scores = Counter(technique for rule in _all_rules() for technique in _techniques(rule))
    return {
        "name": "Trailbell",
        "versions": {"layer": "4.5", "navigator": "5.1.0", "attack": "17"},
        "domain": "enterprise-attack",
        "description": "Techniques that the rules shipped with Trailbell are about",
        "filters": {"platforms": ["IaaS", "SaaS", "Identity Provider"]},
        "gradient": {"colors": ["#ffffff", "#f2b705"], "minValue": 0, "maxValue": max(scores.values())},
        "techniques": [{"techniqueID": id_, "score": score} for id_, score in sorted(scores.items())],
    }


def with_count(readme: str) -> str:
    """Return the README with the number of rules as it is now."""
    packs = shipped_rules()
    return _COUNT.sub(f"{sum(map(len, packs.values()))} rules ship in {len(packs)} packs", readme)


def _all_rules() -> Iterator[Rule]:
    for rules in shipped_rules().values():
        yield from rules


def _techniques(rule: Rule) -> set[str]:
    return {technique.upper() for tag in rule.tags for technique in _ATTACK.findall(tag)}


def main() -> int:
    """Write both files, or compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file is not current")
    check = parser.parse_args().check
    contents = {
        PAGE: page(),
        LAYER: json.dumps(layer(), indent=2) + "\n",
        README: with_count(README.read_text(encoding="utf-8")),
    }
    stale = [path for path, text in contents.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is not current: make generate")
        else:
            path.write_text(contents[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
