"""BIRD 2: two static protocols for inclusion in the router's configuration.

Output: `m365.conf` with the protocols `m365_v4` and `m365_v6`; each route has the ids of its requirements in a comment.
Vendor page: https://bird.network.cz/?get_doc&v=20&f=bird-6.html (Static)
Supported: outbound addresses of the selected categories, with the next hops of the options.
Not supported: sources, ports and names. Your route filters and BGP policies decide where the routes are announced, and
whether the kernel has them. Your own static route to the same prefix is preferred, since the preference of ours is lower
(190, not 200).
BIRD replaces the two protocols as a whole: it withdraws removed routes and adds new ones; all others stay. So --since is not
needed.
"""

from collections.abc import Iterator, Mapping

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.lines import guarded
from perimeter365.targets._bases.routes import NEXT_HOPS, RouteTarget, route_ids
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import Artifact

_INCLUDE = 'include "/etc/bird/{file}";'
_NEW = "/etc/bird/{file}.new"
"""Our file in the configuration, to be checked: a path that bird.conf includes may be relative to its folder."""
_RELOAD = ("bird -p -c /etc/bird/bird.conf", "birdc configure")
_SEE = "{file} is not in this folder, or see the message above"


class Bird(RouteTarget):
    """Static routes of BIRD 2."""

    name = "bird"
    title = "BIRD static routes"
    vendor_page = "https://bird.network.cz/?get_doc&v=20&f=bird-6.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "bird loads a configuration that includes it, and the kernel has the routes"
    own_names = True
    options = NEXT_HOPS
    manual = Manual(
        where="a shell of the router, as root, in the folder of the files; the paths are those of Debian",
        install=(
            guarded(
                "test -f {file}",
                f"{{ grep -vxF '{_INCLUDE}' /etc/bird/bird.conf; cat {{file}}; }} > {_NEW}",
                f"bird -p -c {_NEW}",
                f"rm {_NEW}",
                "install -m 644 {file} /etc/bird/{file}",
                f"{{ grep -qxF '{_INCLUDE}' /etc/bird/bird.conf || echo '{_INCLUDE}' >> /etc/bird/bird.conf; }}",
                help=_SEE,
                undo=f"rm -f {_NEW}",
            ),
            guarded("cmp {file} /etc/bird/{file}", *_RELOAD, help=_SEE),
        ),
        remove=(
            rf"sed -i '\|^{_INCLUDE}$|d' /etc/bird/bird.conf",
            guarded(*_RELOAD, "rm -f /etc/bird/{file}", help="the configuration has an error, see above"),
        ),
        besides="birdc configure also loads your own changes of bird.conf",
        first="bird -p only checks the configuration",
    )
    tried = tried(program("BIRD 2.0.12"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the file."""
        return {**super().words(), "file": self.own_name("m365.conf")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield one file with a protocol for each family."""
        found, flows = self.destinations(plan), list(plan.flows)
        lines = self.header(plan)
        for family in (4, 6):
            lines += ["", f"protocol static {self.own_name('m365_v')}{family} {{", f"\tipv{family} {{ preference 190; }};"]
            for prefix in found.prefixes(family):
                lines.append(f"\troute {prefix} via {self.next_hop(family)}; # {route_ids(prefix, flows)}")
            lines.append("}")
        yield self.text(self.own_name("m365.conf"), lines, entries=sum(1 for _ in found))
