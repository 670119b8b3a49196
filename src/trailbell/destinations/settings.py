"""What the config says of destinations, and the names by which routes call them.

Webhooks, tokens and keys are in Secrets Manager, never here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from trailbell.destinations import KINDS, all_kinds, load_kind
from trailbell.destinations.interface import Kind

ALWAYS = ("email", "slack", "sns")
"""What every alert names as its destination unless a route says otherwise; `sns` is every other subscriber."""

NOWHERE = ("none",)
"""What an alert names whose route has no destination: it is published, and no subscriber of ours takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sns:
    """The alerts topic's other subscribers."""

    https_format: str = "json"
    """What SNS sends to HTTPS subscribers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinations:
    """Where alerts go."""

    email: tuple[str, ...] = ()
    sns: Sns = field(default_factory=Sns)
    written: Mapping[str, Any] = field(default_factory=dict)
    """The settings of the kinds as plain JSON, by the keys of the config. Read by `of`: the detector loads no kind."""

    @classmethod
    def having(
        cls, settings: Mapping[str, Any], *, email: tuple[str, ...] = (), sns: Sns | None = None
    ) -> "Destinations":
        """Return destinations with settings by kind; a kind that is not named is as if the config left it out."""
        written: dict[str, Any] = {}
        for name, kind in all_kinds().items():
            written |= kind.write(settings.get(name, kind.unnamed), KINDS[name].section)
        return cls(email=email, sns=sns or Sns(), written=written)

    def of(self, name: str) -> Any:
        """Return a kind's settings; None where the config has none of it."""
        return load_kind(name).read(self.written, KINDS[name].section)

    def switched_on(self) -> Iterator[tuple[str, Kind[Any], Any]]:
        """Yield the kinds that alerts go to: name, kind, settings."""
        for name, kind in all_kinds().items():
            settings = self.of(name)
            if settings is not None and kind.is_on(settings):
                yield name, kind, settings

    def defaults(self) -> tuple[str, ...]:
        """Return where an alert goes that no route takes: everywhere but to what has a label."""
        others = (
            name
            for name, line in KINDS.items()
            if name not in ALWAYS and not line.only_by_label and self.written.get(line.section) is not None
        )
        return (*ALWAYS, *others)

    def names(self) -> tuple[str, ...]:
        """Return all that routes may name."""
        labels = (
            f"{name}/{label}"
            for name, kind in all_kinds().items()
            if (settings := self.of(name)) is not None
            for label in kind.labels(settings)
        )
        return (*self.defaults(), *labels)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON."""
        return {"email": list(self.email), "sns": asdict(self.sns), **self.written}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Destinations":
        """Read what `to_json` wrote. Raises KeyError, TypeError or ValueError where it is something else."""
        written = {key: value for key, value in document.items() if key not in {"email", "sns"}}
        return cls(email=tuple(document["email"]), sns=Sns(**document["sns"]), written=written)
