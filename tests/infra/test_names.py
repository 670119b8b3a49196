"""Names that AWS limits, made of the stack's name."""

import pytest
from pydantic import ValidationError

from trailbell.authoring.shape.model import DeploymentPart
from trailbell.contract.limits import MAX_RULE_NAME_CHARACTERS, MAX_SLOTS
from trailbell.contract.names import slot_names
from trailbell.infra.parts.filters import GENERATION_CHARS

LONGEST_STACK_NAME = "T" * 50


def test_the_longest_stack_name_leaves_room_for_the_names_of_its_rules() -> None:
    deployment = DeploymentPart(stack_name=LONGEST_STACK_NAME, slots=MAX_SLOTS)
    names = slot_names(deployment.stack_name, deployment.slots, generation="g" * GENERATION_CHARS)
    assert max(map(len, names)) <= MAX_RULE_NAME_CHARACTERS


@pytest.mark.parametrize("wrong", [{"stack_name": LONGEST_STACK_NAME + "T"}, {"slots": MAX_SLOTS + 1}])
def test_a_longer_name_or_more_slots_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DeploymentPart.model_validate(wrong)
