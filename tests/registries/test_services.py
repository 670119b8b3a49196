"""Every service has its file and its line, and is found by all that names it."""

import json
import string
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from trailbell.aws import services
from trailbell.aws.registry import LINES, Line, name_service, service_of, service_of_arn, service_of_id, service_of_type
from trailbell.aws.service import Service
from trailbell.names import Names
from trailbell.operations import load_operations
from trailbell.read.reader import read_record
from trailbell.words.sentence import describe
from trailbell.words.undo import undo_command

FOLDER = Path(services.__path__[0])
OF_FILES = sorted(source for source, line in LINES.items() if line.file)
NAMES_ALONE = {
    "billingconsole": "Billing",
    "budgets": "Budgets",
    "health": "Health",
    "pipes": "EventBridge Pipes",
    "resource-groups": "Resource Groups",
    "support": "Support",
    "tagging": "Resource Groups Tagging",
    "trustedadvisor": "Trusted Advisor",
}
"""Services without a file."""
TOLD_OTHERWISE = {source: line for source, line in LINES.items() if line.types or line.arns or line.ids}
"""Lines that say more than the file."""


def test_every_file_has_its_line_and_every_line_its_file() -> None:
    files = {entry.stem for entry in FOLDER.iterdir() if not entry.name.startswith("__")}
    assert sorted(line.file for line in LINES.values() if line.file) == sorted(files)


def test_the_services_without_a_file_are_known_by_name() -> None:
    assert {source for source, line in LINES.items() if line.file is None} == set(NAMES_ALONE)
    assert {source: name_service(f"{source}.amazonaws.com") for source in NAMES_ALONE} == NAMES_ALONE


@pytest.mark.parametrize("source", OF_FILES)
def test_a_service_names_its_event_source(source: str) -> None:
    service = service_of(f"{source}.amazonaws.com")
    assert service.source == source
    assert service.name == name_service(f"{source}.amazonaws.com")
    assert LINES[source].name == ""


@pytest.mark.parametrize("source", OF_FILES)
def test_a_service_is_found_by_its_types_its_arns_and_its_ids(source: str) -> None:
    service, line = service_of(source), LINES[source]
    for type_ in {*service.pages, *service.api_words}:
        assert service_of_type(type_) is service, type_
    if service.arn_types:
        assert service_of_arn(line.arns or source) is service
    assert set(line.ids.split()) == set(service.id_types)
    for prefix in service.id_types:
        assert service_of_id(prefix) is service


@pytest.mark.parametrize(("source", "line"), TOLD_OTHERWISE.items(), ids=list(TOLD_OTHERWISE))
def test_what_a_line_says_besides_is_of_use(source: str, line: Line) -> None:
    service = service_of(source)
    assert service is not service_of("unheard.amazonaws.com")
    of_types = {type_.split("::")[1] for type_ in {*service.pages, *service.api_words}}
    for namespace in line.types.split():
        assert namespace in of_types
        assert namespace.lower() != source, "that is told by its spelling already"
        assert service_of_type(f"AWS::{namespace}::X") is service
    assert line.arns != source
    assert not line.arns or service.arn_types


def test_alarms_are_cloudwatch_s_although_another_event_source_is_called_so() -> None:
    alarms = service_of("monitoring.amazonaws.com")
    assert service_of_arn("cloudwatch") is service_of_type("AWS::CloudWatch::Alarm") is alarms
    assert service_of("cloudwatch.amazonaws.com") is not alarms


@pytest.mark.parametrize("source", OF_FILES)
def test_a_service_names_only_events_that_it_has(source: str) -> None:
    service, operations = service_of(source), load_operations()
    named = {*service.roles, *service.makes, *service.without_resource, *service.sentences, *service.undo}
    assert {event for event in named if not operations.has(f"{source}.amazonaws.com", event)} == set()


@pytest.mark.parametrize("source", OF_FILES)
def test_members_are_written_as_they_are_looked_up(source: str) -> None:
    members = [member for names in service_of(source).members.values() for member in names.split()]
    assert [member for member in members if member != member.lower()] == []


@pytest.mark.parametrize("source", OF_FILES)
def test_pages_and_templates_have_their_values_in_braces(source: str) -> None:
    service = service_of(source)
    for page in service.pages.values():
        assert {name for _, name, _, _ in string.Formatter().parse(page) if name} <= {"id", "arn", "region"}
        assert ("{region}" not in page) == service.global_console
    for template in (told for told in service.undo.values() if isinstance(told, str)):
        words = template.split()
        for option, word in pairwise(words):
            assert (word[0] == "{") == (word[-1] == "}")
            assert word[0] != "{" or option.startswith("--"), template
    for template in (told for told in service.sentences.values() if isinstance(told, str)):
        assert template.count("{") == template.count("}")
        assert template.split()[0].islower(), "it begins with a verb"


@pytest.mark.parametrize("source", ["", "../iam", "iam/undo", "__init__", "IAM", "unheard"])
def test_what_no_line_names_is_no_service(source: str) -> None:
    nothing = service_of("unheard.amazonaws.com")
    assert isinstance(nothing, Service)
    assert service_of(source) is service_of_arn(source) is service_of_id(source) is nothing
    assert not nothing.members
    assert name_service(source) == (source.partition(".")[0] or "an unknown service")


def test_a_record_loads_its_own_service_and_those_that_it_names() -> None:
    record = {
        "eventSource": "kms.amazonaws.com",
        "eventName": "DisableKey",
        "awsRegion": "eu-central-1",
        "requestParameters": {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab", "about": "sg-0a1b2c3d4e5f60718"},
    }
    code = (
        "import json, sys\n"
        "from trailbell.names import Names\n"
        "from trailbell.read.reader import read_record\n"
        "loaded = lambda: sorted({name.split('.')[3] for name in sys.modules if name.startswith(PREFIX)})\n"
        "PREFIX = 'trailbell.aws.services.'\n"
        "before = loaded()\n"
        f"read_record({record!r}, Names())\n"
        "print(json.dumps([before, loaded()]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], ["ec2", "kms"]]


ODD_PARAMETERS: tuple[dict[str, str] | None, ...] = (None, {}, {"unknown": "value"})


@pytest.mark.parametrize("source", OF_FILES)
def test_a_call_without_its_parameters_breaks_no_sentence_and_no_undo(source: str) -> None:
    service = service_of(f"{source}.amazonaws.com")
    for event_name in {*service.sentences, *service.undo}:
        for parameters in ODD_PARAMETERS:
            raw = {
                "eventID": "e-1", "eventName": event_name, "eventSource": f"{source}.amazonaws.com",
                "eventTime": "2026-11-02T09:00:00Z", "awsRegion": "eu-central-1", "recipientAccountId": "111122223333",
                "userIdentity": {"type": "IAMUser", "userName": "alice", "accountId": "111122223333"},
                "requestParameters": parameters, "responseElements": parameters,
            }  # fmt: skip
            record = read_record(raw, Names())
            assert describe(record, Names()).startswith("alice ")
            assert "{" not in describe(record, Names())
            command = undo_command(record)
            assert command is None or (command.startswith("aws ") and "{" not in command)
