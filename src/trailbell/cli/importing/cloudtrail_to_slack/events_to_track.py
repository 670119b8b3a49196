"""The settings of fivexl/terraform-aws-cloudtrail-to-slack: `events_to_track`, `rules` and `ignore_rules`."""

import re
from collections.abc import Sequence

from trailbell.cli.importing.cloudtrail_to_slack.assignments import read_assignments
from trailbell.cli.importing.cloudtrail_to_slack.python_rules import NotReadableError, read_rule, split_rules
from trailbell.cli.importing.conditions import Field
from trailbell.cli.importing.logic import And, Expression, Not, Or, TooManyWaysError, make_plans
from trailbell.cli.importing.naming import Ids
from trailbell.cli.importing.result import Draft, Effect, Imported, Loss

_NAMES_ALONE = re.compile(r"[\sA-Za-z0-9_,]*")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_LONGEST_TITLE = 90


class _Settings:
    """Reads one file, and keeps what is lost of it."""

    def __init__(self, file: str, text: str, imported: Imported, ids: Ids) -> None:
        self._file, self._imported, self._ids = file, imported, ids
        alone = _NAMES_ALONE.fullmatch(text) and "=" not in text
        self._values = {"events_to_track": (text, 1)} if alone else read_assignments(text)

    def read(self) -> None:
        """Import all that the file sets."""
        if not {"events_to_track", "rules"} & self._values.keys():
            self._lose("events_to_track", "the file sets neither events_to_track nor rules", 1, "not imported")
        ignored = self._ignored()
        self._read_events(ignored)
        for number, (text, line) in enumerate(self._rules("rules"), 1):
            try:
                expression = read_rule(text)
            except NotReadableError as error:
                self._lose(f"rules: {text}", str(error), line, "not imported")
                continue
            self._draft(f"cloudtrail-to-slack-{number}", _shorten(text), expression, ignored, line)

    def _rules(self, name: str) -> list[tuple[str, int]]:
        text, line = self._values.get(name, ("", 1))
        separator = self._values.get("rules_separator", (",", 1))[0] or ","
        return [(rule, line) for rule in split_rules(text, separator)]

    def _ignored(self) -> list[Expression]:
        found: list[Expression] = []
        for text, line in self._rules("ignore_rules"):
            try:
                found.append(read_rule(text))
            except NotReadableError as error:
                self._lose(f"ignore_rules: {text}", str(error), line, "fires more")
        return found

    def _read_events(self, ignored: Sequence[Expression]) -> None:
        text, line = self._values.get("events_to_track", ("", 1))
        names: list[str] = []
        for name in dict.fromkeys(re.sub(r"\s", "", text).split(",")):
            if name and not _NAME.fullmatch(name):
                why = "it is no event name, or refers to what stands in another file"
                self._lose(f"events_to_track: {name}", why, line, "fires less")
            elif name:
                names.append(name)
        if names:
            expression = Field(path=("eventName",), values=tuple(names))
            self._draft("cloudtrail-to-slack-events", "Tracked event", expression, ignored, line)

    def _draft(self, wanted: str, title: str, expression: Expression, ignored: Sequence[Expression], line: int) -> None:
        whole = And(parts=(expression, Not(part=Or(parts=tuple(ignored))))) if ignored else expression
        try:
            plans = make_plans(whole).plans
        except TooManyWaysError as error:
            self._lose(title, str(error), line, "not imported")
            return
        if not plans:
            self._lose(title, "no record can meet it", line, "not imported")
        for number, plan in enumerate(plans, 1):
            document = {
                "id": self._ids.take(wanted if len(plans) == 1 else f"{wanted}-{number}"),
                "title": title if len(plans) == 1 else f"{title} ({number} of {len(plans)})",
                "severity": "medium",
                "match": plan.match,
                **({"except": list(plan.exceptions)} if plan.exceptions else {}),
            }
            origin = "cloudtrail-to-slack setting"
            self._imported.drafts.append(Draft(document=document, file=self._file, line=line, origin=origin))

    def _lose(self, what: str, why: str, line: int, effect: Effect) -> None:
        self._imported.losses.append(Loss(file=self._file, line=line, rule="", what=what, why=why, effect=effect))


def _shorten(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST_TITLE else f"{plain[: _LONGEST_TITLE - 1]}…"


def import_events_to_track(files: Sequence[tuple[str, str]]) -> Imported:
    """Import the settings of files, each a name and its text."""
    imported, ids = Imported(), Ids()
    for file, text in files:
        _Settings(file, text, imported, ids).read()
    return imported
