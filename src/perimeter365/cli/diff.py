"""`perimeter365 diff`: the changes between two versions, dates or files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option, open_reader_if_present
from perimeter365.model.cloud import Cloud

if TYPE_CHECKING:
    from perimeter365.history.words import PlanDiff
    from perimeter365.model.state import State

DIFFERENT = 1


@declare("diff", VERSIONS)
@click.argument("old", metavar="A")
@click.argument("new", metavar="[B]", default="head")
@cloud_option
@json_option
@click.option("--markdown", is_flag=True, help="Print Markdown for a pull request, at most 60 kB.")
@click.option(
    "--profile", metavar="FILE", type=click.Path(path_type=Path), help="Also print what the changes mean for this profile."
)
@click.option("--brief", is_flag=True, help="Text without the entries: counts, what is gone, and the plan's changes.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if there is a difference.")
@pass_settings
def command(
    settings: Settings,
    old: str,
    new: str,
    cloud: Cloud | None,
    json: bool,
    markdown: bool,
    profile: Path | None,
    brief: bool,
    exit_code: bool,
) -> int:
    """Compare two versions of the lists.

    The result lists the changes from A to B. Without B, A is compared with the list in force.

    A and B are versions (2026080200), dates (2026-08-02: the list known on that date), files with a response of the web
    service, or `head`, `newest`, `embedded`. The order of entries is ignored. Without --cloud, compare every cloud that
    has both.

    Examples:
        perimeter365 diff 2026-07-01 2026-08-02
        perimeter365 diff embedded head --profile contoso.toml
        perimeter365 diff old.json new.json --json --exit-code
    """
    from perimeter365.history.diff import diff, to_dict
    from perimeter365.history.reference import states
    from perimeter365.history.report import report_markdown, report_text

    with open_reader_if_present(settings) as store:
        pairs = states([old, new], store, [cloud] if cloud else ())
        diffs = [diff(a, b, store.effective(a.cloud) if store else None) for a, b in pairs]
    words = _words(settings, profile, pairs) if profile else None
    if json:
        print_json({**to_dict(diffs), **({"plan": words.to_dict()} if words is not None else {})})
    elif markdown:
        print(report_markdown(diffs, words), end="")
    else:
        print(report_text(diffs, words, brief=brief), end="")
    return DIFFERENT if exit_code and any(diffs) else 0


def _words(settings: Settings, profile: Path, pairs: "Sequence[Sequence[State]]") -> "PlanDiff":
    from perimeter365.history.words import compare_for_profile

    old, new = ([pair[i] for pair in pairs] for i in (0, 1))
    return compare_for_profile(settings.load_profile(profile), settings.load_catalog(), old, new)
