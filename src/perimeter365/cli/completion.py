"""`perimeter365 completion`: completion scripts for shells."""

import click

from perimeter365.cli._app import COMPLETE, app
from perimeter365.cli._command import OTHER, declare

SHELLS = {
    "bash": 'eval "$(perimeter365 completion bash)"          in ~/.bashrc',
    "zsh": 'eval "$(perimeter365 completion zsh)"           in ~/.zshrc',
    "fish": "perimeter365 completion fish > ~/.config/fish/completions/perimeter365.fish",
    "powershell": "perimeter365 completion powershell | Out-String | Invoke-Expression   in $PROFILE",
}


HELP = "Print the completion script for SHELL.\n\n\b\n{}\n\nExamples:\n{}".format(
    "\n".join(SHELLS.values()), "\n".join(f"perimeter365 completion {shell}" for shell in SHELLS)
)


@declare("completion", OTHER, help=HELP)
@click.argument("shell", type=click.Choice(list(SHELLS)))
def command(shell: str) -> None:
    """Print the completion script."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"completion for {shell} needs click 8.5 or newer")
    script = found(app, {}, "perimeter365", COMPLETE)
    text = script.source_template % script.source_vars()  # source() starts bash to determine its version
    click.echo(text.encode("utf-8"))  # bytes, since a script may have tabs
