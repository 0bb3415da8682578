"""WireGuard: AllowedIPs of a full tunnel without Microsoft 365.

Output: `allowed-ips.conf` with the `AllowedIPs` line for the peer section of a full tunnel: exactly the complement of the
outbound addresses of the selected categories, without the server's own address.
Vendor page: https://www.wireguard.com/#cryptokey-routing, https://man7.org/linux/man-pages/man8/wg-quick.8.html
Supported: addresses.
Not supported: sources, ports and names, and routes as exceptions, hence the complement. With `mode=include` only Microsoft
365 goes through the tunnel.
Set the option `endpoint` to all addresses, IPv4 and IPv6, that the name in the client's `Endpoint` has. wg-quick keeps the
server outside of the tunnel only if AllowedIPs is 0.0.0.0/0 or ::/0. Of all other lists it makes ordinary routes: one to the
server itself would lead its packets into their own tunnel, and everything would stop. `wg syncconf` changes no routes, so
the tunnel has to be closed and opened. The line ends with `# m365`, by which the manual finds it again. The former line
stays above it as a comment, which Remove restores; other peers of the file, and other tunnels, stay as they are. With
`SaveConfig = true` wg-quick would overwrite the line: remove that. An IP version of which nothing is selected stays in the
tunnel as a whole.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.errors import PrefixError
from perimeter365.model.prefix import Prefix, PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget, is_word
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import NARROWED, Artifact, Option

MARK = "# m365"
_FILE = "/etc/wireguard/{interface}.conf"
_WAS = f"{MARK} was: "
_FULL = r"^AllowedIPs\s*=(.*[ ,])?(0\.0\.0\.0|::)\/0([ ,#].*)?$"
"""The active line of a full tunnel."""
_HERE = "test -f allowed-ips.conf"
_REPLACE = (
    f"new=$(grep -E '^#?AllowedIPs = .*{MARK}$' allowed-ips.conf) && "
    rf'sed -i -E "s@^#?AllowedIPs\s*=.*{MARK}\$@$new@I" {_FILE}'
)
_RESTORE = (
    rf"sed -i -E -e '/^{_WAS}/{{N;s/^{_WAS}(.*)\n#?AllowedIPs\s*=.*{MARK}$/\1/I}}'"
    rf" -e 's/^#?AllowedIPs\s*=.*{MARK}$/AllowedIPs = 0.0.0.0\/0, ::\/0/I' {_FILE}"
)
_OPEN = "wg-quick down {interface}; wg-quick up {interface}"


def _are_addresses(value: str) -> bool:
    try:
        return all(Prefix.parse(text).size == 1 and "/" not in text for text in value.split(","))
    except PrefixError:
        return False


class Wireguard(RouteTarget):
    """AllowedIPs of a WireGuard peer."""

    name = "wireguard"
    title = "WireGuard split tunnel"
    vendor_page = "https://man7.org/linux/man-pages/man8/wg-quick.8.html"
    proof = "consumer"
    proof_detail = (
        "wg-quick opens the tunnel in a network namespace: packets to Microsoft 365 leave outside of it, all others in it"
    )
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "mode": Option(
                default="exclude",
                choices=("exclude", "include"),
                help="exclude: everything except Microsoft 365 uses the tunnel; include: only Microsoft 365",
            ),
            "endpoint": Option(
                default=None,
                help="the server's addresses, IPv4 and IPv6, separated by commas; they stay outside of the tunnel",
                check=_are_addresses,
                example="198.51.100.7",
                several=True,
            ),
            "interface": Option(
                default="wg0",
                help="name of the tunnel, for the manual: letters, digits, dashes, underscores",
                check=lambda v: len(v) <= 15 and is_word(v),
            ),
        }
    )
    manual = Manual(
        where="a shell of the client, as root, in the folder of the files",
        install=(
            f"{_HERE} && {{ grep -q '{MARK}$' {_FILE} || sed -i -E '0,/{_FULL}/Is//{_WAS}&\\n& {MARK}/' {_FILE}; }}",
            _REPLACE,
            f"{_HERE} && grep '{MARK}$' {_FILE}",
            f"{_HERE} && grep -q '{MARK}$' {_FILE} && {{ {_OPEN}; }}",
        ),
        remove=(
            _RESTORE,
            _OPEN,
        ),
        besides="the tunnel is closed for a moment; until it is open again, traffic leaves outside of it",
        first="keep a copy of the configuration; after it, `wg show` has to print a latest handshake",
    )
    tried = tried(program("wireguard-tools 1.0.20210914"))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the AllowedIPs line."""
        found, server = self.destinations(plan), PrefixSet.parse(self.option("endpoint").split(","))
        if self.option("mode") == "exclude":
            outside = found
            for version in (4, 6):
                # If nothing is selected, /0 stays, with which wg-quick itself keeps the server outside.
                if found.family(version):
                    outside |= server.family(version)
            inside = outside.complement()
        else:
            self._check_server(plan, server)
            inside = found - server
        prefixes = [str(prefix) for prefix in inside]
        # WireGuard accepts no empty list.
        line = f"{'' if prefixes else '#'}AllowedIPs = {', '.join(prefixes)} {MARK}"
        yield self.text("allowed-ips.conf", [*self.header(plan), line], entries=len(prefixes))

    def _check_server(self, plan: Plan, server: PrefixSet) -> None:
        for flow in self.selected_flows(plan):
            if flow.destination.prefixes & server:
                self.report_loss(flow, NARROWED, "option", "the server's own address stays outside of the tunnel")
