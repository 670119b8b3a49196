"""The shape of `destinations` in a config file, read off the registries of destinations and of formats."""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_type_hints

from pydantic import Field as Written
from pydantic import create_model

from trailbell.authoring.shape.part import Part
from trailbell.authoring.shape.values import Email, Endpoint, Host, Identifier, Text, TopicArn
from trailbell.destinations import KINDS, all_kinds, load_kind
from trailbell.destinations.interface import Kind, Shape
from trailbell.destinations.settings import Destinations, Sns
from trailbell.formats import FORMATS

_SHAPES: Mapping[Shape, Any] = {
    "text": Text,
    "endpoint": Endpoint,
    "host": Host,
    "budget": Annotated[int, Written(ge=1, le=10_000)],
    "texts by label": dict[Identifier, Text],
    "topics by label": dict[Identifier, TopicArn],
}
"""What people write -> its type for pydantic."""


if TYPE_CHECKING:
    HttpsFormat = str
else:
    HttpsFormat = Literal[tuple(FORMATS)]


class SnsPart(Part):
    """What subscribers of the alerts topic get."""

    https_format: HttpsFormat = Written(default="json", description="What HTTPS subscribers are sent.")


def part_of(kind: Kind[Any]) -> type[Part]:
    """Return the model of a kind's settings."""
    name = kind.settings.__name__.removesuffix("Settings") + "Part"
    return create_model(name, __base__=Part, __doc__=kind.settings.__doc__, **dict(_fields(kind.settings)))


def _fields(settings: type[Any]) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(settings)
    for each in fields(settings):
        shape: Shape = each.metadata["shape"]
        type_ = hints[each.name] if shape == "plain" else _SHAPES[shape]
        if shape != "plain" and type(None) in get_args(hints[each.name]):
            type_ = type_ | None
        yield each.name, (type_, _written(each))


def _written(each: "Field[Any]") -> Any:
    description = each.metadata["description"]
    if each.default_factory is not MISSING:
        return Written(default=each.default_factory(), description=description)
    if each.default is not MISSING:
        return Written(default=each.default, description=description)
    return Written(description=description)


def _sections() -> Iterator[tuple[str, Any]]:
    for name, kind in all_kinds().items():
        if kind.spread:
            yield from _fields(kind.settings)
        else:
            yield KINDS[name].section, (part_of(kind) | None, Written(default=None, description=kind.description))


class FixedDestinationsPart(Part):
    """Where alerts go."""

    email: list[Email] = Written(default=[], description="Addresses that SNS mails every alert to.")
    sns: SnsPart | None = Written(default=None, description="The topic's other subscribers.")


if TYPE_CHECKING:
    DestinationsPart = FixedDestinationsPart
else:
    DestinationsPart = create_model(
        "DestinationsPart", __base__=FixedDestinationsPart, __doc__=FixedDestinationsPart.__doc__, **dict(_sections())
    )


def make_destinations(part: FixedDestinationsPart) -> Destinations:
    """Return where alerts go."""
    written = part.model_dump()
    found = {name: load_kind(name).read(written, line.section) for name, line in KINDS.items()}
    sns = Sns(**part.sns.model_dump()) if part.sns else Sns()
    return Destinations.having(found, email=tuple(part.email), sns=sns)
