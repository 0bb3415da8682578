"""Linux: routes for `ip -batch`, in the main table or a separate one.

Output: `routes4.batch` and `routes6.batch`, lists of `route replace` commands; with --since also `changes4.batch` and
`changes6.batch`, which add the new routes and then remove those that are gone.
Vendor page: https://man7.org/linux/man-pages/man8/ip-route.8.html
Supported: outbound addresses of the selected categories, with the next hops of the options `gateway4` and `gateway6`.
Not supported: sources, ports and names. Flows without addresses are losses.
The routes have a protocol number of their own (option `protocol`), and a metric of 33554432 more. Both identify them for
the removal, whatever was loaded before, and a route of another program or person to the same prefix stays and is preferred,
since its metric is lower. FRRouting reads the highest byte of a metric as distance, here 2, so its static routes are
preferred, too. Organizations that share a machine need one number each. To change the number, load the new files, then
remove the routes of the earlier number. Another next hop or table needs nothing special.
The routes do not survive a restart, or the loss of the interface of the next hop: load them again when it is up. A restart
of systemd-networkd removes them, too, unless networkd.conf has `ManageForeignRoutes=no`.
With a separate table, a rule of yours selects the traffic that uses it: `ip rule add from 10.0.0.0/8 lookup 186`, and the
same with `ip -6 rule`.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouterTarget, host_or_prefix
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import Artifact, Option


def _number(value: str, low: int, high: int) -> bool:
    return value.isascii() and value.isdigit() and value == str(int(value)) and low <= int(value) <= high


def _is_table(value: str) -> bool:
    return value == "main" or (_number(value, 1, 0xFFFFFFFF) and not 253 <= int(value) <= 255)


_DISTANCE = 2 << 24
"""zebra reads the highest byte of a metric as the distance of a kernel route; with 0, it would withdraw its own routes."""
_STALE = (
    "ip -N -{v} route show table all proto {protocol} | awk 'NR==FNR{k[$3,$5,$11]}"
    """$2=="via"&&!(($1,$3,$6=="table"?$7:"")in k){print"route del",$1,$2,$3,$4,$5,$6,$7,"proto {protocol}"}' """
    "routes{v}.batch - | sort | ip -batch -"
)
"""Removes the routes of ours that are not in the file; sort reads all first, since a removal changes what is read."""


class LinuxRoutes(RouterTarget):
    """`ip route` commands."""

    name = "linux-routes"
    title = "Linux routes"
    vendor_page = "https://man7.org/linux/man-pages/man8/ip-route.8.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "ip -batch loads them in a network namespace; ip route get chooses the next hop for each prefix"
    options = MappingProxyType(
        {
            **NEXT_HOPS,
            "table": Option(
                default="main",
                help="main, or the number of a routing table other than 253 to 255",
                check=_is_table,
            ),
            "protocol": Option(
                default="165",
                help="protocol number that marks the routes, one for each organization: 100 to 185, 200 to 255",
                check=lambda v: _number(v, 100, 185) or _number(v, 200, 255),  # 186 to 199 are FRRouting's
            ),
        }
    )
    manual = Manual(
        where="a shell of the machine, as root, in the folder of the files",
        install=(
            "ip -batch routes4.batch",
            "ip -batch routes6.batch",
            *(_STALE.replace("{v}", family) for family in "46"),
        ),
        changes=("ip -batch changes4.batch", "ip -batch changes6.batch"),
        remove=("ip -4 route flush table all proto {protocol}", "ip -6 route flush table all proto {protocol}"),
        besides="removes every other route of the same protocol number",
        first="render with table=186, which no traffic uses without an ip rule",
    )
    tried = tried(program("iproute2 6.1"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the metric of the routes."""
        return {**super().words(), "metric": self._metric()}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the routes of each family, and the changes since an earlier render."""
        found = self.destinations(plan)
        for family in (4, 6):
            lines = [self.route(prefix) for prefix in found.prefixes(family)]
            yield self.text(f"routes{family}.batch", [*self.header(plan), *lines], entries=len(lines))
        for family in (4, 6):
            changes = self.changed(found, family)
            if changes is not None:
                head = self.header(plan, load="changes")
                yield self.text(f"changes{family}.batch", [*head, *changes], entries=len(changes))

    def route(self, prefix: Prefix) -> str:
        """Return the line that adds a route, or gives it another next hop."""
        table = self.option("table")
        mark = f"proto {self.option('protocol')} metric {self._metric()}{'' if table == 'main' else f' table {table}'}"
        return f"route replace {host_or_prefix(prefix)} via {self.next_hop(prefix.family)} {mark}"

    def removal(self, route: str) -> str:
        """Return the line that removes a route of ours.

        It causes no error if the route is gone already.
        """
        return f"route flush exact {route.split()[2]} proto {self.option('protocol')} table all"

    def _metric(self) -> str:
        return str(_DISTANCE + int(self.option("protocol")))
