"""What a user of the account writes is shown as text, in every form of an alert."""

import json
import re
from dataclasses import replace

import pytest

from tests.alerts import RUN_INSTANCES
from tests.contract.hostile import STRINGS, places, strings_of
from tests.contract.slack_limits import problems
from tests.contract.slack_markup import in_markup, in_message, shown
from trailbell.formats import amazon_q, slack, text
from trailbell.formats.document import from_document, to_document
from trailbell.formats.sns import BUDGET_BYTES, publication, publish_bytes
from trailbell.words import view

OWN_LINKS = in_message(slack.message(RUN_INSTANCES))
OWN_MARKUP = {("bold", f"*{label}*") for label in ("Who", "From", "What", "Failed", "Where", "When", "Resources")}
OWN_STEPS = set[tuple[str, str]]().union(*map(in_markup, amazon_q.notification(RUN_INSTANCES)["content"]["nextSteps"]))
WEB_ADDRESS = re.compile(r"(?i)(?:https?|ftp)://\S+")
OWN_ADDRESSES = set(WEB_ADDRESS.findall(text.text(RUN_INSTANCES)))
ISOLATES = "\u2068\u2069"

PLACES = places()
every_string = pytest.mark.parametrize("hostile", STRINGS, ids=[ascii(item)[:30] for item in STRINGS])


def is_shown(text: str) -> bool:
    """Whether all of a line can be seen, and no direction leaks out of it."""
    plain = all(letter.isprintable() or letter in ISOLATES for letter in text)
    return plain and text.count(ISOLATES[0]) == text.count(ISOLATES[1])


@every_string
def test_slack_reads_nothing_into_it(hostile: str) -> None:
    for place, put in PLACES.items():
        message = slack.message(put(hostile))
        assert in_message(message) <= OWN_LINKS, place
        assert problems(message) == [], place
        assert all(is_shown(line) for item in strings_of(message) for line in item.split("\n")), place


@every_string
def test_an_e_mail_has_no_line_of_its_making(hostile: str) -> None:
    for place, put in PLACES.items():
        lines = text.text(put(hostile)).split("\n")
        assert all(map(is_shown, lines)), place
        assert not [line for line in lines if line.startswith(("Bcc", "Who        root", "body"))], place
        if place.startswith("rule."):  # whoever writes the config may well name web addresses
            continue
        assert {item for line in lines for item in WEB_ADDRESS.findall(line)} <= OWN_ADDRESSES, place


@every_string
def test_a_subject_stays_one_short_ascii_line(hostile: str) -> None:
    for place, put in PLACES.items():
        subject = text.subject(put(hostile))
        assert subject.startswith("MEDIUM: "), place
        assert subject.isascii(), place
        assert subject.isprintable(), place
        assert len(subject) < 100, place


@every_string
def test_amazon_q_reads_nothing_into_it(hostile: str) -> None:
    for place, put in PLACES.items():
        notification = amazon_q.notification(put(hostile))
        content = notification["content"]
        for item in (
            content["title"],
            content["description"],
            *content["keywords"],
            *strings_of(notification["metadata"]),
        ):
            assert in_markup(item) <= OWN_MARKUP, place
        assert set().union(*map(in_markup, content["nextSteps"])) <= OWN_STEPS, place


@every_string
def test_machines_get_it_as_it_was(hostile: str) -> None:
    for place, put in PLACES.items():
        alert = put(hostile)
        call = publication(alert, https_format="amazon-q")
        assert publish_bytes(call["Message"], call["MessageAttributes"]) <= BUDGET_BYTES, place
        assert all(is_shown(item["StringValue"]) for item in call["MessageAttributes"].values()), place
        document = json.loads(json.loads(call["Message"])["default"])
        assert "truncated" in document or from_document(document) == alert, place
        assert from_document(json.loads(json.dumps(to_document(alert)))) == alert, place


@pytest.mark.parametrize(
    ("hostile", "seen"),
    [
        ("<!channel>", "<!channel>"),
        ("*bold* _it_ ~s~ `c` :smile:", "*bold* _it_ ~s~ `c` :smile:"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("two\nlines\r\n", r"two\nlines\r\n"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("\u3164", r"\u3164"),
        ("\ud800", r"\ud800"),
        ("https://evil.example", "https[:]//evil.example"),
        ("\u05d0\u05d1", "\u2068\u05d0\u05d1\u2069"),
        ("Zoë 名前 é", "Zoë 名前 é"),
    ],
)
def test_readers_see_what_was_written(hostile: str, seen: str) -> None:
    alert = PLACES["principal.display"](hostile)
    assert view.lines(alert)[0].value == seen
    assert seen in shown(slack.message(alert))
    assert seen in text.text(alert)


def test_a_long_name_keeps_its_ends_and_tells_its_length() -> None:
    value = view.lines(PLACES["principal.display"]("begin" + "x" * 9_990 + "arned"))[0].value
    assert value.startswith("begin")
    assert value.endswith("arned")
    assert "characters" in value
    assert len(value) == view.MAX_VALUE


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//evil.example",
        "https://",
        "https://console.aws.amazon.com@evil.example/",
        "https://evil.example/<b>",
        "https://evil.example/a|b",
        "https://evil.example/\u202e",
        "https://evil.example/a b",
        "https://evil.example/\nx",
        "https://[::1",
        "https://example.com/" + "x" * 3000,
        "ftp://example.com/",
    ],
)
def test_only_plain_web_addresses_become_links(url: str) -> None:
    message = slack.message(PLACES["rule.runbook"](url))
    assert in_message(message) <= OWN_LINKS
    alert = replace(
        RUN_INSTANCES,
        event=replace(RUN_INSTANCES.event, url=url),
        resources=tuple(replace(item, url=url) for item in RUN_INSTANCES.resources),
        rule=replace(RUN_INSTANCES.rule, runbook=url),
    )
    assert {item for kind, item in in_message(slack.message(alert)) if kind == "link"} == set()
    assert to_document(alert)["links"] == {}
    assert f" {url.strip()}\n" not in text.text(replace(alert, rule=RUN_INSTANCES.rule))
