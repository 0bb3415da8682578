"""The guarantees of every fuzzed parser."""

import ipaddress
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from perimeter365.errors import Perimeter365Error
from perimeter365.model.host import EXACT, TEMPLATE, HostPattern
from perimeter365.model.reading import HELP
from perimeter365.model.suffixes import is_public_suffix
from tests.model.spaces import INTERNAL, PRIVATE_SPACE, SPECIAL_SPACE, UNROUTABLE_SPACE

LONGEST_MESSAGE = 4200
SECONDS = 5.0
"""Limit of CPU time per input; generous, because coverage instrumentation is slow."""

NEVER = [
    ipaddress.ip_network(text) for texts in (UNROUTABLE_SPACE, PRIVATE_SPACE, *SPECIAL_SPACE.values()) for text in texts
]

T = TypeVar("T")


def attempt(parse: Callable[[], T], *, lines: bool = False, kinds: type[Perimeter365Error] = Perimeter365Error) -> T | None:
    """Return the result of a parser, or None if it raises an allowed error.

    Args:
        parse: The call.
        lines: True if messages may have several lines, as those of profiles, which quote the text.
        kinds: The allowed errors.
    """
    started = time.process_time()
    made: T | None = None
    refusal: Perimeter365Error | None = None
    try:
        made = parse()
    except kinds as error:
        refusal = error
    spent = time.process_time() - started
    assert spent < SECONDS, f"{spent:.1f} seconds"
    if refusal is not None:
        assert refusal.exit_code in (2, 3), f"{type(refusal).__name__} has exit code {refusal.exit_code}"
        assert refusal.help != HELP, f"no reader foresaw this: {refusal.message}"
        for text in (refusal.message, refusal.help):
            shown = text.replace("\n", "").replace("\t", "") if lines else text
            assert shown.isprintable(), f"control characters in {text!r}"
            assert len(text) <= (100 if lines else 1) * LONGEST_MESSAGE, f"a message of {len(text)} characters"
    return made


def opened_space(prefixes: Iterable[str]) -> None:
    """Check accepted prefixes, also merged, against the never-list (P5)."""
    for family in (4, 6):
        networks = [n for n in map(ipaddress.ip_network, prefixes) if n.version == family]
        for network in ipaddress.collapse_addresses(networks):  # type: ignore[type-var]
            assert network.prefixlen >= (8 if family == 4 else 20), f"{network} is too wide"
            for never in NEVER:
                assert never.version != family or not network.overlaps(never), f"{network} overlaps {never}"


def opened_names(hosts: Iterable[HostPattern], *, templates: bool = False, suffixes: bool = False) -> None:
    """Check accepted patterns against the never-list, and for special characters.

    Args:
        hosts: The accepted patterns.
        templates: True if templates are allowed.
        suffixes: True for the grammar alone: internal names, and some stars directly under a public suffix, are allowed.
    """
    for host in hosts:
        assert HostPattern(host.text) == host
        assert templates or host.kind != TEMPLATE
        assert set(host.text) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-_*<>")
        assert suffixes or not host.text.endswith(tuple(f".{domain}" for domain in INTERNAL)), f"{host} is internal"
        if host.kind != EXACT and "*" in host.text and not suffixes:
            fixed = host.text.rpartition("*")[2].partition(".")[2]
            assert not is_public_suffix(fixed), f"{host} matches all names under a public suffix"
