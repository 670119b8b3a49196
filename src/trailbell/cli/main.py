"""Entry point of the `trailbell` command: puts the commands together."""

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from trailbell.cli import baseline, config, dlq, doctor, drill, explain, history, init, rules, send_test, show, tune
from trailbell.cli.replay import command as replay
from trailbell.cli.shared.aws import aws_errors_told
from trailbell.contract.version import VERSION


class Commands(TyperGroup):
    """The commands; what AWS refuses to any of them is told the same way."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""
        with aws_errors_told():
            return super().invoke(ctx)


app = typer.Typer(
    name="trailbell",
    cls=Commands,
    help="Tells you at once when someone does something risky in your AWS account. These commands tune what alerts.",
    epilog="Begin with `trailbell init`, then `trailbell config validate`. "
    "Exit codes: 0 fine, 1 problems found, 2 wrong usage, 3 AWS refused or could not be reached.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def tell_version(told: bool) -> None:  # noqa: FBT001 - what typer calls it with
    """Tell the version, and nothing else, where it is asked for."""
    if told:
        typer.echo(f"trailbell {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Tell the version and stop.")
    ] = False,
) -> None:
    """Take what is asked of the program as a whole: its version, which `tell_version` has told by now."""
    del version


app.command(name="init", epilog=init.EXAMPLES)(init.init)
app.command(name="history", epilog=history.EXAMPLES)(history.history)
app.command(name="show", epilog=show.EXAMPLES)(show.show)
app.command(name="explain", epilog=explain.EXAMPLES)(explain.explain)
app.command(name="doctor", epilog=doctor.DOCTOR_EXAMPLES)(doctor.doctor)
app.command(name="send-test", epilog=send_test.SEND_TEST_EXAMPLES)(send_test.send_test)
app.command(name="drill", epilog=drill.DRILL_EXAMPLES)(drill.drill)
app.command(name="replay", epilog=replay.EXAMPLES)(replay.replay)
app.command(name="tune", epilog=tune.EXAMPLES)(tune.tune)
app.command(name="baseline", epilog=baseline.EXAMPLES)(baseline.baseline)
app.add_typer(config.app, name="config")
app.add_typer(rules.app, name="rules")
app.add_typer(dlq.app, name="dlq")
