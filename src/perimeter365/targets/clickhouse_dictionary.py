"""ClickHouse: a dictionary for lookups of addresses, and a view for host names.

Output: `m365_prefixes.csv` and `m365_hosts.csv` (with column names), and `m365.sql`, which defines the dictionary
`m365_prefixes` (layout ip_trie: the longest prefix match) and the view `m365_hosts` on them.

    SELECT dictGetOrDefault('m365_prefixes', 'category', toIPv4('52.96.0.1'), 'none')
    SELECT category FROM m365_hosts WHERE match('outlook.office.com', expression) ORDER BY length(host) DESC LIMIT 1

Vendor page: https://clickhouse.com/docs/sql-reference/statements/create/dictionary/layouts/ip-trie
Supported: addresses of both families, and names as regular expressions (RE2, anchored, lower case). A row also lists the
requirements of wider rows, so a single lookup returns all of them.
Not supported: ports by requirement (`tcp` and `udp` are the union for the row).
Every server of a cluster needs the files. The dictionary is reloaded within an hour (LIFETIME) by itself.
"""

import csv
import io
from collections.abc import Iterator, Mapping

from perimeter365.model.host import EXACT, GLUED, INNER, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.hosts import expression
from perimeter365.targets._bases.table import COLUMNS, LookupRow, TableTarget
from perimeter365.targets.life import Manual, does_not_apply, model, tried
from perimeter365.targets.target import Artifact, Capabilities

FOLDER = "/var/lib/clickhouse/user_files"


class ClickhouseDictionary(TableTarget):
    """Dictionary with layout ip_trie, and a view."""

    name = "clickhouse-dictionary"
    title = "ClickHouse dictionary"
    vendor_page = "https://clickhouse.com/docs/sql-reference/statements/create/dictionary/layouts/ip-trie"
    proof = "second opinion"
    proof_detail = "read back as CSV, longest prefix matches give the plan's values; chdb runs it where it is installed"
    capabilities = Capabilities(
        addresses=True, hosts=(EXACT, SUFFIX, GLUED, INNER), ports=True, directions=("outbound", "inbound")
    )
    comment = "--"
    own_names = True
    manual = Manual(
        where="a shell of each server, in the folder of the files, as a user who may write the files and create tables",
        install=(
            f"cp {{own}}_prefixes.csv {{own}}_hosts.csv {FOLDER}/",
            "clickhouse-client --multiquery --queries-file {own}.sql",
        ),
        update=(
            *(
                f"cp {{own}}_{each}.csv {FOLDER}/{{own}}_{each}.csv.new &&"
                f" mv {FOLDER}/{{own}}_{each}.csv.new {FOLDER}/{{own}}_{each}.csv"
                for each in ("prefixes", "hosts")
            ),
            "clickhouse-client --query 'SYSTEM RELOAD DICTIONARY {own}_prefixes'",
        ),
        remove=(
            "clickhouse-client --query 'DROP DICTIONARY IF EXISTS {own}_prefixes'",
            "clickhouse-client --query 'DROP VIEW IF EXISTS {own}_hosts'",
            f"rm -f {FOLDER}/{{own}}_prefixes.csv {FOLDER}/{{own}}_hosts.csv",
        ),
    )
    tried = tried(model("clickhouse-client")) | tried(does_not_apply("each render is complete"), "unordered")

    def words(self) -> Mapping[str, str]:
        """Return the options, and the start of the names."""
        return {**super().words(), "own": self.own_name("m365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both tables and the SQL."""
        self.report_unlisted(plan)
        own = self.own_name("m365")
        prefixes, hosts = self.prefix_rows(plan), self.host_rows(plan)
        yield _csv(f"{own}_prefixes.csv", ["prefix", *COLUMNS], prefixes)
        yield _csv(f"{own}_hosts.csv", ["host", "expression", *COLUMNS], hosts)
        sql = [
            *self.header(plan),
            "",
            f"CREATE OR REPLACE DICTIONARY {own}_prefixes",
            "(",
            "    prefix String,",
            *(f"    {column} String{',' if column != COLUMNS[-1] else ''}" for column in COLUMNS),
            ")",
            "PRIMARY KEY prefix",
            f"SOURCE(FILE(path '{FOLDER}/{own}_prefixes.csv' format 'CSVWithNames'))",
            "LAYOUT(IP_TRIE)",
            "LIFETIME(3600);",
            "",
            f"CREATE OR REPLACE VIEW {own}_hosts AS",
            f"SELECT * FROM file('{own}_hosts.csv', 'CSVWithNames',",  # noqa: S608 (a prefix is letters and digits)
            f"    'host String, expression String, {', '.join(f'{column} String' for column in COLUMNS)}');",
        ]
        yield self.text(f"{own}.sql", sql, entries=2)


def _csv(name: str, columns: list[str], rows: list[LookupRow]) -> Artifact:
    """Make a table with the widest rows first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        regular = [expression(row.key)] if isinstance(row.key, HostPattern) else []
        writer.writerow([str(row.key), *regular, *row.values().values()])
    return Artifact(name=name, content=out.getvalue().encode(), entries=len(rows))
