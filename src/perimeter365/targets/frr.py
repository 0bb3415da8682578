"""FRRouting: static routes with a tag for route maps.

Output: `m365.conf`, `ip route` and `ipv6 route` lines for the running configuration; with --since also `changes.conf`, which
adds the new routes and then removes those that are gone.
Vendor page: https://docs.frrouting.org/en/latest/static.html
Supported: outbound addresses of the selected categories, with the next hops of the options and the tag of the option `tag`.
Not supported: sources, ports and names.
FRRouting adds routes and never replaces them: a second next hop shares the traffic with the first (ECMP). So the manual
removes what has our tag and distance, and is not in the file. Your own route to the same prefix is preferred, since its
distance is 1 unless you set another one. FRRouting has only one route for a prefix and next hop, whatever its distance:
yours becomes one of ours if it has the same next hop. So organizations that share a router need next hops of their own, and
a distance each. To change the tag or the distance, load the new file, then run the lines of Remove with the earlier values.
For redistribution use a route map with `match tag 365`.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import NEXT_HOPS, RouterTarget
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import Artifact, Option


def _number(value: str, low: int, high: int) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 10 and low <= int(value) <= high and value[0] != "0"


_SHOW = "vtysh -c 'show running-config'"
_OURS = "/^ip(v6)? route [^ ]+ [^ ]+ tag {tag} {distance}$/"
_STALE = (
    f"""{_SHOW} | awk 'NR==FNR{{keep[$0];next}} {_OURS}&&!($0 in keep){{print "no " $0}}' m365.conf -"""
    " | vtysh -f /dev/stdin"
)
_ALL = f"""{_SHOW} | awk '{_OURS}{{print "no " $0}}' | vtysh -f /dev/stdin"""
_SAVE = "vtysh -c 'write memory'"


def _checked(file: str, *lines: str) -> tuple[str, ...]:
    """Return a check of a file, with lines that need it to be there and ours."""
    check = f"vtysh -C -f {file}"
    return (check, *(f"{check} && {line}" for line in lines))


class Frr(RouterTarget):
    """Static routes of FRRouting."""

    name = "frr"
    title = "FRRouting static routes"
    comment = "!"
    vendor_page = "https://docs.frrouting.org/en/latest/static.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "vtysh -C checks every line; zebra and staticd install the routes in the kernel"
    options = MappingProxyType(
        {
            **NEXT_HOPS,
            "tag": Option(default="365", help="route tag, 1 to 4294967295", check=lambda v: _number(v, 1, 4294967295)),
            "distance": Option(
                default="2",
                help="administrative distance, one for each organization: 2 to 254",
                check=lambda v: _number(v, 2, 254),
            ),
        }
    )
    manual = Manual(
        where="a shell of the router, as root, in the folder of the files",
        install=_checked("m365.conf", "vtysh -f m365.conf", _STALE, _SAVE),
        changes=_checked("changes.conf", "vtysh -f changes.conf", _SAVE),
        remove=(_ALL, _SAVE),
        besides="removes every other static route with the same tag and distance",
        first="the first line only checks the file",
    )
    tried = tried(program("FRRouting 8.4"))

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the routes, and the changes since an earlier render."""
        found = self.destinations(plan)
        routes = [self.route(prefix) for prefix in found]
        yield self.text("m365.conf", [*self.header(plan), *routes], entries=len(routes))
        changes = self.changed(found)
        if changes is not None:
            yield self.text("changes.conf", [*self.header(plan, load="changes"), *changes], entries=len(changes))

    def route(self, prefix: Prefix) -> str:
        """Return the line that adds a route, as `show running-config` prints it."""
        word = "ip" if prefix.family == 4 else "ipv6"
        return f"{word} route {prefix} {self.next_hop(prefix.family)} tag {self.option('tag')} {self.option('distance')}"

    def removal(self, route: str) -> str:
        """Return the line that removes a route of ours."""
        return f"no {route}"
