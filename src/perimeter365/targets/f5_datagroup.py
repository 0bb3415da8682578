"""F5 BIG-IP: external data groups of addresses and names, for iRules and policies.

Output: for each group `m365-…-address.class`, `…-exact.class` and `…-suffix.class`, with the requirements as the value of
each entry; `load.sh`, which creates or replaces the data groups, and `index.txt`.
Vendor page: https://community.f5.com/kb/technicalarticles/irules-data-group-formatting-rules/287174
Supported: prefixes as `network` or `host` records; names as strings. Exact names and wildcards are separate data groups,
since they need different operators: `ends_with` over exact names would also match names of other domains (`evilaka.ms` ends
with `aka.ms`). A wildcard has its leading dot (`.sharepoint.com`), which excludes the apex. An iRule matches both:

    set name [string tolower [getfield [HTTP::host] ":" 1]]
    if { [class match $name equals m365-…-exact] || [class match $name ends_with m365-…-suffix] } { … }

Not supported: a wildcard inside a label or in the middle of a name. A data group stays on the device until it is replaced,
so one that the plan no longer needs is closed first, with one entry that nothing matches (option `gone`).
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import EXACT, SUFFIX
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import ADDRESSES, CLOSED, GONE, SPLIT, Content, Feed, FeedTarget
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact, Capabilities, ids

_PUT = """\
set -e
put() {
    if tmsh -q list sys file data-group "$1" > /dev/null 2>&1; then
        tmsh modify sys file data-group "$1" source-path "file:$PWD/$1.class"
    else
        tmsh create sys file data-group "$1" type "$2" source-path "file:$PWD/$1.class"
    fi
    tmsh -q list ltm data-group external "$1" > /dev/null 2>&1 ||
        tmsh create ltm data-group external "$1" external-file-name "$1"
}"""
_EACH = "tmsh -q list ltm data-group external one-line | awk '$4 ~ /^{start}/ {print $4}'"


class F5Datagroup(FeedTarget):
    """External data groups."""

    name = "f5-datagroup"
    title = "F5 data groups"
    vendor_page = "https://community.f5.com/kb/technicalarticles/irules-data-group-formatting-rules/287174"
    proof = "second opinion"
    proof_detail = "read back from the records, the addresses and names are those of the plan"
    capabilities = Capabilities(addresses=True, hosts=(EXACT, SUFFIX), directions=("outbound", "inbound"), comments=False)
    own_names = True
    kept_names = r"m365[a-z0-9]*-[a-z0-9._-]{1,180}\.class"
    options = MappingProxyType({"split": SPLIT, "gone": GONE})
    manual = Manual(
        where="a shell of the BIG-IP, as root, in the folder of the files",
        install=("sh load.sh", "# use the data groups in an iRule or a policy, as index.txt says"),
        update=("sh load.sh",),
        remove=(
            "# remove the data groups from iRules and policies",
            f"for g in $({_EACH}); do tmsh delete ltm data-group external $g && tmsh delete sys file data-group $g; done",
            "tmsh save sys config",
        ),
    )
    tried = tried(model("tmsh"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the start of the names."""
        return {**super().words(), "start": self.own_name("m365-")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the data groups, the index, and the script that loads them."""
        made = list(super().artifacts(plan))
        yield from made
        lines = [*self.header(plan, load=None), *_PUT.splitlines()]
        for artifact in made:
            group, dot, _ = artifact.name.partition(".class")
            if dot:
                lines.append(f"put {group} {'ip' if self.kept[artifact.name] in ADDRESSES else 'string'}")
        yield self.text("load.sh", [*lines, "tmsh save sys config"], entries=len(made) - 1)

    def files(self, plan: Plan, feed: Feed) -> Iterator[Artifact]:
        """Yield addresses and names of one feed."""
        name = self.own_name(f"m365-{feed.name}")
        addresses = [f'{_record(p)} := "{" ".join(needs)}",' for p, needs in feed.prefixes.items()]
        yield from self.list_of(f"{name}-address.class", "addresses", addresses)
        for kind, ending in ((EXACT, "exact"), (SUFFIX, "suffix")):
            # not named `ids` like the function: Python 3.12.1 treats that as a local name below
            lines = [f'"{h.text.removeprefix("*")}" := "{ids(f)}",' for h, f in feed.hosts.items() if h.kind == kind]
            yield from self.list_of(f"{name}-{ending}.class", "names", lines)

    def closing(self, content: Content) -> str:
        """Return the only record of a closed data group."""
        entry = CLOSED[content].removesuffix("/32")
        return f'host {entry} := "closed",' if content == "addresses" else f'"{entry}" := "closed",'


def _record(prefix: Prefix) -> str:
    return f"host {prefix.address}" if prefix.size == 1 else f"network {prefix}"
