"""`perimeter365 losses`: what rendered targets cannot express."""

from pathlib import Path

import click

from perimeter365.cli._command import RENDER, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json


@declare("losses", RENDER)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@json_option
@pass_settings
def command(settings: Settings, folder: Path, json: bool) -> None:
    """List what rendered targets cannot express.

    DIR is the output folder of `render`, or the folder of one target in it. What a person has to settle is listed
    first, with the next step. Then each target has one line for each reason that is known of it, and the number of
    requirements that it is not for. `perimeter365 explain REASON` describes a reason.

    Examples:
      perimeter365 losses out                    # decisions first
      perimeter365 losses out/nftables --json    # all ids and hosts of one target
    """
    from perimeter365.cli._losses import folder_lines
    from perimeter365.targets.loss import load_losses

    found = load_losses(folder)
    if json:
        print_json(
            [
                {"target": each.target, "outside": dict(each.outside), "losses": [loss.to_dict() for loss in each.losses]}
                for each in found
            ]
        )
    else:
        print("\n".join(folder_lines(found)))
