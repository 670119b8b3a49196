"""The validator, called as AppConfig calls it."""

import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from trailbell.config.model import Config, Deployment
from trailbell.errors import ConfigError
from trailbell.functions.config_validator import handler as module

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

CONTEXT = cast(
    "LambdaContext",
    SimpleNamespace(function_name="f", memory_limit_in_mb=512, invoked_function_arn="arn", aws_request_id="id"),
)
RULE = {"id": "a", "title": "A", "severity": "low", "match": {"eventName": ["CreateThing"]}}


@pytest.fixture(autouse=True)
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    config = Config(version="bundled", deployment=Deployment(home_region="us-east-2"))
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config.to_json()))
    monkeypatch.setattr(module, "CONFIG_FILE", path)
    monkeypatch.setenv("TRAILBELL_SLOTS", "5")
    return config


def event(rule: dict[str, Any]) -> dict[str, str]:
    content = json.dumps(Config(version="v").to_json() | {"rules": [rule]}).encode()
    return {
        "applicationId": "app",
        "configurationProfileId": "profile",
        "configurationVersion": "2",
        "content": base64.b64encode(content).decode(),
        "uri": "hosted",
    }


def test_a_good_config_passes_and_the_answer_says_what_is_deployed(bundled: Config) -> None:
    answer = module.handler(event(RULE), CONTEXT)
    assert answer["version"] == "v"
    assert answer["deployed"] == {part: bundled.to_json()[part] for part in ("destinations", "deployment")}


def test_a_broken_config_raises_with_rule_and_field() -> None:
    with pytest.raises(ConfigError, match=r"^rule a: match: eventName: there is no operator 'regex'"):
        module.handler(event(RULE | {"match": {"eventName": [{"regex": "x"}]}}), CONTEXT)


@pytest.mark.parametrize("broken", [{}, {"content": None}, {"content": "not base64!"}, {"content": ""}])
def test_an_event_without_a_config_raises(broken: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        module.handler(broken, CONTEXT)
