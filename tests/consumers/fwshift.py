"""Compare what the configurations of two vendors decide, with FWShift.

    compare(Configuration("junos", srx), Configuration("panos", pan))      [] or the differences

FWShift reads the formats of many firewalls and clouds, and finds every connection whose verdict differs. It is licensed
under GPL-3. So it is only run as a program, in an environment of its own (`tasks/bootstrap.py --tools`); nothing of it is
imported, copied, or part of what this project distributes. https://pypi.org/project/fwshift/
"""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.consumers import need
from tests.consumers.refusal import Refused

TRUST, UNTRUST = "trust", "untrust"


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """A configuration and what its zones are called."""

    format: str
    """FWShift's name of the format: `junos`."""
    text: str
    zones: tuple[str, str] = (TRUST, UNTRUST)
    """Its names of the zones of the internal network and of the internet."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """Connections between two zones that one configuration allows and the other does not."""

    zones: tuple[str, str]
    """In the words of the first configuration."""
    opened: bool
    """Whether only the second configuration allows them, or only the first."""
    certain: bool
    """Whether that is so whatever the configurations have that was not understood."""
    sources: tuple[str, ...]
    destinations: tuple[str, ...]
    services: tuple[str, ...]
    """`udp/53`."""


def compare(first: Configuration, second: Configuration, networks: Mapping[str, str], apart: str = "") -> list[Verdict]:
    """Return the connections that two configurations do not decide alike.

    Args:
        first: a configuration.
        second: another one.
        networks: the networks behind the zones of the first one, separated by commas; other packets do not occur.
        apart: an expression for services that are not compared: `icmp.*`; "" for none.

    Raises:
        Refused: one of them cannot be read.
    """
    program = need("fwshift")
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("first", "second")]
        for file, each in zip(files, (first, second), strict=True):
            file.write_text(each.text)
        words = [word for pair in zip(first.zones, second.zones, strict=True) for word in ("--zone-map", "=".join(pair))]
        words += [word for zone in networks.items() for word in ("--zone-network", "=".join(zone))]
        formats = ["--from", first.format, "--from-second", second.format]
        command: list[str | Path] = [program, "compare", "--format", "json", *formats]
        done = subprocess.run([*command, *words, *files], capture_output=True, text=True, timeout=120, check=False)
    if done.returncode not in (0, 3):
        raise Refused(f"fwshift: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    assert found["equivalent"] == (not found["differences"]) == (done.returncode == 0)
    verdicts = (_verdict(each, apart) for each in found["differences"])
    return [each for each in verdicts if each.services]


def _verdict(found: dict[str, Any], apart: str) -> Verdict:
    connections = []
    for each in found["connections"]:
        here = [service for service in each["services"] if not re.fullmatch(apart, service)]
        connections += [{**each, "services": here}] if here else []
    sources, destinations, services = (
        tuple(dict.fromkeys(word for each in connections for word in each[key]))
        for key in ("sources", "destinations", "services")
    )
    return Verdict(
        zones=(found["from"], found["to"]),
        opened=found["change"] == "opened",
        certain=found["certain"],
        sources=sources,
        destinations=destinations,
        services=services,
    )
