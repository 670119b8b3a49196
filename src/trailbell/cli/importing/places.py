"""Where things stand in a YAML file: the lines of its documents and of the keys within them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One document of a file."""

    file: str
    line: int
    """Of its first key, from 1."""
    keys: tuple[tuple[str, int], ...]
    """Every key of it, at any depth, with its line, in their order."""

    def line_of(self, name: str) -> int:
        """Return the line of a field, whatever modifiers it has; the document's where there is none."""
        found = (line for key, line in self.keys if key.split("|", maxsplit=1)[0] == name or key == name)
        return next(found, self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML document and its lines."""

    value: Any
    place: Place


class _Loader(yaml.SafeLoader):
    """YAML in which `No` is a word, as rule writers mean it in `MFAUsed: No`, and a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value} stands twice", key.start_mark)
            seen.add(getattr(key, "value", None) if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in resolvers if tag != _BOOLEAN]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def read_documents(text: str, file: str) -> list[Document]:
    """Read a file's YAML documents; empty ones are left out. Raises yaml.YAMLError."""
    found = []
    for node in yaml.compose_all(text, Loader=_Loader):
        loader = _Loader("")
        try:
            value = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
        if value is not None:
            place = Place(file=file, line=node.start_mark.line + 1, keys=tuple(_keys(node)))
            found.append(Document(value=value, place=place))
    return found


def _keys(node: yaml.Node) -> Iterator[tuple[str, int]]:
    waiting, seen = [node], set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    yield key.value, key.start_mark.line + 1
            waiting.extend(value for _, value in reversed(node.value))
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(reversed(node.value))


def describe_yaml_error(error: yaml.YAMLError) -> tuple[int, str]:
    """Return the line of a YAML error, from 1, and what it is."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return (mark.line + 1 if mark else 1), str(problem).splitlines()[0]
