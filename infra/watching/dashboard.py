"""One page that tells how Trailbell is doing."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack, aws_cloudwatch
from constructs import Construct

from trailbell.contract.environments.detection import WINDOW_CLOSER_SERVICE
from trailbell.contract.names import METRICS_NAMESPACE
from trailbell.contract.outcomes import DELIVERY_METRICS, EVENT_METRICS, METRICS
from trailbell.infra.watching.metrics import own
from trailbell.infra.watching.watched import Watched

HOUR, FIVE_MINUTES = Duration.hours(1), Duration.minutes(5)
GB_SECONDS_USD, INVOCATIONS_USD = 0.0000133334, 0.0000002
"""Lambda on arm64, us-east-1. https://aws.amazon.com/lambda/pricing/"""
MEMORY_GB = 0.5
WIDTH = 24


class Dashboard(Construct):
    """Alerts first, then what they came from, then the machinery."""

    def __init__(self, scope: Construct, id_: str, *, name: str, watched: Watched) -> None:
        """Make the dashboard; it is named after the stack."""
        super().__init__(scope, id_)
        stack = Stack.of(self)
        self.url = f"https://{stack.region}.console.aws.amazon.com/cloudwatch/home?region={stack.region}#dashboards/dashboard/{name}"
        board = aws_cloudwatch.Dashboard(self, "Dashboard", dashboard_name=name, default_interval=Duration.days(1))
        board.add_widgets(_links(name, stack.region))
        board.add_widgets(*(_alerts_by(dimension) for dimension in ("rule", "severity", "account")))
        board.add_widgets(_delay(), _counts("Events", EVENT_METRICS), _counts("Findings", tuple(METRICS.values())))
        board.add_widgets(*_notifiers(watched), _filters(watched))
        board.add_widgets(*_queues(watched))
        board.add_widgets(*_functions(watched), _cost(watched))


def _links(name: str, region: str) -> aws_cloudwatch.TextWidget:
    console = f"https://{region}.console.aws.amazon.com"
    return aws_cloudwatch.TextWidget(
        width=WIDTH,
        height=2,
        markdown=(
            f"# {name}\n"
            f"[Alarms]({console}/cloudwatch/home?region={region}#alarmsV2:?search={name}) · "
            f"[Queries]({console}/cloudwatch/home?region={region}#logsV2:logs-insights) (saved under `{name}/`) · "
            f"[Outputs]({console}/cloudformation/home?region={region}#/stacks?filteringText={name}) · "
            "what each alarm asks of you: `docs/operations.md`"
        ),
    )


def _graph(
    title: str, metrics: Sequence[aws_cloudwatch.IMetric], *, width: int = 8, stacked: bool = False
) -> aws_cloudwatch.GraphWidget:
    return aws_cloudwatch.GraphWidget(title=title, left=list(metrics), width=width, height=6, stacked=stacked)


def _alerts_by(dimension: str) -> aws_cloudwatch.GraphWidget:
    search = aws_cloudwatch.MathExpression(
        expression=f"SEARCH('{{{METRICS_NAMESPACE},{dimension}}} MetricName=\"Alerts\"', 'Sum', 3600)",
        using_metrics={},
        label="",
        period=HOUR,
    )
    return _graph(f"Alerts by {dimension}", [search], stacked=True)


def _delay() -> aws_cloudwatch.GraphWidget:
    statistics = ("p50", "p99")
    return _graph(
        "Seconds from event to alert",
        [own("AlertDelay", HOUR, statistic=statistic, label=statistic) for statistic in statistics],
    )


def _counts(title: str, names: Sequence[str]) -> aws_cloudwatch.GraphWidget:
    return _graph(f"{title}: what became of them", [own(name, FIVE_MINUTES) for name in names])


def _notifiers(watched: Watched) -> list[aws_cloudwatch.GraphWidget]:
    return [
        _graph(f"Deliveries: {name}", [own(metric, FIVE_MINUTES, service=service) for metric in DELIVERY_METRICS])
        for name, service in watched.notifier_services.items()
    ]


def _filters(watched: Watched) -> aws_cloudwatch.GraphWidget:
    rules = " OR ".join(f'"{rule}"' for rule in watched.filter_rules)
    search = aws_cloudwatch.MathExpression(
        expression=f"SEARCH('{{AWS/Events,RuleName}} MetricName=\"FailedInvocations\" RuleName=({rules})', 'Sum', 300)",
        using_metrics={},
        label="",
        period=FIVE_MINUTES,
    )
    return _graph("Events that filters could not hand over", [search])


def _queues(watched: Watched) -> list[aws_cloudwatch.GraphWidget]:
    letters = [
        queue.metric_approximate_number_of_messages_visible(label=name, statistic="Maximum")
        for name, queue in watched.dead_letter_queues.items()
    ]
    ages = [
        queue.metric_approximate_age_of_oldest_message(label=name, statistic="Maximum")
        for name, queue in watched.work_queues.items()
    ]
    overdue = own("OverdueSeconds", FIVE_MINUTES, service=WINDOW_CLOSER_SERVICE, statistic="Maximum", label="Windows")
    return [_graph("Dead letters", letters, width=12), _graph("Oldest that waits (s)", [*ages, overdue], width=12)]


def _functions(watched: Watched) -> list[aws_cloudwatch.GraphWidget]:
    functions = watched.functions.items()
    return [
        _graph("Invocations", [each.metric_invocations(label=name) for name, each in functions], width=6),
        _graph(
            "Duration, p99 (ms)",
            [each.metric_duration(label=name, statistic="p99") for name, each in functions],
            width=6,
        ),
        _graph("Errors", [each.metric_errors(label=name) for name, each in functions], width=6),
    ]


def _cost(watched: Watched) -> aws_cloudwatch.SingleValueWidget:
    """Estimate from invocations and durations what Lambda costs; fixed costs are in the README."""
    calls = {f"n{place}": each.metric_invocations(period=HOUR) for place, each in enumerate(watched.functions.values())}
    times = {
        f"d{place}": each.metric_duration(period=HOUR, statistic="Sum")
        for place, each in enumerate(watched.functions.values())
    }
    gb_seconds = f"SUM([{','.join(f'FILL({id_},0)' for id_ in times)}])*{MEMORY_GB / 1000:.4f}"
    invocations = f"SUM([{','.join(f'FILL({id_},0)' for id_ in calls)}])"
    price = aws_cloudwatch.MathExpression(
        expression=f"{gb_seconds}*{GB_SECONDS_USD:.10f}+{invocations}*{INVOCATIONS_USD:.7f}",
        using_metrics={**calls, **times},
        label="USD for Lambda (list price, us-east-1)",
        period=HOUR,
    )
    total = aws_cloudwatch.MathExpression(
        expression=invocations, using_metrics=dict(calls), label="invocations", period=HOUR
    )
    return aws_cloudwatch.SingleValueWidget(
        title="Estimated cost an hour", metrics=[price, total], width=6, height=6, full_precision=True
    )
