"""`perimeter365 targets`: the list of targets, and the manual page of each."""

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import click

from perimeter365.cli._command import QUERY, declare, json_option, pass_settings
from perimeter365.cli._complete import complete_target
from perimeter365.cli._settings import Settings, print_json
from perimeter365.errors import UnknownNameError

if TYPE_CHECKING:
    from perimeter365.targets import Target


KINDS = ("firewall", "feed", "cloud", "proxy", "vpn", "dns", "client", "data", "document")
"""Those of `targets.target`, which is not loaded to print the help; a test compares them."""

SECTIONS = (
    "Output", "Vendor page", "Vendor pages", "Supported", "Not supported", "Supported and not supported",
    "NAT", "Zones", "Address book", "Order", "Secondary servers",
    "Install", "Update", "Update with --since", "Remove", "Besides", "First",
    "Supports", "Vendor's page", "Own addresses", "Proof", "Life", "Limits", "Options",
)  # fmt: skip
"""Titles of sections: those of docstrings and of `manual`. Other words before a colon are the start of a sentence."""

# Matches "Update: run" and "Options (--option pac.NAME=VALUE):" at the start of a line.
_SECTION = re.compile(rf"^(?=({'|'.join(SECTIONS)})(?: \(.*\))?:)", re.MULTILINE)


@declare("targets", QUERY)
@click.argument("name", required=False, shell_complete=complete_target)
@click.option("--kind", type=click.Choice(KINDS), help="List only targets of this kind.")
@click.option("--brief", is_flag=True, help="List only name and title.")
@click.option(
    "--section",
    metavar="WORD",
    help="With NAME: print only the part of the manual page that starts with this word, such as options or update.",
)
@click.option("--profile", type=click.Path(path_type=Path), help="With NAME: show the values of a profile, too.")
@json_option
@pass_settings
def command(
    settings: Settings,
    name: str | None,
    kind: str | None,
    brief: bool,
    section: str | None,
    profile: Path | None,
    json: bool,
) -> None:
    """List the targets, or show the manual page of one.

    A target is an output format of a plan, such as a firewall configuration, a feed, a PAC file or a zone list.

    Examples:
        perimeter365 targets
        perimeter365 targets --kind firewall --brief
        perimeter365 targets pac --section options
    """
    from perimeter365.show.tables import Table
    from perimeter365.targets import targets

    if section is not None and (name is None or json):
        raise click.UsageError("--section needs the name of a target, and no --json")
    if name is not None:
        if kind or brief:
            raise click.UsageError("--kind and --brief are for the list of targets; omit NAME")
        target = targets[name]
        own = _own_values(settings, profile).get(name, {})
        if json:
            print_json(target.describe() | ({"profile": own} if profile else {}))
        else:
            print(manual(target, own) if section is None else manual_section(target, section))
        return
    if profile:
        raise click.UsageError("--profile needs the NAME of a target; `config show --profile FILE` lists all values")
    classes = [target for target in targets.values() if kind in (None, target.kind)]
    if json:
        print_json([target.describe() for target in classes])
        return
    columns: dict[str, Callable[[type[Target]], str]] = {"name": lambda t: t.name, "makes": lambda t: t.title}
    if not kind:
        columns["kind"] = lambda t: t.kind
    if not brief:
        columns |= {"supports": capabilities_text, "proof": lambda t: t.proof}
    classes.sort(key=lambda t: (t.kind, t.name))
    rows = tuple(tuple(cell(t) for cell in columns.values()) for t in classes)
    settings.print_tables([Table(title=f"Targets ({len(rows)})", columns=tuple(columns), rows=rows)])


def _settings_of(page: str) -> str:
    """Return the limits and options at the end of a manual page."""
    lines = page.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith(("Limits (", "Options ("))]
    return "\n".join(lines[starts[0] :]) if starts else "no limits and no options"


def _in_profile(own: Mapping[str, str], key: str) -> str:
    return f"; in the profile: {own[key]}" if key in own else ""


def capabilities_text(target: "type[Target]") -> str:
    """Describe the capabilities of a target: `addresses, ports, inbound`."""
    can = target.capabilities
    words = ["addresses"] if can.addresses else []
    words += [f"hosts ({' '.join(can.hosts)})"] if can.hosts else []
    words += [name for name in ("ports", "paths", "sites", "records") if getattr(can, name)]
    words += list(can.directions)
    if can.addresses and can.families != (4, 6):
        words.append(f"IPv{can.families[0]} only")
    return ", ".join(words)


def _own_values(settings: Settings, profile: Path | None) -> dict[str, dict[str, str]]:
    """Return the settings of targets in a profile, as texts. Raises ProfileError."""
    from perimeter365.targets.settings import option_text
    from perimeter365.workspace import check_profile

    if profile is None:
        return {}
    own = settings.load_profile(profile)
    check_profile(own)
    return {name: {k: option_text(v) for k, v in each.values.items()} for name, each in own.targets.items()}


def manual(target: "type[Target]", own: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the manual page of a target, from its docstring and class attributes.

    Args:
        target: the target.
        own: option or limit -> the value that a profile has.
    """
    from perimeter365.targets.life import PARTS, life_lines, manual_lines
    from perimeter365.targets.target import PROOFS, SIDES, Style

    lines = [f"{target.name}: {target.title}", "", inspect.getdoc(sys.modules[target.__module__]) or "", ""]
    if target.manual:
        example = target(Style(options={key: value for key, value in own.items() if key in target.options}))
        lines += [
            *manual_lines(target.manual, {p: example.commands(p) for p in PARTS}, example.besides(), example.first()),
            "",
        ]
    lines += [f"Supports: {capabilities_text(target)}", f"Vendor's page: {target.vendor_page}"]
    lines.append(f"Own addresses: {SIDES[target.side]}")
    detail = f" ({target.proof_detail})" if target.proof_detail else ""
    lines.append(f"Proof: {target.proof}: {PROOFS[target.proof]}{detail}")
    lines += ["", "Life (how each step was tried):", *life_lines(target.tried)]
    width = max(map(len, (*target.limits, *target.options)), default=0) + 1
    if target.limits:
        lines += ["", f"Limits (--limit {target.name}.NAME=N):"]
        lines += [f"  {key:<{width}} {value}{_in_profile(own, key)}" for key, value in target.limits.items()]
    if target.options:
        lines += ["", f"Options (--option {target.name}.NAME=VALUE):"]
        for key, option in target.options.items():
            choices = f" [{'|'.join(option.choices)}]" if option.choices else ""
            default = (
                f"needed, such as {option.example}" if option.default is None else f"default: {option.default or 'none'}"
            )
            lines.append(f"  {key:<{width}} {option.help}{choices} ({default}){_in_profile(own, key)}")
    return "\n".join(lines)


def manual_section(target: "type[Target]", word: str) -> str:
    """Return the part of a manual page that starts with a word.

    A part starts with one of the titles, and sentences and commands below it belong to it. All parts whose title starts with
    the word are returned: `update` also has the update with changes. Case is ignored. Raises UnknownNameError.
    """
    _, *found = _SECTION.split(manual(target))
    parts = [(title.lower(), part.rstrip()) for title, part in zip(found[::2], found[1::2], strict=True)]
    wanted = [part for title, part in parts if f"{title} ".startswith(f"{word.lower()} ")]
    if not wanted:
        raise UnknownNameError(f"section of {target.name}", word, [title for title, _ in parts])
    return "\n\n".join(wanted)
