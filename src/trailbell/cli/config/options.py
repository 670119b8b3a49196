"""The options of commands that change what is live."""

from typing import Annotated

import typer

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
WaitOption = Annotated[bool, typer.Option("--wait/--no-wait", help="Follow the deployment until it is over.")]
BakeOption = Annotated[
    bool,
    typer.Option("--bake/--no-bake", help="Watch it for some minutes, and take it back when the detector fails."),
]
MessageOption = Annotated[str, typer.Option("--message", "-m", help="Why; `config history` shows it.")]
