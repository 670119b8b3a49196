"""A format is one file and one line: OCSF, as docs/extending.md adds it."""

import json
from pathlib import Path

import pytest

from tests.extending.how_to import Extended
from tests.unit.alerts import run_instances_alert
from trailbell.formats.document import to_document

PUBLISH = """
from trailbell.authoring.shape.reference import insert_tables
from trailbell.formats.document import from_document
from trailbell.formats.sns import publication
message = json.loads(publication(from_document(given["alert"]), https_format="ocsf")["Message"])
print(json.dumps([json.loads(message["https"]), insert_tables("<!-- table: https_formats -->\\n<!-- end -->")]))
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Extended:
    extended = Extended(tmp_path_factory.mktemp("extending") / "checkout")
    extended.add("src/trailbell/formats/ocsf.py")
    return extended


def test_the_config_names_it(extended: Extended, tmp_path: Path) -> None:
    config = tmp_path / "trailbell.yaml"
    config.write_text("destinations: {sns: {https_format: ocsf}}\n", encoding="utf-8")
    done = extended.trailbell("config", "validate", "-c", str(config))
    assert done.returncode == 0, done.stderr


def test_https_subscribers_get_it_and_the_documentation_tells_of_it(extended: Extended) -> None:
    alert = run_instances_alert()
    finding, table = extended.told(PUBLISH, alert=to_document(alert))
    assert (finding["class_uid"], finding["finding_info"]["uid"]) == (2004, alert.id)
    assert finding["severity_id"] == 3
    assert finding["resources"][0]["type"] == "AWS::EC2::Instance"
    assert "| `ocsf` | a Detection Finding of OCSF 1.3.0 |" in table
    assert json.dumps(finding)
