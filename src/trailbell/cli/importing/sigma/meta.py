"""The words of a Sigma rule: title, level, tags and the like, as ours have them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from trailbell.cli.importing.logic import Plan
from trailbell.cli.importing.naming import Ids, make_id, sentences
from trailbell.cli.importing.places import Place
from trailbell.cli.importing.result import Draft

_SEVERITIES = {"informational": "info", "low": "low", "medium": "medium", "high": "high", "critical": "critical"}
_NO_LEVEL = "medium"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What a Sigma rule says of itself."""

    id: str
    name: str
    title: str
    severity: str
    description: str
    references: tuple[str, ...]
    tags: tuple[str, ...]
    origin: str

    def draft(self, plans: Sequence[Plan], place: Place, ids: Ids, **more: Any) -> list[Draft]:
        """Return the rule, or several where its parts have exceptions of their own."""
        wanted = make_id("sigma", self.name or PurePath(place.file).stem if place.line == 1 else self.title)
        drafts = []
        for number, plan in enumerate(plans, 1):
            document = {
                "id": ids.take(wanted if len(plans) == 1 else f"{wanted}-{number}"),
                "title": self.title if len(plans) == 1 else f"{self.title} ({number} of {len(plans)})",
                "description": self.description,
                "severity": self.severity,
                "match": plan.match,
                "except": list(plan.exceptions),
                **more,
                "references": list(self.references),
                "tags": list(self.tags),
            }
            kept = {key: value for key, value in document.items() if value}
            drafts.append(Draft(document=kept, file=place.file, line=place.line, origin=self.origin))
        return drafts


def read_meta(document: Mapping[str, Any]) -> Meta:
    """Read the words of a Sigma rule; what is missing or of a wrong type is left empty."""
    references = _texts(document.get("references"))
    rule_id, author, status = (_text(document.get(key)) for key in ("id", "author", "status"))
    harmless = [text for text in _texts(document.get("falsepositives")) if text.lower() not in ("unknown", "none")]
    others = [text for text in references if not _is_link(text)]
    described = sentences(
        (
            _text(document.get("description")),
            f"Known to be harmless: {'; '.join(text.rstrip('.') for text in harmless)}" if harmless else "",
            f"See also {', '.join(others)}" if others else "",
            f"Sigma rule {rule_id}" if rule_id else "Sigma rule",
            f"Status: {status}" if status else "",
            f"Author: {author}" if author else "",
        )
    )
    about = ", ".join(part for part in (rule_id, f"by {author}" if author else "", status) if part)
    return Meta(
        id=rule_id,
        name=_text(document.get("name")),
        title=_text(document.get("title")) or "Sigma rule without a title",
        severity=_SEVERITIES.get(_text(document.get("level")).lower(), _NO_LEVEL),
        description=described,
        references=tuple(filter(_is_link, references)),
        tags=_texts(document.get("tags")),
        origin=f"Sigma rule {about}" if about else "Sigma rule",
    )


def _is_link(text: str) -> bool:
    return text.startswith("https://") and " " not in text and "." in text


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_text, items) if text)
