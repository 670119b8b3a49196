"""What MiniStack's CloudFormation does not know, taken out of templates before they are deployed there."""

import json
from pathlib import Path
from typing import Any


def is_unsupported(resource: dict[str, Any]) -> bool:
    """Tell whether MiniStack refuses a resource: saved queries, and alarms on a sum; nothing refers to them."""
    if resource["Type"] == "AWS::CloudWatch::Alarm":
        return "Metrics" in resource["Properties"]
    return bool(resource["Type"] == "AWS::Logs::QueryDefinition")


def leave_out(assembly: Path) -> None:
    """Rewrite the templates of a cloud assembly."""
    for file in assembly.glob("*.template.json"):
        template = json.loads(file.read_text(encoding="utf-8"))
        template["Resources"] = {
            id_: resource for id_, resource in template["Resources"].items() if not is_unsupported(resource)
        }
        file.write_text(json.dumps(template), encoding="utf-8")
