"""Names that AWS limits, made of the stack's name."""

import pytest
from pydantic import ValidationError

from infra.filters import GENERATION_CHARS, rule_names
from trailbell.authoring.model import DeploymentPart

LONGEST_STACK_NAME = "T" * 50
MOST_SLOTS = 50
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
LONGEST_RULE_NAME = 64


def test_the_longest_stack_name_leaves_room_for_the_names_of_its_rules() -> None:
    deployment = DeploymentPart(stack_name=LONGEST_STACK_NAME, slots=MOST_SLOTS)
    assert (
        max(map(len, rule_names(deployment.stack_name, "g" * GENERATION_CHARS, deployment.slots))) <= LONGEST_RULE_NAME
    )


@pytest.mark.parametrize("wrong", [{"stack_name": LONGEST_STACK_NAME + "T"}, {"slots": MOST_SLOTS + 1}])
def test_a_longer_name_or_more_slots_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DeploymentPart.model_validate(wrong)
