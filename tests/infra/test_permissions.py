import json
from pathlib import Path
from typing import Any

from tests.infra.permissions import LIST, list_permissions, to_text


def test_the_reviewed_list_of_permissions_is_what_is_deployed(assembly: Path) -> None:
    now = to_text(list_permissions(assembly))
    assert now == LIST.read_text(encoding="utf-8"), "review the difference, then: python -m tests.infra.permissions"


def test_no_role_of_ours_may_do_everything_or_act_on_everything(assembly: Path) -> None:
    checked = 0
    for stack in list_permissions(assembly).values():
        for path, statements in stack.items():
            if "DefaultPolicy" not in path:
                continue
            for statement in statements:
                assert "*" not in json.dumps(statement["Action"]), (path, statement)
                if statement["Action"] == "cloudwatch:DescribeAlarms":
                    continue  # AppConfig's guide asks for it on everything; it reads the states of alarms
                assert not _is_everything(statement["Resource"]), (path, statement)
                checked += 1
    assert checked > 5


def _is_everything(resource: Any) -> bool:
    return "*" in (resource if isinstance(resource, list) else [resource])
