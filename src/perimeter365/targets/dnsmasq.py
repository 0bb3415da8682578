"""dnsmasq: forwarding of names, and nftables sets of their addresses.

Output: `m365.conf` with `server=` lines for each name; with the option `sets` and if widening is allowed, also `nftset=`
lines, which add the addresses in responses to two nftables sets, and `m365-sets.nft`, which makes the sets.
Vendor page: https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html (server, nftset)
Supported, with dnsmasq 2.86 or later: exact names, `*.name` and `*name`, as in the plan:

    server=/*.sharepoint.com/192.0.2.53       names below it, not sharepoint.com
    server=/*cdn.onenote.net/192.0.2.53       names that end with it
    server=/aka.ms/192.0.2.53                 aka.ms and all names below it, but
    server=/*.aka.ms/#                        names below aka.ms as if they were not listed

`#` stands for the servers without a domain, also if a `server=` line of your own names a domain above. If two lines
have one name, such as those of two organizations, the servers of both are used.
Not supported: a wildcard in the middle of a name. Sets: `nftset=` matches a domain with all names below it, and only one
line for each name. Since sets open a firewall, the lines are omitted unless `--allow-widen` is given.
Rules can only use the sets of their own table, and target nftables replaces its table, so the sets are in another one, with
the rules that you add there: they can mark packets, or refuse what is not in the sets, but not permit what another table
refuses. Addresses stay in the sets until they are flushed. dnsmasq adds an address when a server responds, not when it
answers from its cache: after the sets were emptied, restart it, or send it SIGHUP. Clients have caches of their own.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, GLUED, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import SERVERS, DnsTarget, outermost
from perimeter365.targets._bases.lines import guarded
from perimeter365.targets.life import Manual, Part, program, tried
from perimeter365.targets.target import NARROWED, Artifact, Capabilities, Option

_REPLACED = re.compile(r"perimeter365[a-z0-9]*", re.ASCII)  # matches `perimeter365`, a table of target nftables
_SETS = re.compile(r"(?:inet|ip|ip6)#[A-Za-z]\w{0,31}#[A-Za-z]\w{0,31}", re.ASCII)  # matches `inet#perimeter365_dns#m365`

_CHECKED = ("test -f {file}", "dnsmasq --test -C {file}")
_SEE = "{file} is not in this folder, or see the message above"


def _is_sets(value: str) -> bool:
    return value == "none" or (_SETS.fullmatch(value) is not None and not _REPLACED.fullmatch(value.split("#")[1]))


class Dnsmasq(DnsTarget):
    """Forwarding rules and sets of dnsmasq."""

    name = "dnsmasq"
    title = "dnsmasq forwarding and sets"
    vendor_page = "https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "dnsmasq forwards real queries accordingly, and adds the addresses in responses to the sets"
    capabilities = Capabilities(hosts=(EXACT, SUFFIX, GLUED), directions=("outbound",))
    limits = MappingProxyType({"line_bytes": 1024})
    own_names = True
    options = MappingProxyType(
        {
            "servers": SERVERS,
            "sets": Option(
                default="none",
                help="family#table#name of the sets, without the suffixes _4 and _6, such as inet#perimeter365_dns#m365; "
                "not the table of target nftables, whose update would remove them; none: no sets",
                check=_is_sets,
            ),
        }
    )
    manual = Manual(
        where="a shell of the resolver, as root, in the folder of the files; the paths are those of Debian",
        install=(guarded(*_CHECKED, "install -m 644 {file} /etc/dnsmasq.d/{file}", "systemctl restart dnsmasq", help=_SEE),),
        remove=(
            "rm -f /etc/dnsmasq.d/{file}",
            guarded("dnsmasq --test", "systemctl restart dnsmasq", help="the configuration has an error, see above"),
        ),
    )
    tried = tried(program("dnsmasq 2.90"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the names of files, table and sets."""
        family, table, name = self._sets() or ("", "", "")
        made = {"sets_file": self.own_name("m365-sets.nft"), "table": f"{family} {table}", "set": name}
        return {**super().words(), **made}

    def commands(self, part: Part) -> tuple[str, ...]:
        """Return the lines of a part of the manual; with sets, also those for the sets."""
        lines = super().commands(part)
        if not (sets := self._sets()) or not lines:
            return lines
        words = self.words()
        file, table = words["sets_file"], words["table"]
        include = f'include "/etc/{file}"'
        if part == "remove":
            ours = sets[1].startswith("perimeter365")
            gone = [f"nft delete table {table}"] if ours else [f"nft delete set {table} {sets[2]}_{v}" for v in (4, 6)]
            return (*lines, f"sed -i '\\|^{include}$|d' /etc/nftables.conf", f"rm -f /etc/{file}", *gone)
        once = f"{{ grep -qxF '{include}' /etc/nftables.conf || echo '{include}' >> /etc/nftables.conf; }}"
        first = guarded(*_CHECKED, f"nft -f {file}", f"install -m 644 {file} /etc/{file}", once, help=_SEE)
        return (first.replace("{file}", words["file"]), *(f"cmp {file} /etc/{file} && {line}" for line in lines))

    def besides(self) -> str:
        """Return what happens to the sets, if there are any."""
        return "after the sets were emptied, cached answers do not fill them again: restart dnsmasq" if self._sets() else ""

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the configuration, and the sets."""
        lines = self.header(plan)
        servers = self.option("servers").split(",")
        top = outermost(self.names(plan))
        whole = {host.text for host in top if host.kind == EXACT} & {host.apex for host in top if host.kind == SUFFIX}
        for host, flows in top.items():
            lines += self.remark(flows)
            if host.kind == SUFFIX and host.apex in whole:
                continue
            lines += [f"server=/{host}/{server}" for server in servers]
            if host.kind == EXACT and host.text not in whole:
                lines.append(f"server=/*.{host}/#")
        if sets := self._sets():
            lines += self._set_lines(plan, sets)
        yield self.text(self.own_name("m365.conf"), lines, entries=len(top))
        if sets:
            family, table, name = sets
            made = [f"    set {name}_{v} {{ type ipv{v}_addr; }}" for v in (4, 6)]
            content = [*self.header(plan), f"table {family} {table} {{", *made, "}"]
            yield self.text(self.own_name("m365-sets.nft"), content, entries=len(made))

    def check_limits(self, artifact: Artifact) -> None:
        """Check the length of the lines, comments included.

        dnsmasq reads the rest of a longer line as the next line.
        """
        super().check_limits(artifact)
        self.check_limit("line_bytes", max(map(len, artifact.content.splitlines()), default=0), f"a line of {artifact.name}")

    def _sets(self) -> tuple[str, str, str] | None:
        """Return family, table and name of the sets; None without sets.

        Names of ours have the organization's prefix.
        """
        if self.option("sets") == "none":
            return None
        family, table, name = self.option("sets").split("#")
        table, name = (self.own_name(n) if n.startswith(("perimeter365", "m365")) else n for n in (table, name))
        return family, table, name

    def _set_lines(self, plan: Plan, sets: tuple[str, str, str]) -> Iterator[str]:
        """Yield the lines that fill the sets, or report that they are omitted."""
        family, table, name = sets
        both = ",".join(f"{v}#{family}#{table}#{name}_{v}" for v in (4, 6))
        if self.style.allow_widen:
            for domain, flows in self.domains(plan).items():
                yield from self.remark(flows)
                yield f"nftset=/{domain}/{both}"
            return
        for host, flows in self.names(plan).items():
            for flow in flows:
                self.report_loss(flow, NARROWED, "shared-addresses", subject=f"set of {host.apex}")
