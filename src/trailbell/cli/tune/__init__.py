"""`trailbell tune`: suggests exceptions for what alerts again and again."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from trailbell.cli.replay.request import Request, past_of
from trailbell.cli.shared.aws import Aws, ProfileOption, RegionOption
from trailbell.cli.shared.inert import inert_json
from trailbell.cli.shared.loading import DEFAULT_CONFIG, ConfigOption, PacksOption, load
from trailbell.cli.shared.output import Format, FormatOption, count, say
from trailbell.cli.sources import options
from trailbell.cli.tune.suggest import MIN_ALERTS, Suggestion, Suggestions, suggest
from trailbell.sources.reading import DEFAULT_CACHE

EXAMPLES = """
Examples:

  trailbell tune tests/events                        what could be left out of these files

  trailbell tune s3://my-trail --since 30d > suggested.yaml

  trailbell tune history --since 7d --format json | jq .suggestions

Read each suggestion before you paste it: it hides what its actor does, an attacker's use of it included.
"""


def tune(  # noqa: PLR0913 - options
    source: options.SourceArgument,
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    packs_dir: PacksOption = None,
    since: options.SinceOption = None,
    until: options.UntilOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many suggestions.")] = 10,
    min_alerts: Annotated[
        int, typer.Option(min=1, help="Alerts of one rule that an actor must cause to be suggested.")
    ] = MIN_ALERTS,
    regions: options.SourceRegionsOption = None,
    accounts: options.AccountsOption = None,
    cache: options.CacheOption = DEFAULT_CACHE,
    processes: options.ProcessesOption = None,
    profile: ProfileOption = None,
    region: RegionOption = None,
    output: FormatOption = Format.TEXT,
) -> None:
    """Suggest exceptions: what programs and AWS services alert on again and again, as YAML to paste."""
    request = Request(
        source=source, since=since, until=until, regions=regions, accounts=accounts, cache=cache, processes=processes
    )
    with past_of(request, [load(config, packs_dir).config], Aws(profile=profile, region=region)) as (past,):
        suggestions = suggest(past, limit=limit, min_alerts=min_alerts)
    if output is Format.JSON:
        sys.stdout.write(inert_json(_document(suggestions), indent=2) + "\n")
        return
    if suggestions.each:
        sys.stdout.write(write_yaml(suggestions.each))
    say(_sum_up(suggestions))


def write_yaml(suggestions: Sequence[Suggestion]) -> str:
    """Return the suggestions as the config's `suppressions`, each with what it does as a comment."""
    lines = ["suppressions:"]
    for each in suggestions:
        lines += [f"  # {text}" for text in _comments(each)]
        lines += [f"  {'- ' if key == 'id' else '  '}{key}: {json.dumps(value)}" for key, value in _entry(each).items()]
    return "\n".join(lines) + "\n"


def _entry(suggestion: Suggestion) -> dict[str, Any]:
    suppression = suggestion.suppression
    return {
        "id": suppression.id,
        "match": suppression.match.source,
        "reason": suppression.reason,
        "rules": list(suppression.rules),
    }


def _comments(suggestion: Suggestion) -> list[str]:
    shares = ", ".join(f"{100 * share:.0f} % of {rule}" for rule, share in suggestion.shares.items())
    more = suggestion.findings - suggestion.removes
    comments = [
        f"{count(suggestion.removes, 'alert')} fewer{f', and {more} repeats' if more > 0 else ''}.",
        f"{suggestion.actor} causes {shares}.",
    ]
    if suggestion.risky:
        risky = ", ".join(f"{rule.id} ({rule.severity})" for rule in suggestion.risky)
        comments.append(f"WARNING: it hides {risky} whenever this actor does it, or somebody who took it over.")
    return comments


def _document(suggestions: Suggestions) -> dict[str, Any]:
    return {
        "alerts": suggestions.alerts,
        "left_without_risk": suggestions.left_without_risk,
        "left": suggestions.left,
        "suggestions": [
            {
                "suppression": _entry(each),
                "actor": each.actor,
                "removes_alerts": each.removes,
                "holds_back_findings": each.findings,
                "shares": dict(each.shares),
                "hides": {rule.id: rule.severity for rule in each.risky},
            }
            for each in suggestions.each
        ],
    }


def _sum_up(suggestions: Suggestions) -> str:
    if not suggestions.each:
        return (
            f"{count(suggestions.alerts, 'alert')}, and nothing to suggest: no program or AWS service causes "
            "most of a rule's alerts. A noisy rule can be disabled, or given a threshold or a longer dedupe window."
        )
    risky = any(each.risky for each in suggestions.each)
    safe = f"; without those that carry a warning, {suggestions.left_without_risk}" if risky else ""
    return f"With all of them, {suggestions.left} of {count(suggestions.alerts, 'alert')} are left{safe}."
