"""MaxMind DB: the plan's external addresses as a .mmdb file.

It is for SIEMs, proxies and scripts that look up addresses.
Output: `m365.mmdb`, type `Perimeter365`, IPv4 and IPv6 in one tree. A record is a map of strings:

    category       optimize, allow, default or other: the highest of the requirements, in this order
    requirements   ids, separated by spaces: ws/worldwide/11 row/13/…
    clouds, scenarios, directions, tcp, udp, required (yes or no)

Vendor page: https://maxmind.github.io/MaxMind-DB/
Supported: all properties of an address in the plan. The longest prefix matches, and also lists the requirements of wider
ones. The description has organization, catalog and profile; the build time is that of the catalog's version, not the current
time.
Not supported: host names (those without a published address are losses), and ports by requirement: `tcp` and `udp` are the
union for all requirements of the record.
No license or account is needed. `mmdblookup --file m365.mmdb --ip 52.96.0.1` prints a record. Programs map the file into
memory, so it has to be replaced by renaming, never overwritten.
This target needs the extra `mmdb` (pip install 'perimeter365[mmdb]').
"""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from perimeter365.errors import MissingExtraError
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.table import TableTarget
from perimeter365.targets.life import Manual, does_not_apply, program, tried
from perimeter365.targets.target import Artifact, Capabilities, one_line

FOLDER = "/usr/share/GeoIP"
"""Where programs look for such files."""


class Mmdb(TableTarget):
    """MaxMind DB file."""

    name = "mmdb"
    title = "MaxMind DB"
    vendor_page = "https://maxmind.github.io/MaxMind-DB/"
    proof = "consumer"
    extra = "mmdb"
    proof_detail = "maxminddb reads it: the ends of every prefix, and the addresses next to them, give the plan's values"
    capabilities = Capabilities(addresses=True, ports=True, directions=("outbound", "inbound"), comments=False)
    manual = Manual(
        where="a shell of the machine whose programs read it, in the folder of the files",
        install=(f"cp m365.mmdb {FOLDER}/m365.mmdb.new && mv {FOLDER}/m365.mmdb.new {FOLDER}/m365.mmdb",),
        remove=(f"rm {FOLDER}/m365.mmdb",),
    )
    tried = tried(program("maxminddb")) | tried(does_not_apply("each render is complete"), "unordered")

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the file."""
        try:
            from mmdb_writer import MMDBWriter
            from netaddr import IPSet
        except ImportError as error:
            raise MissingExtraError(f"the target {self.name}", self.extra, error) from error

        built = _build_time(plan)

        class Writer(MMDBWriter):  # type: ignore[misc,unused-ignore]
            """A writer that sets the build time to the catalog's, not the current time."""

            def _build_meta(self) -> dict[str, Any]:
                return {**super()._build_meta(), "build_epoch": built}

        writer = Writer(
            ip_version=6,
            ipv4_compatible=True,
            database_type="Perimeter365",
            languages=["en"],
            description={"en": one_line(f"{plan.organization[:60]}: {plan.title().removeprefix(f'{plan.organization}: ')}")},
        )
        rows = self.prefix_rows(plan)
        for row in rows:  # wide prefixes first: an insertion replaces everything below it
            writer.insert_network(IPSet([str(row.key)]), row.values())
        self.report_unlisted(plan)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "m365.mmdb")
            writer.to_db_file(str(path))
            yield Artifact(name=path.name, content=path.read_bytes(), entries=len(rows))


def _build_time(plan: Plan) -> int:
    """Return the time of the newest catalog version, in seconds since 1970; or 0."""
    days = [day for v in plan.versions.values() if (day := v.version.day)]
    return int(datetime.combine(max(days), time(), UTC).timestamp()) if days else 0
