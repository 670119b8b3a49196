"""Changes what `cdk synth` wrote, and the checkout that it reads: what a release, or a fault of ours, would change."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from localaws.ministack import PROJECT_ROOT
from trailbell.contract.environments.detection import DetectorEnvironment
from trailbell.contract.environments.rule_config import FilterSyncEnvironment
from trailbell.contract.names import DEFAULT_STACK

_PROJECT = ("app.py", "cdk.json", "infra", "lambdas", "config", "src", "tests/events")
"""What `cdk synth` reads."""
_SLOT_TEXT = ('return f"Trailbell, {kind} filter"', 'return f"Trailbell (next release), {kind} filter"')
_WAITS: Mapping[str, Mapping[str, str]] = {
    DetectorEnvironment.handler: {"TRAILBELL_CONFIG_MAX_AGE_SECONDS": "1"},
    FilterSyncEnvironment.handler: {"TRAILBELL_HEEDED_SECONDS": "0"},
}
"""Handler -> variables."""


def copy_checkout(folder: Path) -> Path:
    """Copy what `cdk synth` reads of the checkout, and return where it is; its library is in `src`."""
    folder.mkdir()
    for name in _PROJECT:
        source = PROJECT_ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    # The functions' requirements are there already, and packages are named after what is in them.
    (folder / ".build").symlink_to(PROJECT_ROOT / ".build")
    return folder


def next_release(folder: Path) -> Path:
    """Copy the checkout, with another description of the slots in it, and return where it is."""
    copy_checkout(folder)
    filters = folder / "infra" / "parts" / "filters.py"
    text, (before, after) = filters.read_text(encoding="utf-8"), _SLOT_TEXT
    if before not in text:
        raise ValueError(f"{filters} does not say {before!r} any more")
    filters.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def templates(assembly: Path) -> Iterator[dict[str, Any]]:
    """Yield the synthesised templates."""
    for path in sorted(assembly.glob("*.template.json")):
        yield json.loads(path.read_text(encoding="utf-8"))


def spare_waits(assembly: Path) -> None:
    """Let the functions not wait for what only AWS needs time for, in every version of them that is deployed."""
    path, template = _hub(assembly)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            properties = resource["Properties"]
            properties["Environment"]["Variables"] |= _WAITS.get(properties["Handler"], {})
    path.write_text(json.dumps(template), encoding="utf-8")


def take_away_grant(assembly: Path, action: str, *, but: str) -> None:
    """Take the resources away on which roles are granted an action, but for those with `but` in their ARN.

    Raises ValueError where no grant of the action has others.
    """
    path, template = _hub(assembly)
    taken = False
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::IAM::Policy":
            continue
        for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Action"] == action:
                kept = [arn for arn in statement["Resource"] if but in json.dumps(arn)]
                taken |= kept != statement["Resource"]
                statement["Resource"] = kept
    if not taken:
        raise ValueError(f"no role of {path} has a grant of {action} on what does not say {but!r}")
    path.write_text(json.dumps(template), encoding="utf-8")


def _hub(assembly: Path) -> tuple[Path, dict[str, Any]]:
    path = assembly / f"{DEFAULT_STACK}.template.json"
    return path, json.loads(path.read_text(encoding="utf-8"))
