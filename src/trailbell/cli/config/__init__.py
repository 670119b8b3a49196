"""`trailbell config`: check the config, and change what is live. One file a command."""

import typer

from trailbell.cli.config import history, plan, push, rollback, validate

app = typer.Typer(no_args_is_help=True, help="Check the config, and change what alerts without deploying anew.")
app.command(epilog=validate.EXAMPLES)(validate.validate)
app.command(epilog=plan.EXAMPLES)(plan.plan)
app.command(epilog=push.EXAMPLES)(push.push)
app.command(epilog=history.EXAMPLES)(history.history)
app.command(epilog=rollback.EXAMPLES)(rollback.rollback)
