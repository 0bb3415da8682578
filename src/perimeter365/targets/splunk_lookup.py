"""Splunk: lookup tables of the plan's addresses and host names.

Output: an app: `lookups/m365_prefixes.csv`, `lookups/m365_hosts.csv`, `default/transforms.conf`, `default/app.conf`, and
`metadata/default.meta`, which makes the lookups visible in all apps.

    ... | lookup m365_prefixes prefix AS dest_ip OUTPUT category requirements
    ... | lookup m365_hosts host AS url_domain OUTPUT category requirements

Vendor page: https://help.splunk.com/en/splunk-enterprise/manage-knowledge-objects/knowledge-management-manual/9.4/use-the-configuration-files-to-configure-lookups/add-field-matching-rules-to-your-lookup-configuration
Supported: `match_type` is CIDR for addresses and WILDCARD for names (an asterisk matches any characters, as in the plan;
case is ignored). Splunk returns the first row that matches (`max_matches = 1`), so the narrowest rows are first, and each
also lists the requirements of wider rows. Without a match the result is `none`.
Not supported: ports by requirement (`tcp` and `udp` are the union for the row). A name that matches two patterns, neither of
which includes the other, has the row of the longer pattern. No cell starts like a formula.
In a cluster deploy the app with the search heads' bundle; CIDR and WILDCARD need CSV lookups that fit in memory. Searches
read replaced CSV files without a restart.
"""

import csv
import io
from collections.abc import Iterator, Mapping

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.table import COLUMNS, LookupRow, TableTarget
from perimeter365.targets.life import Manual, does_not_apply, model, tried
from perimeter365.targets.target import Artifact, Capabilities

_APP = "$SPLUNK_HOME/etc/apps/{app}"
_OURS = "test -f lookups/{own}_prefixes.csv"
_RESTART = '"$SPLUNK_HOME/bin/splunk" restart'


class SplunkLookup(TableTarget):
    """CSV lookups."""

    name = "splunk-lookup"
    title = "Splunk lookups"
    vendor_page = (
        "https://help.splunk.com/en/splunk-enterprise/manage-knowledge-objects/knowledge-management-manual/9.4/"
        "use-the-configuration-files-to-configure-lookups/add-field-matching-rules-to-your-lookup-configuration"
    )
    proof = "second opinion"
    proof_detail = "read back with Splunk's rules (first match of CIDR or WILDCARD), the results are those of the plan"
    capabilities = Capabilities(
        addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), ports=True, directions=("outbound", "inbound")
    )

    own_names = True
    manual = Manual(
        where="a shell of the search head, in the folder of the files, as the user that runs Splunk; SPLUNK_HOME is set",
        install=(
            f'{_OURS} && mkdir -p "{_APP}"',
            f'{_OURS} && cp -r default lookups metadata "{_APP}/"',
            f"{_OURS} && {_RESTART}",
        ),
        update=(
            f'{_OURS} && cp -r default lookups metadata "{_APP}/"',
            f"{_OURS} && {_RESTART}",
        ),
        remove=(f'rm -r "{_APP}"', _RESTART),
    )
    tried = tried(model("a Splunk search head")) | tried(does_not_apply("each render is complete"), "unordered")

    def words(self) -> Mapping[str, str]:
        """Return the options, and the name of the app."""
        return {**super().words(), "app": self.own_name("perimeter365"), "own": self.own_name("m365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both tables and their configuration."""
        self.report_unlisted(plan)
        own = self.own_name("m365")
        yield self._table("prefix", f"lookups/{own}_prefixes.csv", self.prefix_rows(plan))
        yield self._table("host", f"lookups/{own}_hosts.csv", self.host_rows(plan))
        lines = [*self.header(plan)]
        for field, kind in (("prefix", "CIDR"), ("host", "WILDCARD")):
            lines += [
                "",
                f"[{own}_{field}{'es' if field == 'prefix' else 's'}]",
                f"filename = {own}_{field}{'es' if field == 'prefix' else 's'}.csv",
                f"match_type = {kind}({field})",
                "max_matches = 1",
                "min_matches = 1",
                "default_match = none",
                "case_sensitive_match = false",
            ]
        yield self.text("default/transforms.conf", lines, entries=2)
        version = max((str(v.version) for v in plan.versions.values()), default="0")
        app = ["[ui]", "is_visible = false", f"label = {self.title}", "", "[launcher]", f"version = 1.0.{version}"]
        yield self.text("default/app.conf", [*self.header(plan, load=None), "", *app], entries=2)
        # Without it the lookups are only visible in the context of this app (Splunk, default.meta.conf).
        meta = ["[]", "access = read : [ * ], write : [ admin ]", "export = system"]
        yield self.text("metadata/default.meta", meta, entries=1)

    def _table(self, field: str, name: str, rows: list[LookupRow]) -> Artifact:
        """Make a CSV file with the narrowest rows first."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([field, *COLUMNS])
        for row in reversed(rows):
            writer.writerow([str(row.key), *row.values().values()])
        return Artifact(name=name, content=out.getvalue().encode(), entries=len(rows))
