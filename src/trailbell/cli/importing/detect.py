"""Which tool a rule file is of, by what stands in it."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import yaml

from trailbell.cli.importing.places import read_documents
from trailbell.cli.importing.templates import find_patterns


class Kind(StrEnum):
    """The formats that can be imported."""

    SIGMA = "sigma"
    EVENTBRIDGE = "eventbridge"
    EVENTS_TO_TRACK = "events-to-track"


_SIGMA_KEYS = frozenset({"detection", "correlation", "filter"})
_PEER = re.compile(r"(?mi)(?:^|\{)\s*\"?(?:events_to_track|ignore_rules|rules)\"?\s*[=:]")
_NAMES = re.compile(r"\s*[A-Za-z0-9_]+(?:\s*,\s*[A-Za-z0-9_]+)*\s*,?\s*")


def looks_like_sigma(document: Any) -> bool:
    """Tell whether a YAML document is a Sigma rule, correlation or filter."""
    return isinstance(document, Mapping) and bool(_SIGMA_KEYS & document.keys())


def detect(text: str, file: str) -> Kind | None:
    """Return the format of a file's text; None where it is none of them."""
    try:
        if find_patterns(text):
            return Kind.EVENTBRIDGE
    except ValueError:
        pass
    if _PEER.search(text) and not re.search(r"(?m)^\s*(?:detection|logsource):", text):
        return Kind.EVENTS_TO_TRACK
    if _NAMES.fullmatch(text):
        return Kind.EVENTS_TO_TRACK
    if re.search(r"(?m)^(?:detection|correlation|filter|logsource|action):", text):
        return Kind.SIGMA  # broken YAML, too: it is told where
    try:
        documents = [document.value for document in read_documents(text, file)]
    except (yaml.YAMLError, json.JSONDecodeError):
        return None
    return Kind.SIGMA if any(map(looks_like_sigma, documents)) else None
