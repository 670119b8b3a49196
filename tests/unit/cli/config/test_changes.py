"""What differs between two configs."""

from typing import Any

from trailbell.cli.config.changes import FieldChange, compare
from trailbell.config.model import Config, Route, Suppression
from trailbell.names import Names
from trailbell.pattern import Pattern
from trailbell.rule import Rule


def rule(id_: str, **fields: Any) -> Rule:
    return Rule(id=id_, title=id_, severity="low", match=Pattern.parse({"eventName": [id_]}), **fields)


def suppression(reason: str) -> Suppression:
    return Suppression(id="s", match=Pattern.parse({"eventName": ["A"]}), reason=reason)


def test_a_change_of_words_alone_leaves_the_filters() -> None:
    changes = compare(Config(rules=(rule("a"),)), Config(rules=(rule("a", description="more"),)))
    assert changes.any
    assert not changes.filters.changed


def test_every_part_that_a_push_changes_is_compared() -> None:
    before = Config(rules=(rule("a"), rule("b")), suppressions=(suppression("old"),))
    after = Config(
        rules=(rule("a"),),
        suppressions=(suppression("new"),),
        names=Names(accounts={"111122223333": "production"}),
        routes=(Route(to=("slack",)),),
    )
    changes = compare(before, after)
    assert [(each.id, each.kind) for each in changes.rules] == [("b", "removed")]
    assert changes.suppressions[0].fields == (FieldChange(field="reason", before="old", after="new"),)
    assert [change.field for change in changes.names] == ["accounts"]
    assert changes.routes is not None
    assert changes.filters.changed
    assert not compare(before, before).any
