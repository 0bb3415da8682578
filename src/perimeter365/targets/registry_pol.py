r"""Group Policy: the Site to Zone Assignment List as a Registry.pol file.

Output: `Registry.pol` in the PReg format (MS-GPREG 2.2), with a REG_SZ value for each site, and the value that enables the
list; `left.txt`, which deletes the values of earlier files of the folder that are not in this one, and `remove.txt`, which
deletes all of them, both as LGPO text.
Vendor page: https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format
Supported: scheme and zone of a host, or of all names below a host.
Not supported: other wildcards, and cookies, which zones do not control (render browser-policy, too).
LGPO.exe (Microsoft Security Compliance Toolkit) adds the values to the local policy and keeps all others; copied over the
file of a policy instead, `Registry.pol` replaces all its settings. For a domain, use a computer whose local policy has
nothing else: `LGPO.exe /b FOLDER` makes a backup of it that Import-GPO reads. The value that enables the list is never
deleted: an organization's own list needs it.
"""

import struct
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases import registry_values as registry
from perimeter365.targets._bases.zones import KEY, SiteTarget
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact, Option

_SZ, _DWORD = 1, 4
_SCOPES = {"user": ("u", "User"), "machine": ("m", "Computer")}
"""Scope -> the letter of LGPO.exe, and the word of LGPO text."""


class RegistryPol(SiteTarget):
    """Registry.pol file."""

    name = "registry-pol"
    title = "Group Policy registry file"
    vendor_page = "https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format"
    proof = "second opinion"
    proof_detail = "Samba's parser of policy files returns every entry"
    options = MappingProxyType(
        {"scope": Option(default="user", choices=tuple(_SCOPES), help="user or computer configuration of the policy")}
    )
    comment = ";"
    keeps = True
    kept_names = registry.KEPT
    kept_most = 1
    manual = Manual(
        where="Command Prompt with LGPO.exe, as administrator",
        install=("LGPO.exe /{part} Registry.pol /e zone", "gpupdate /force"),
        update=("LGPO.exe /{part} Registry.pol /t left.txt /e zone", "gpupdate /force"),
        remove=("LGPO.exe /t remove.txt", "gpupdate /force"),
        besides="while the list is on, Windows ignores the entries of users; it also switches on a list that is there",
        first="load it on one computer",
    )
    tried = tried(model("LGPO.exe 3.0 and the policy client"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the letter of the configuration."""
        return {**super().words(), "part": _SCOPES[self.option("scope")][0]}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the files; PReg has no comments, so it does not name the catalog."""
        assigned = self.assignments(plan)
        self.report_cookies(plan)
        entries = [_entry(f"{KEY}\\ZoneMapKey", name, _SZ, _text(zone)) for name, zone in assigned.items()]
        if entries:
            entries.insert(0, _entry(KEY, "ListBox_Support_ZoneMapKey", _DWORD, struct.pack("<I", 1)))
        content = b"PReg" + struct.pack("<I", 1) + b"".join(entries)
        yield Artifact(name="Registry.pol", content=content, entries=len(assigned))
        scope = _SCOPES[self.option("scope")][1]
        values = [(f"{scope} {KEY}\\ZoneMapKey", name) for name in assigned]
        left = registry.left(self.style.kept, values)
        self.kept.update(registry.kept(values, left))
        yield self.text("left.txt", [*self.header(plan, load="update"), *_deletions(left)], entries=len(left))
        every = sorted({*values, *left})
        yield self.text("remove.txt", [*self.header(plan, load="remove"), *_deletions(every)], entries=len(every))


def _deletions(places: Iterable[registry.Place]) -> Iterator[str]:
    """Yield the deletion of values as LGPO text: configuration, key, name, action."""
    for key, name in places:
        yield from ("", *key.split(" ", 1), name, "DELETE")


def _text(text: str) -> bytes:
    return f"{text}\0".encode("utf-16-le")


def _entry(key: str, name: str, kind: int, data: bytes) -> bytes:
    """Return an entry, [key;value;type;size;data], in UTF-16 except for the data."""
    signs = {sign: sign.encode("utf-16-le") for sign in "[;]"}
    fields = (_text(key), _text(name), struct.pack("<I", kind), struct.pack("<I", len(data)), data)
    return signs["["] + signs[";"].join(fields) + signs["]"]
