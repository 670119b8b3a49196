"""Whatever stands in a config, reading it ends in a config or in told problems."""

from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.authoring.reading import TODAY
from trailbell.authoring import InvalidConfigError, load_config
from trailbell.authoring.problems import Problems
from trailbell.authoring.shape.schema import config_schema
from trailbell.authoring.yaml_reader import parse_yaml
from trailbell.config.model import Config

_SCHEMA = config_schema()
_RULE_KEYS = sorted(_SCHEMA["$defs"]["RulePart"]["properties"])
_WORDS = [
    "a",
    "starter",
    "eventName",
    "eventSource",
    "trailbell",
    "$or",
    "prefix",
    "exists",
    "15m",
    "ec2.amazonaws.com",
    "*",
    "",
]

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 10**13), st.floats(), st.sampled_from(_WORDS), st.text(max_size=8)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_WORDS) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=12,
)
patterns = st.dictionaries(
    st.sampled_from(["eventName", "eventSource", "$or", "userIdentity", "errorCode"]), values, max_size=3
)
rules = st.dictionaries(st.sampled_from(_RULE_KEYS), values, max_size=6) | st.fixed_dictionaries(
    {"id": st.just("a"), "title": st.just("A"), "severity": st.just("low"), "match": patterns},
    optional={"except": st.lists(patterns, max_size=2), "dedupe": values, "tests": values},
)
documents = values | st.fixed_dictionaries(
    {}, optional=dict.fromkeys(_SCHEMA["properties"], values) | {"rules": st.lists(rules, max_size=3)}
)


@given(document=documents)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_document_is_a_config_or_has_problems(tmp_path: Path, document: Any) -> None:
    path = tmp_path / "trailbell.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    try:
        config = load_config(path, today=TODAY).config
    except InvalidConfigError as error:
        assert any(problem.level == "error" for problem in error.problems)  # noqa: PT017 - the error is the result
        assert all(problem.line >= 1 for problem in error.problems)  # noqa: PT017
    else:
        assert Config.from_json(config.to_json()) == config


@given(text=st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"#%@,?\n \t0~"), max_size=60) | st.text(max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_or_has_problems(text: str) -> None:
    problems = Problems()
    document = parse_yaml(text, "a.yaml", problems)
    assert document is not None or problems.failed
