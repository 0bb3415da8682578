"""`perimeter365 explain`: what a code of an error, a warning, a loss or a date means, and what to do. Offline."""

import click

from perimeter365.cli._command import OTHER, declare
from perimeter365.errors import UnknownNameError, error_classes

LOSSES = {
    "widened": "The artifact opens more than the plan needs, because the format cannot say it more narrowly.",
    "narrowed": "The artifact opens less than the plan needs: part of the requirement will not work through this device.",
    "dropped": "Nothing of the requirement is in the artifact.",
}

DATES = {
    "kept": "Microsoft has removed the entry; it stays in the plan until its day, for clients that still use it.\n"
    "Render again on that day. --grace 0 takes it out at once, and [effective] grace in the profile for good.",
    "ahead": "Microsoft has announced the entry for its day; the plan has it already, since nobody is there before.\n"
    "Nothing has to be done. --no-ahead, or [effective] ahead = false, waits for the day.",
    "waiting": "Microsoft has announced the entry for its day, and the plan does not have it yet (--no-ahead).\n"
    "Render again on that day, or clients will be refused.",
}
"""The states of a plan's dates (`model.effective`)."""

WHAT_TO_DO = {
    "not-in-force": 'Use Workspace.plan, or name the catalog that is meant: load_catalog("embedded").',
    "role-unset": "Give the role its addresses under [roles]. Until then targets leave the flow out, as a loss.",
    "role-name-unset": "Give the role its host name under [roles], beside its addresses.",
    "template-unfilled": "Set organization.tenant or organization.email_domains, whichever the message names.",
    "retired": "Take the scenario out of select.scenarios, unless you still run what it is for.",
    "left-out": "If you need it, name its id in select.scenarios; the message says why the scenario alone does not.",
    "low-confidence": "Look at the evidence (`perimeter365 show ID`) and watch your logs before you rely on it.",
    "assumed": "Watch the logs of the published server: a source outside of the assumed sets would be refused.",
    "hosts-without-prefixes": "Allow them on a proxy or a firewall that knows names, or let them take the default path.",
    "no-ports": "Ask the vendor for the ports. No target opens all of them in the meantime.",
    "edition": "select.graph_sources chooses: `union` of both texts blocks nothing that either names, or `newest`.",
    "row-reference": "Nothing: the catalog refers to the right row.",
    "shared-name": "Give the published server a name and an address of its own before its sources are restricted.",
    "shared-domain": "Prefer exact names where you know them (your own vault, bus or storage account).",
    "record-conflict": "Decide which of the records the name shall have; the message names them.",
    "closed-cloud": "Take the cloud out of organization.clouds.",
    "value-needed": "Copy the value from the Microsoft 365 admin center (Settings, Domains) into your zone.",
    "not-in-cloud": "Take the scenario out of select.scenarios, or plan that cloud in a profile of its own.",
    "synthetic-set": "Treat its names as a list to allow by name; see also no-ports.",
    "unresolved-reference": "The list has changed since the row was read: use a newer release, or a list that has the set.",
    "nothing-selected": "Name service areas or scenarios under [select].",
}
"""What a reader of a plan can do about each warning."""


@declare("explain", OTHER)
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """Explain a code, or list all codes.

    CODE is an error's (P365-PROFILE), a plan's warning (role-unset), a kind of loss (widened), or the state of an entry
    in a plan's effective dates (kept).
    """
    found = explanations()
    if code is None:
        width = max(map(len, found))
        print("\n".join(f"{name:<{width}}  {text.splitlines()[0]}" for name, text in found.items()))
        return
    name = next((n for n in found if n.lower() == code.lower()), None)
    if name is None:
        raise UnknownNameError("code", code, found, help="`perimeter365 explain` lists them all")
    print(f"{name}: {found[name]}")


def explanations() -> dict[str, str]:
    """Every code and its text; the first line is a title."""
    from perimeter365.plan.plan import UNRESOLVED, WARNINGS

    made = {e.code: f"{e.title} (exit code {e.exit_code})\n{e.explanation}" for e in error_classes()}
    for code, text in WARNINGS.items():
        strict = "\nIt fails `plan --strict`." if code in UNRESOLVED else ""
        made[code] = f"a warning of a plan: {text}\n{WHAT_TO_DO[code]}{strict}"
    made |= {code: f"a kind of loss\n{text}" for code, text in LOSSES.items()}
    return {**made, **{code: f"a state of a plan's effective dates\n{text}" for code, text in DATES.items()}}
