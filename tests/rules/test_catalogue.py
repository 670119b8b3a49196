"""docs/rules.md, the ATT&CK layer and the score are what the rules make of them."""

import json

from scripts import rule_catalogue, score


def test_the_catalogue_is_current() -> None:
    assert rule_catalogue.PAGE.read_text(encoding="utf-8") == rule_catalogue.page(), "make generate"


def test_the_attack_layer_is_current() -> None:
    assert json.loads(rule_catalogue.LAYER.read_text(encoding="utf-8")) == rule_catalogue.layer(), "make generate"


def test_the_readme_counts_the_rules_that_ship() -> None:
    readme = rule_catalogue.README.read_text(encoding="utf-8")
    assert "rules ship in 10 packs" in readme
    assert rule_catalogue.with_count(readme) == readme, "make generate"


def test_a_worse_score_is_told() -> None:
    baseline = json.loads(score.BASELINE.read_text(encoding="utf-8"))
    assert score.compare(baseline, baseline) == []
    lost = baseline["caught"][0]
    worse = baseline | {"caught": baseline["caught"][1:], "missed": [lost], "benign": baseline["benign"] + 1}
    told = score.compare(worse, baseline)
    assert f"no longer caught: {lost}" in told
    assert any(line.startswith("benign: ") for line in told)


def test_the_score_promises_what_the_baseline_holds() -> None:
    baseline = json.loads(score.BASELINE.read_text(encoding="utf-8"))
    assert len(baseline["caught"]) >= 45
    assert baseline["missed"] == []
    assert baseline["benign"] <= 5
