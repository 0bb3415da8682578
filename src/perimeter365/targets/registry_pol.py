r"""Group Policy: the Site to Zone Assignment List as a Registry.pol file.

What it makes: `Registry.pol` in the PReg format (MS-GPREG 2.2), with one REG_SZ for each site and the value
that switches the list on.
Vendor page: https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format
What it says: scheme and zone of a host, or of everything in front of one. What it cannot say: stars elsewhere,
and cookies, which zones do not govern (render browser-policy as well). The list locks users' own entries out,
as such a policy does.
Install: for one computer copy it to `%SystemRoot%\System32\GroupPolicy\User\Registry.pol` (or `Machine`) and
run `gpupdate /force`; for a domain, import it into a GPO with LGPO or `Import-GPO`, or merge it with the
entries that are there.
Update: render again and import; the policy client removes values that are gone.
"""

import struct
from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.zones import KEY, SiteTarget
from perimeter365.targets.target import Artifact

_SZ, _DWORD = 1, 4


class RegistryPol(SiteTarget):
    """A Registry.pol file."""

    name = "registry-pol"
    title = "Group Policy registry file"
    vendor_page = "https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format"
    proof = "consumer"
    proof_detail = "Samba's reader of policy files gives every entry back"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """The file; it has no comments, so nothing in it names the catalog."""
        assigned = self.assignments(plan)
        self.lose_cookies(plan)
        entries = [_entry(f"{KEY}\\ZoneMapKey", name, _SZ, _text(zone)) for name, zone in assigned.items()]
        if entries:
            entries.insert(0, _entry(KEY, "ListBox_Support_ZoneMapKey", _DWORD, struct.pack("<I", 1)))
        content = b"PReg" + struct.pack("<I", 1) + b"".join(entries)
        yield Artifact(name="Registry.pol", content=content, entries=len(assigned))


def _text(text: str) -> bytes:
    return f"{text}\0".encode("utf-16-le")


def _entry(key: str, name: str, kind: int, data: bytes) -> bytes:
    """[key;value;type;size;data], every sign and text in UTF-16."""
    signs = {sign: sign.encode("utf-16-le") for sign in "[;]"}
    fields = (_text(key), _text(name), struct.pack("<I", kind), struct.pack("<I", len(data)), data)
    return signs["["] + signs[";"].join(fields) + signs["]"]
