"""What Trailbell knows of a service of AWS: the shape of every file in `services`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trailbell.call.lookup import Call
from trailbell.record import ResourceRole

Teller = Callable[[Call], str | None]
"""Returns what was done, as a verb and what follows; None where the record does not tell."""
Undoer = Callable[[Call], list[str] | None]
"""Returns the words of the AWS CLI's command, without `aws` and the region; None where nothing can be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Service:
    """A service. Types are CloudFormation's; events are named without the API version that they may end in."""

    source: str
    """First part of `eventSource`."""
    name: str
    """As people call it."""

    members: Mapping[str, str] = field(default_factory=dict)
    """Type -> names of the members that hold its id in requests and responses, in lower case, with spaces between.

    A name with `^` in front counts only at the top of the request or of the response, because below it means something
    else (`name` of a tag). Member names come from the services' API references.
    """
    url_types: frozenset[str] = frozenset()
    """Types whose members hold a URL, of which the last part is the id."""
    name_members: Mapping[str, str] = field(default_factory=dict)
    """Type -> the member that stands beside its id and holds the name that people gave it."""
    arn_types: Mapping[str, str] = field(default_factory=dict)
    """Kind in the resource part of an ARN -> type; the empty kind is for ARNs without one.

    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    arn_id: Callable[[str, str], str] | None = None
    """Takes the kind and what follows it in an ARN, and returns the id; None where what follows is the id."""
    id_types: Mapping[str, str] = field(default_factory=dict)
    """Prefix of an id -> type, for ids whose shape tells their type wherever they stand."""
    roles: Mapping[str, ResourceRole] = field(default_factory=dict)
    """Events whose first word misleads about what becomes of the resource."""
    makes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Events that make more than their name says -> all the types that they make."""
    api_words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Type that is called otherwise in CloudFormation -> words by which events name it, in lower case."""
    without_resource: Mapping[str, str] = field(default_factory=dict)
    """Events that change something and yet name no resource -> the reason."""

    pages: Mapping[str, str] = field(default_factory=dict)
    """Type -> its page in the console, below the host; `{id}`, `{arn}` and `{region}` are filled in."""
    global_console: bool = False
    """Whether the console is one for all regions."""

    sentences: Mapping[str, str | Teller] = field(default_factory=dict)
    """Event -> a verb and what follows, or what tells them.

    `{a.b}` is a value of the request, `{>a.b}` of the response; `{a|b}` takes the first that is there; `{#a}` is the
    last part of an ARN or path. Where a value is missing, the sentence is not used.
    """
    undo: Mapping[str, str | Undoer] = field(default_factory=dict)
    """Event with an exact inverse -> the AWS CLI's command that takes it back, or what makes it.

    `--option {a.b}` takes the values at that path of the request, `{>a.b}` of the response, lists gone through; an
    option with `{?a}` is left out where there is no value. Where another value is missing, there is no command.
    """
