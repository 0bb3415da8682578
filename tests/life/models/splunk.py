"""A model of a Splunk search head: apps, their visibility, and lookups by CIDR and WILDCARD.

Rules: an app is a folder below etc/apps with default/app.conf (app.conf); its objects are visible in other apps only with
`export = system` in metadata/default.meta (default.meta.conf); a lookup definition names a file of the app's lookups folder,
and the first row whose field matches is the result, up to max_matches (transforms.conf).
"""

import configparser
import csv
import re
from ipaddress import ip_address, ip_network
from pathlib import Path


class Splunk:
    """The apps below a folder, as a restart reads them."""

    def __init__(self, home: Path) -> None:
        self.apps = home / "etc" / "apps"

    def definition(self, lookup: str) -> tuple[Path, dict[str, str]] | None:
        """Return the app and the settings of a lookup that a search in another app sees."""
        for app in sorted(path for path in self.apps.iterdir() if (path / "default" / "app.conf").is_file()):
            transforms, meta = _conf(app / "default" / "transforms.conf"), _conf(app / "metadata" / "default.meta")
            if lookup in transforms and meta.get("", {}).get("export") == "system":
                return app, transforms[lookup]
        return None

    def look_up(self, lookup: str, value: str) -> dict[str, str]:
        """Return the row for a value; {} if the lookup is not visible or nothing matches."""
        found = self.definition(lookup)
        if found is None:
            return {}
        app, settings = found
        match = re.fullmatch(r"(CIDR|WILDCARD)\((\w+)\)", settings["match_type"])
        assert match is not None
        with (app / "lookups" / settings["filename"]).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                key = row[match[2]]
                if _in(value, key) if match[1] == "CIDR" else _like(value, key):
                    return row
        return {}


def _in(value: str, key: str) -> bool:
    network = ip_network(key)
    address = ip_address(value)
    return network.version == address.version and address in network


def _like(value: str, key: str) -> bool:
    return re.fullmatch(re.escape(key).replace(r"\*", ".*"), value, re.IGNORECASE) is not None


def _conf(path: Path) -> dict[str, dict[str, str]]:
    """Read a .conf file; the stanza [] is the empty name."""
    if not path.is_file():
        return {}
    parser = configparser.RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.read_string(path.read_text("utf-8").replace("[]", "[\x00]"))
    return {("" if name == "\x00" else name): dict(parser[name]) for name in parser.sections()}
