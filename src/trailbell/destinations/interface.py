"""What there is to say of a kind of destination. Cheap to import: a kind loads what it sends with when it is made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Protocol, TypeVar

from trailbell.contract.destinations import Statement, Surroundings
from trailbell.contract.environments.notifiers import NotifierEnvironment

if TYPE_CHECKING:
    from trailbell.alert import Alert
    from trailbell.destinations.transport.outcome import Outcome
    from trailbell.formats.digest import Digest

S = TypeVar("S")

Shape = Literal["plain", "text", "endpoint", "host", "budget", "texts by label", "topics by label"]
"""What people may write for a setting; `plain` is what the field's type says by itself."""


class Destination(Protocol):
    """Where alerts of one kind go."""

    def send(self, alert: "Alert", label: str) -> "Outcome":
        """Hand over one alert; `label` is empty where the route names none.

        Raises DeliveryError where the destination is not set up: the alert comes back until it is.
        """

    def send_digest(self, digest: "Digest", label: str) -> "Outcome":
        """Hand over a digest, as `send` does an alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What asking a destination came to."""

    status: Literal["ok", "warn", "fail"]
    said: str
    mend: str = ""


def setting(description: str, *, default: Any = MISSING, default_factory: Any = MISSING, shape: Shape = "plain") -> Any:
    """Return a dataclass field that people write in the config."""
    metadata = {"description": description, "shape": shape}
    if default_factory is not MISSING:
        return field(default_factory=default_factory, metadata=metadata)
    return field(default=default, metadata=metadata)


def budget_setting() -> Any:
    """Return the field of a chat's budget: past it, alerts wait for one digest a minute."""
    return setting("Past so many, alerts wait for one digest a minute; null for no limit.", default=20, shape="budget")


def endpoint_setting(description: str) -> Any:
    """Return the field of a place that answers for the destination: `http(s)://host[:port]`."""
    return setting(description, default=None, shape="endpoint")


class Kind(Generic[S]):
    """One kind of destination."""

    title: ClassVar[str]
    """What people call it."""
    description: ClassVar[str]
    """Of its key in the config."""
    resources: ClassVar[str]
    """What its resources and outputs are called by. For ever: under another name its secret would be an empty one."""
    settings: type[S]
    """What the config says of it: a frozen dataclass of `setting`s, whose docstring the config's schema shows."""
    environment: ClassVar[type[NotifierEnvironment]]
    """Its function's."""
    secret_fields: ClassVar[tuple[str, ...]] = ()
    """What a person fills in its secret; empty where it needs none."""
    holds: ClassVar[str] = "none"
    """What its secret holds, for the documentation."""
    gets: ClassVar[str]
    """What is sent there, for the documentation."""
    begins_with: ClassVar[str] = "{}"
    """What its secret begins with, to the letter and for ever: CloudFormation writes a changed one over the user's."""
    threads: ClassVar[bool] = False
    """Whether it remembers its messages, so that what follows an alert goes into its thread."""
    unnamed: S | None = None
    """What stands for it where the config does not name it; None for nothing."""
    spread: ClassVar[bool] = False
    """Whether its settings stand under `destinations` themselves, not under one key."""

    def is_on(self, settings: S) -> bool:
        """Tell whether alerts go there."""
        del settings
        return True

    def labels(self, settings: S) -> Sequence[str]:
        """Return the labels that routes may name."""
        del settings
        return ()

    def budget(self, settings: S) -> int | None:
        """Return its alerts per minute; None for no limit."""
        budget: int | None = getattr(settings, "alerts_per_minute", None)
        return budget

    def tell(self, settings: S, around: Surroundings) -> Mapping[str, Any]:
        """Return the fields of its function's environment that are its own; never a secret."""
        raise NotImplementedError

    def statements(self, settings: S, around: Surroundings) -> Sequence[Statement]:
        """Return what its role is allowed besides queue, secret and tables."""
        del settings, around
        return ()

    def make(self, variables: Mapping[str, str]) -> Destination:
        """Return the destination as a function's variables have it. Raises VariableError where one is missing."""
        raise NotImplementedError

    def check(self, secret: str, settings: S) -> Iterator[Checked]:
        """Ask whether it would take alerts, without sending one. `secret` is filled."""
        del secret, settings
        yield from ()

    def read(self, document: Mapping[str, Any], section: str) -> S | None:
        """Read its settings out of the config's `destinations`. Raises TypeError where they are something else."""
        if self.spread:
            names = {each.name for each in fields(self.settings)}  # type: ignore[arg-type] # a dataclass
            return self.settings(**{name: value for name, value in document.items() if name in names})
        written = document.get(section)
        return self.unnamed if written is None else self.settings(**written)

    def write(self, settings: S | None, section: str) -> Mapping[str, Any]:
        """Return what `read` reads."""
        plain = None if settings is None else asdict(settings)  # type: ignore[call-overload] # a dataclass
        return plain or {} if self.spread else {section: plain}
