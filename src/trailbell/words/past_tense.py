"""Verbs of sentences, as they are told afterwards."""

from collections.abc import Mapping

IRREGULAR: Mapping[str, str] = {
    "give": "gave", "take": "took", "make": "made", "put": "put", "set": "set", "send": "sent", "read": "read",
    "run": "ran", "get": "got", "keep": "kept", "ask": "asked", "open": "opened", "stop": "stopped", "let": "let",
    "write": "wrote", "copy": "copied", "cancel": "cancelled", "transfer": "transferred",
}  # fmt: skip
"""Past tense of verbs that do not just take -ed."""


def past(verb: str) -> str:
    """Return a verb's past tense."""
    if verb in IRREGULAR:
        return IRREGULAR[verb]
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"
