"""What may differ from one repeat to the next, in the words that a follow-up uses."""

from collections.abc import Mapping

from trailbell.named_values import Call, named_values

MAX_CHARACTERS = 200
"""Of one value: more than any address, region or event name has, and enough of a name to know it by."""


def traits_of(call: Call) -> Mapping[str, str]:
    """Return the traits of one call; those it does not have are left out."""
    found = {name: value.read(call) for name, value in named_values("trait").items()}
    return {name: value[:MAX_CHARACTERS] for name, value in found.items() if value}
