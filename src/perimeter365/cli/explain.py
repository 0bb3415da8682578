"""`perimeter365 explain`: the meaning of a code, and what to do."""

from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import OTHER, declare
from perimeter365.cli._complete import Items, items
from perimeter365.errors import UnknownNameError, error_classes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perimeter365.targets.reasons import Cause, LossReason

KINDS_OF_LOSSES = {
    "widened": "The artifact opens more than the plan needs, because the format cannot express it exactly.",
    "narrowed": "The artifact opens less than the plan needs: part of the requirement does not work through this device.",
    "dropped": "The artifact does not contain any part of the requirement.",
}

CAUSES: "Mapping[Cause, str]" = {
    "device": "Known of the target, unless the requirement is required, Optimize or Allow and no target of the folder "
    "expresses it: then a person has to decide.",
    "choice": "A person has to decide: an option or a limit changes it.",
    "profile": "A person has to decide: a value of the profile changes it.",
    "plan": "Known where the plan has the warning; otherwise a person has to decide.",
}
"""What the level of a loss follows from (`targets.reasons`)."""

DATES = {
    "kept": "Microsoft has removed the entry or port, or changed the category; it stays in the plan until the date shown.\n"
    "Render again on that date. To remove such entries at once, use --grace 0, or set [effective] grace in the profile.",
    "ahead": "Microsoft has announced the entry for the date shown; the plan already contains it: nothing uses it before.\n"
    "No action is needed. To wait for the date, use --no-ahead, or set [effective] ahead = false in the profile.",
    "waiting": "Microsoft has announced the entry for the date shown, and the plan does not contain it yet (--no-ahead).\n"
    "Render again on that date; otherwise clients will be blocked.",
}
"""The states of a plan's dates (`model.effective`)."""

WHAT_TO_DO = {
    "stale-catalog": "Run `perimeter365 sync` to see why the cloud is not read; `doctor` checks the path to it.",
    "catalog-age": "Run `perimeter365 sync` to follow the cloud, or `sync --from` on a network without internet access.",
    "not-in-force": 'Use Workspace.plan, or load the intended catalog explicitly: load_catalog("embedded").',
    "role-unset": "Set the addresses of the role under [roles]. Until then, targets omit the flow and report a loss.",
    "role-name-unset": "Add the host name of the role to its addresses under [roles].",
    "template-unfilled": "Set organization.tenant or organization.email_domains, as the message indicates.",
    "retired": "Remove the scenario from select.scenarios, unless you still run this feature.",
    "left-out": "If you need it, add its id to select.scenarios; the message gives the reason why the scenario omits it.",
    "low-confidence": "Check the evidence (`perimeter365 show ID`) and your logs before you rely on it.",
    "assumed": "Check the logs of the published server: sources outside the assumed sets are blocked.",
    "hosts-without-prefixes": "Allow them on a proxy or firewall that supports host names, or use the default path.",
    "no-ports": "Ask the vendor for the ports. Until they are known, no target opens the flow on all ports.",
    "edition": "Choose with select.graph_sources: `union` opens the sources of both texts, `newest` only the newer ones.",
    "row-reference": "No action is needed: the catalog refers to the correct row.",
    "shared-name": "Give the published server its own name and address before you restrict its sources.",
    "shared-domain": "Name your own resources (vault, service bus) with [[adjust]] hosts, or --observed FILE.",
    "record-conflict": "Decide which of the records to publish; the message lists them.",
    "closed-cloud": "Remove the cloud from organization.clouds.",
    "value-needed": "Write the value into the profile, where the warning says. The admin center has the tokens of domains.",
    "not-in-cloud": "Remove the scenario from select.scenarios, or plan that cloud with a separate profile.",
    "synthetic-set": "`perimeter365 show ID` names its page and the day; check the page for later changes.",
    "unknown-in-cloud": "Ask Microsoft which hosts the cloud has for it; until then, watch the logs of the server.",
    "renamed": "Write the present id into select.scenarios.",
    "unresolved-reference": "The list has changed since the row was recorded: use a newer release, or a list with this set.",
    "no-effect": "Correct the id, host or ports of the [[exclude]] or [[adjust]], or remove it.",
    "still-open": "Exclude it from the other requirement, too, or leave it open on purpose.",
    "extra-needed": "Install the extra that the message names, or leave the target out.",
    "accept-expired": "Look at the finding again; then extend `expires`, or remove the [[accept]].",
    "accept-unused": "Remove the [[accept]], or correct its code and id.",
    "not-needed": "No action is needed. If you need it, change what the condition names.",
    "excluded": "No action is needed: the profile says so.",
    "adjusted": "No action is needed: the profile says so.",
    "nothing-selected": "Add service areas or scenarios under [select].",
}
"""The recommended action for each warning of a plan."""


def complete_code(ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
    """Complete the codes that `explain` knows."""
    return items(explanations(), incomplete)


@declare("explain", OTHER)
@click.argument("code", required=False, shell_complete=complete_code)
def command(code: str | None) -> None:
    """Explain a code, or list all codes.

    CODE is an error (P365-PROFILE), a warning of a plan (role-unset), a kind of loss (widened), the reason of a loss
    (unaddressed-hosts), or the state of an entry in the effective dates of a plan (kept).

    Examples:
        perimeter365 explain                 # all codes
        perimeter365 explain role-unset
        perimeter365 explain P365-PROFILE
    """
    found = explanations()
    if code is None:
        width = max(map(len, found))
        print("\n".join(f"{name:<{width}}  {text.splitlines()[0]}" for name, text in found.items()))
        return
    name = next((n for n in found if n.lower() == code.lower()), None)
    if name is None:
        raise UnknownNameError("code", code, found, help="`perimeter365 explain` lists all codes")
    print(f"{name}: {found[name]}")


def explanations() -> dict[str, str]:
    """Return every code with its text; the first line of a text is its title."""
    from perimeter365.plan.plan import DECIDE, WARNINGS
    from perimeter365.targets.reasons import REASONS

    made = {e.code: f"{e.title} (exit code {e.exit_code})\n{e.explanation}" for e in error_classes()}
    for code, text in WARNINGS.items():
        strict = "\n`plan --strict` fails on it unless the profile accepts it with [[accept]]." if code in DECIDE else ""
        made[code] = f"a warning of a plan: {text}\n{WHAT_TO_DO[code]}{strict}"
    made |= {code: f"a kind of loss\n{text}" for code, text in KINDS_OF_LOSSES.items()}
    made |= {code: _reason_text(reason, made.get(code, "")) for code, reason in REASONS.items()}
    return {**made, **{code: f"a state of a plan's effective dates\n{text}" for code, text in DATES.items()}}


def _reason_text(reason: "LossReason", text: str) -> str:
    """Return the text of a reason, after that of a warning with the same code."""
    steps = f" {reason.remedy[0].upper()}{reason.remedy[1:]}." if reason.remedy else ""
    what = f"the reason of a loss: {reason.sentence}\n{CAUSES[reason.cause]}{steps}"
    return f"{text}\nAlso {what}" if text else what
