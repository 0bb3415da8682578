r"""Group Policy: the Site to Zone Assignment List as a Registry.pol file.

Output: `Registry.pol` in the PReg format (MS-GPREG 2.2), with a REG_SZ value for each site, and the value that enables the
list.
Vendor page: https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format
Supported: scheme and zone of a host, or of all names below a host.
Not supported: other wildcards, and cookies, which zones do not control (render browser-policy, too). With this policy, users
cannot add their own entries to the list.
Install: for a single computer copy it to `%SystemRoot%\System32\GroupPolicy\User\Registry.pol` (or `Machine`) and run
`gpupdate /force`; for a domain import it into a GPO with LGPO or `Import-GPO`, or merge it with the existing entries.
Update: render and import again. The policy client removes values that are no longer in the file.
"""

import struct
from collections.abc import Iterator

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.zones import KEY, SiteTarget
from perimeter365.targets.target import Artifact

_SZ, _DWORD = 1, 4


class RegistryPol(SiteTarget):
    """Registry.pol file."""

    name = "registry-pol"
    title = "Group Policy registry file"
    vendor_page = "https://learn.microsoft.com/previous-versions/windows/desktop/policy/registry-policy-file-format"
    proof = "consumer"
    proof_detail = "Samba's parser of policy files returns every entry"

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file; the format has no comments, so the catalog is not named."""
        assigned = self.assignments(plan)
        self.report_cookies(plan)
        entries = [_entry(f"{KEY}\\ZoneMapKey", name, _SZ, _text(zone)) for name, zone in assigned.items()]
        if entries:
            entries.insert(0, _entry(KEY, "ListBox_Support_ZoneMapKey", _DWORD, struct.pack("<I", 1)))
        content = b"PReg" + struct.pack("<I", 1) + b"".join(entries)
        yield Artifact(name="Registry.pol", content=content, entries=len(assigned))


def _text(text: str) -> bytes:
    return f"{text}\0".encode("utf-16-le")


def _entry(key: str, name: str, kind: int, data: bytes) -> bytes:
    """Return an entry, [key;value;type;size;data], in UTF-16 except for the data."""
    signs = {sign: sign.encode("utf-16-le") for sign in "[;]"}
    fields = (_text(key), _text(name), struct.pack("<I", kind), struct.pack("<I", len(data)), data)
    return signs["["] + signs[";"].join(fields) + signs["]"]
