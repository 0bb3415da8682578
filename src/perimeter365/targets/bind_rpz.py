"""BIND: response policy zone that exempts Microsoft 365 names from later zones.

Output: `m365.rpz`, a zone in which each name or wildcard is a CNAME to `rpz-passthru.`, and `m365.rpz.conf`, its zone
statement for named.conf.
Vendor page: https://bind9.readthedocs.io/en/v9.18.0/reference.html#response-policy-zone-rpz-rewriting
Supported: exact names, and `*.name`, which means all names below the apex but not the apex itself. A wildcard of a zone
matches neither a name that exists in the zone nor the names below it, so the zone has no name below one of its wildcards:
`www.microsoft.com` is in it as `*.microsoft.com`. Add no records to it.
Not supported: a wildcard inside a label or in the middle of a name; a name that is too long together with the zone's.
named applies a new version of the zone at most once a minute (`min-update-interval`).
The targets of CNAME records in responses are checked against the later zones, too: exempt those that your blocklist has.
The serial grows with every change of the records, also after a rollback, if the zone is rendered into the folder of the last
render. The first one is the catalog's version. If you keep the serials by hand, or render several folders in turn, set
the option `serial`; a render refuses one that is not greater than the last (RFC 1982), and the manual does not install a
zone whose serial goes back. Never load a file of an earlier render: select the earlier state, and render it again.
Secondary servers: give their addresses as option `secondaries`. They need a zone statement `type secondary` and the same
`response-policy`, which you have to write there by hand.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from types import MappingProxyType

from perimeter365.errors import OptionError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.dns import DnsTarget, are_addresses, outermost
from perimeter365.targets._bases.lines import guarded
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, Artifact, Option

_SERIALS = 1 << 32
_NAME_BYTES = 253
"""Characters of a name without the dot at its end (RFC 1035 2.3.4)."""

_OPTIONS, _LOCAL = "/etc/bind/named.conf.options", "/etc/bind/named.conf.local"
_POLICY = "named-checkconf -p | tr -d '\\n\\t' | grep -q 'response-policy {[^}]*zone \"{zone}\"'"
_THERE = ("cmp {zone} /etc/bind/{zone}", "cmp {zone}.conf /etc/bind/{zone}.conf")
_SEE = "the files are not in this folder, or not installed; see the message above"
_INSTALL = (
    guarded(
        "test -f {zone}",
        "test -f {zone}.conf",
        "named-checkzone {zone} {zone}",
        "new=$(named-checkzone {zone} {zone} | sed -n 's/.*loaded serial //p')",
        "old=$(rndc zonestatus {zone} 2>/dev/null | sed -n 's/^serial: //p'; true)",
        "[ $(((new - ${old:-new}) & 4294967295)) -lt 2147483648 ]",
        f"grep -q '^[^/#]*response-policy {{' {_OPTIONS}",
        "install -m 644 {zone} {zone}.conf /etc/bind/",
        help="not in the folder of the files, the zone has an error, its serial goes back, or no response-policy { is in "
        f"{_OPTIONS}",
    ),
    guarded(
        *_THERE,
        f"{{ grep -qxF '{{include}}' {_LOCAL} || echo '{{include}}' >> {_LOCAL}; }}",
        f"{{ grep -q 'response-policy.*\"{{zone}}\"' {_OPTIONS} || "
        f"sed -i 's/response-policy {{/& zone \"{{zone}}\";/' {_OPTIONS}; }}",
        help=_SEE,
    ),
    guarded(*_THERE, _POLICY, "rndc reconfig", "rndc reload {zone}", help=_SEE),
)


class BindRpz(DnsTarget):
    """Response policy zone with passthru rules."""

    name = "bind-rpz"
    title = "BIND response policy zone"
    comment = ";"
    own_names = True
    keeps = True
    kept_names = "serial|content"
    kept_most = 2**63 - 1
    vendor_page = "https://bind9.readthedocs.io/en/v9.18.0/reference.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "named-checkzone loads it; named answers the listed names, and a zone after it blocks the others"
    options = MappingProxyType(
        {
            "serial": Option(
                default="",
                help="serial of the zone, 1 to 4294967295, if a person keeps it; by default greater than the last one",
                check=lambda v: not v or (v.isascii() and v.isdigit() and 0 < int(v) < _SERIALS and str(int(v)) == v),
            ),
            "secondaries": Option(
                default="",
                help="addresses of secondary name servers, separated by commas, that are notified and may transfer the zone",
                check=lambda v: not v or are_addresses(v),
                several=True,
            ),
        }
    )
    manual = Manual(
        where="a shell of the primary name server, as root, in the folder of the files; the paths are those of Debian",
        install=_INSTALL,
        remove=(
            f"sed -i 's/ zone \"{{zone}}\";//' {_OPTIONS}",
            f"sed -i '\\|^{{include}}$|d' {_LOCAL}",
            "rndc reconfig && rm -f /etc/bind/{zone} /etc/bind/{zone}.conf",
        ),
        besides="the zone is first in response-policy: no later zone blocks or rewrites a listed name",
        first='write `policy disabled` after its name in response-policy, which only logs (category "rpz")',
    )
    tried = tried(program("named 9.18"))

    def words(self) -> Mapping[str, str]:
        """Return the options, the zone's name and the line that includes its statement."""
        zone = self.own_name("m365.rpz")
        return {**super().words(), "zone": zone, "include": f'include "/etc/bind/{zone}.conf";'}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the zone and its statement."""
        zone = self.own_name("m365.rpz")
        names = {host: flows for host, flows in self.names(plan).items() if self._fits(host, flows, zone)}
        records = {f"{host} CNAME rpz-passthru.": flows for host, flows in outermost(names).items()}
        serial = self._serial(plan, records)
        lines = [
            *self.header(plan, f"Serial: {serial}. It grows if rendered into the folder of the last render."),
            "$TTL 300",
            f"@ SOA localhost. hostmaster.localhost. {serial} 3600 600 604800 300",
            "@ NS localhost.",
            *(line for record, flows in records.items() for line in (*self.remark(flows), record)),
        ]
        yield self.text(zone, lines, entries=len(records))
        yield self.text(f"{zone}.conf", self._statement(plan, zone), entries=1)

    def _fits(self, host: HostPattern, flows: tuple[PlanFlow, ...], zone: str) -> bool:
        """Return whether a name is short enough for the zone; report a loss if it is not."""
        if fits := len(f"{host}.{zone}") <= _NAME_BYTES:
            return fits
        for flow in flows:
            self.report_loss(flow, DROPPED, "name-length", host=host)
        return fits

    def _serial(self, plan: Plan, records: Iterable[str]) -> int:
        """Return the serial of the zone, and keep it for the next render.

        A digest of the records is kept with it. Raises OptionError if a serial was given that is not greater than the last
        one.
        """
        digest = int.from_bytes(sha256("\n".join(records).encode()).digest()[:8]) >> 1
        kept = self.style.kept.get("serial")
        last = None if kept is None else kept % _SERIALS
        same = last != 0 and self.style.kept.get("content") == digest
        given = self.option("serial")
        serial = int(given) if given else max((int(v.version) for v in plan.versions.values()), default=1) % _SERIALS or 1
        if last is not None and not 0 < (serial - last) % _SERIALS < _SERIALS // 2:
            if given and not (same and serial == last):
                raise OptionError(
                    f"{self.name}: the serial {serial} is not greater than {last}, that of the last render",
                    help=f"use {_after(last)} or more, or omit the option",
                )
            serial = last if same else _after(last)
        elif last is not None and same and not given:
            serial = last
        self.kept["serial"], self.kept["content"] = serial, digest
        return serial

    def _statement(self, plan: Plan, zone: str) -> Iterator[str]:
        """Yield the zone statement of named.conf."""
        servers = "".join(f" {address};" for address in self.option("secondaries").split(",") if address)
        yield from (line.replace(self.comment, "#", 1) for line in self.header(plan, load=None))
        yield f'zone "{zone}" {{'
        yield from (f"    {line};" for line in ("type primary", f'file "/etc/bind/{zone}"', "notify explicit"))
        for option in ("allow-query", "allow-transfer"):
            yield f"    {option} {{{servers or ' none;'} }};"
        if servers:
            yield f"    also-notify {{{servers} }};"
        yield "};"


def _after(serial: int) -> int:
    return (serial + 1) % _SERIALS or 1
