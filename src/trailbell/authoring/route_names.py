"""Whether the destinations that routes name exist."""

from collections.abc import Iterable, Iterator

from trailbell.authoring.cursor import Cursor
from trailbell.authoring.problems import suggest
from trailbell.destinations import KINDS, load_kind
from trailbell.destinations.settings import Destinations


def check_route_names(config: Cursor, rules: Iterable[Cursor], destinations: Destinations) -> None:
    """Tell of every route to a destination that the config does not have."""
    known = destinations.names()
    off = KINDS.keys() - {name for name, _, _ in destinations.switched_on()}
    for place in _route_names(config, rules):
        name = place.value
        if not isinstance(name, str):
            continue  # the model has told it
        if name not in known:
            tip = suggest(name, known, few=len(known))
            place.error(f"there is no destination {name}", tip or "Declare it under `destinations`.")
        elif name in off:
            kind, section = load_kind(name), KINDS[name].section
            tip = f"Set destinations.{section}.enabled."
            place.warn(f"{kind.title} is switched off: nobody gets these alerts there", tip)


def _route_names(config: Cursor, rules: Iterable[Cursor]) -> Iterator[Cursor]:
    for route in config.at("routes").items():
        yield from route.at("to").items()
    for _, override in config.at("overrides").entries():
        yield from override.at("routes").items()
    for rule in rules:
        yield from rule.at("routes").items()
