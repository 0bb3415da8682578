"""Cisco Secure Client (AnyConnect) on ASA: split-exclude list.

Output: `split-exclude.cfg`, commands for the ASA: an extended access list with a line for each prefix, the group policy
that refers to it and, with `names=on`, a dynamic split-exclude list of host names.
Vendor page:
https://www.cisco.com/c/en/us/support/docs/security/anyconnect-secure-mobility-client/215343-optimize-anyconnect-split-tunnel-for-off.html
Supported: outbound addresses of the selected categories. In a split list, the source column of an extended entry is the
network outside the tunnel, for IPv4 and IPv6. With `names=on` also host names: the client excludes them with all names below
them, and a loss is reported if that is more than needed.
Not supported: ports, and wildcards inside a name.
The file fills a second list, M365-SPLIT-EXCLUDE-NEXT, switches the group policy to it, refills the first one, and
switches back, so that the list in use is never empty. Sessions keep what they were given when they began. If nothing is
selected, the file leaves the group policy as it is.
A value of a custom attribute has at most 421 characters, so the names are on several lines, which the ASA joins. All names
together are limited to 5,000 characters for clients before 4.10.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.routes import CATEGORIES, RouteTarget, is_word, netmask
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact, Capabilities, Option

_LIST, _NAMES = "M365-SPLIT-EXCLUDE", "m365-names"  # with `prefix`: M365ALPHA-SPLIT-EXCLUDE, m365alpha-names
_KIND = "dynamic-split-exclude-domains"
_VALUE = 421


class Anyconnect(RouteTarget):
    """Split-exclude list of an ASA."""

    name = "anyconnect"
    title = "AnyConnect split exclude"
    comment = "!"
    vendor_page = (
        "https://www.cisco.com/c/en/us/support/docs/security/anyconnect-secure-mobility-client/"
        "215343-optimize-anyconnect-split-tunnel-for-off.html"
    )
    proof = "second opinion"
    proof_detail = "read back from the access list, the addresses are exactly those of the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound",))
    limits = MappingProxyType({"name_characters": 5000})
    names = "names"
    own_names = True
    options = MappingProxyType(
        {
            "categories": CATEGORIES,
            "names": Option(default="off", choices=("off", "on"), help="on: also a dynamic list of host names"),
            "policy": Option(
                default="M365-VPN",
                help="name of the group policy: letters, digits, dashes, underscores",
                check=lambda v: len(v) <= 64 and is_word(v),
            ),
        }
    )

    manual = Manual(
        where="the ASA's command line, in privileged EXEC mode, with the file on disk0",
        install=("copy /noconfirm disk0:/split-exclude.cfg running-config", "write memory"),
        remove=(
            "configure terminal",
            "group-policy {policy} attributes",
            "no split-tunnel-network-list value {list}",
            "no split-tunnel-network-list value {list}-NEXT",
            "no split-tunnel-policy",
            "no ipv6-split-tunnel-policy",
            f"no anyconnect-custom {_KIND} value {{data}}",
            "clear configure access-list {list}",
            "clear configure access-list {list}-NEXT",
            f"no anyconnect-custom-data {_KIND} {{data}}",
            "webvpn",
            f"no anyconnect-custom-attr {_KIND}",
            "end",
            "write memory",
        ),
        besides="the group policy excludes these networks from the tunnel, in place of its own split list; sessions that "
        "begin while the names are renewed send them through the tunnel",
        first="use a group policy that only a connection profile for tests has",
    )

    tried = tried(model("ASA 9.22"))

    def words(self) -> dict[str, str]:
        """Return the words of the manual.

        They are the options, the list, and the name of the custom attribute's value.
        """
        policy = self.style.options.get("policy") or self.own_name(self.option("policy"))
        return {**super().words(), "policy": policy, "list": self.own_name(_LIST), "data": self.own_name(_NAMES)}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the commands."""
        prefixes, names, words = self.destinations(plan), self._names(plan), self.words()
        lines = self.header(plan)
        policy = f"group-policy {words['policy']} attributes"
        if prefixes:
            now, other = words["list"], f"{words['list']}-NEXT"
            lines += [*_filled(other, prefixes), policy, f" split-tunnel-network-list value {other}"]
            lines += [" split-tunnel-policy excludespecified", " ipv6-split-tunnel-policy excludespecified"]
            lines += [f"clear configure access-list {now}", *_filled(now, prefixes)]
            lines += [policy, f" split-tunnel-network-list value {now}", f"clear configure access-list {other}"]
        if prefixes or names:
            lines += [policy, f" no anyconnect-custom {_KIND} value {words['data']}"]
            lines += [f"no anyconnect-custom-data {_KIND} {words['data']}"]
        else:
            lines.append(f"{self.comment} Nothing is selected: the group policy stays as it is.")
        if names:
            lines += ["webvpn", f" anyconnect-custom-attr {_KIND}"]
            lines += [f"anyconnect-custom-data {_KIND} {words['data']} {value}" for value in _values(names)]
            lines += [policy, f" anyconnect-custom {_KIND} value {words['data']}"]
        yield self.text("split-exclude.cfg", lines, entries=sum(1 for _ in prefixes) + len(names))

    def _names(self, plan: Plan) -> list[str]:
        found = set()
        if self.by_name:
            for flow in self.selected_flows(plan):
                for host in flow.destination.hosts:
                    for pattern in self.express(flow, host, "the client matches whole labels at the end of a name"):
                        found.add(pattern.apex)
                        self.report_widened(flow, host, "the domain itself and all names below it are excluded", "")
        self.check_limit("name_characters", len(",".join(found)), "the dynamic list")
        return sorted(found)


def _filled(name: str, prefixes: PrefixSet) -> Iterator[str]:
    """Yield the entries of a split list."""
    for p in prefixes:
        words = f"{p.address} {netmask(p)} any4" if p.family == 4 else f"{p} any6"
        yield f"access-list {name} extended permit ip {words}"


def _values(names: list[str]) -> Iterator[str]:
    """Yield the list of names in parts that fit a line; joined, they are the list."""
    part = ""
    for name in names[:-1]:
        if len(part) + len(name) + 1 > _VALUE:
            yield part
            part = ""
        part += f"{name},"
    if len(part) + len(names[-1]) > _VALUE:
        yield part
        part = ""
    yield part + names[-1]
