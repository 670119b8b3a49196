"""A destination is one file and one line: Discord, as docs/extending.md adds it."""

import json
from pathlib import Path

import pytest

from tests.extending.how_to import Extended
from tests.infra.conftest import run_app
from tests.unit.alerts import run_instances_alert
from trailbell.formats.document import to_document

CONFIG = """\
destinations:
  discord: {endpoint: "http://127.0.0.1:1"}
routes: [{to: [discord]}]
deployment: {home_region: us-east-1}
"""
SEND = """
from trailbell.destinations import load_kind
from trailbell.destinations.transport import secret, web
from trailbell.formats.document import from_document
posted = []
web.post = lambda url, body, headers: posted.append([url, json.loads(body)]) or web.Answer(status=204, text="")
secret.read_secret = lambda arn: json.dumps({"url": "http://127.0.0.1:1/api/webhooks/1/token"})
outcome = load_kind("discord").make(given["variables"]).send(from_document(given["alert"]), "")
print(json.dumps([outcome.kind, posted]))
"""
DOCUMENTED = """
from trailbell.authoring.shape.reference import insert_tables
from trailbell.authoring.shape.schema import config_schema
table = insert_tables("<!-- table: destination_kinds -->\\n<!-- end -->")
print(json.dumps([sorted(config_schema()["$defs"]["DiscordPart"]["properties"]), table]))
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    extended = Extended(tmp_path_factory.mktemp("extending") / "checkout")
    extended.add("src/trailbell/destinations/discord.py")
    (extended.folder / "discord.yaml").write_text(CONFIG, encoding="utf-8")
    return extended


@pytest.fixture(scope="module")
def variables(extended: Extended) -> dict[str, str]:
    """Return its function's, as the stack writes them."""
    done = run_app(extended.folder, extended.folder / "discord.yaml", PYTHONPATH=str(extended.folder / "src"))
    assert done.returncode == 0, done.stderr
    template = json.loads((extended.folder / "cdk.out" / "Trailbell.template.json").read_text(encoding="utf-8"))
    assert "DiscordSecretArn" in template["Outputs"]
    functions = [each for each in template["Resources"].values() if each["Type"] == "AWS::Lambda::Function"]
    written = [each["Properties"]["Environment"]["Variables"] for each in functions]
    (found,) = [each for each in written if each.get("TRAILBELL_DESTINATION") == "discord"]
    return {name: value if isinstance(value, str) else "resolved" for name, value in found.items()}


def test_the_config_names_it_and_refuses_what_it_does_not_know(extended: Extended, tmp_path: Path) -> None:
    assert extended.trailbell("config", "validate", "-c", "discord.yaml").returncode == 0
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("destinations: {discord: {channel: x}}\n", encoding="utf-8")
    assert "Known: alerts_per_minute, endpoint." in extended.trailbell("config", "validate", "-c", str(wrong)).stdout


def test_schema_and_documentation_have_it(extended: Extended) -> None:
    properties, table = extended.told(DOCUMENTED)
    assert properties == ["alerts_per_minute", "endpoint"]
    assert '| `discord` | `{"url": "https://discord.com/api/webhooks/..."}` | the text of the e-mail |' in table
    assert "`discord`:\n\n| Key |" in table


def test_its_function_sends_an_alert(extended: Extended, variables: dict[str, str]) -> None:
    alert = to_document(run_instances_alert())
    kind, ((url, body),) = extended.told(SEND, variables=variables, alert=alert)
    assert (kind, url) == ("delivered", "http://127.0.0.1:1/api/webhooks/1/token")
    assert "RunInstances" in body["content"]
    assert body["allowed_mentions"] == {"parse": []}
