"""DNS: the records that the organization publishes, as zone file fragments.

Output: `<domain>.zone` for each mail domain, in master file format (RFC 1035, section 5), without SOA and NS, for inclusion
in an existing zone.
Vendor page: https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records
Supported: A, AAAA, CNAME, MX, SRV and TXT records of the plan. The sentence that says when a record is needed is in a
comment above it.
Not supported, each a loss: values that only the admin center shows, records in other organizations' zones that only have to
resolve, names outside the mail domains, and records that conflict with others: a second CNAME or SPF record for a name,
which two clouds in one domain would need. Those of a mail domain, and what the plan leaves to a person
(`record-conflict`, `value-needed`), are comments in its file, with the reason.
The manual includes each fragment from the zone's own file, `/etc/bind/db.contoso.com`, and increases the serial of that
file's SOA record before it replaces a changed fragment, so that secondary servers get the change; a rollback is a change,
too. It loads nothing if the zone together with the fragment has an error, such as a record of your own for the same name.
For a plan without records there is no file: carry out the removal. Without BIND, enter the records at your DNS provider.
Compare with the published records before you delete any, since mail depends on them.
"""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import wrap

from perimeter365.plan.plan import Plan, PlanRecord, PlanWarning
from perimeter365.show.page import plain
from perimeter365.targets._bases.zone_files import INSTALL, REMOVE
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import DROPPED, Artifact, Capabilities, Target

_DOMAIN = 195
"""Characters of a mail domain that has a file."""


class DnsZone(Target):
    """Fragments of zone files."""

    name = "dns-zone"
    title = "DNS records"
    kind = "dns"
    comment = ";"
    vendor_page = "https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records"
    effect = "publish"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "a primary and a secondary named load each zone, and dig gets the plan's records from both"
    capabilities = Capabilities(records=True)
    own_names = True
    manual = Manual(
        where="a shell of the primary name server, as root, in the folder of the files; the paths are those of Debian",
        install=INSTALL,
        remove=REMOVE,
        besides="all servers and clients on the internet use the records, for mail within minutes",
        first="publish one domain that is not in use, and query it",
    )
    tried = tried(program("named 9.18"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the folder of the fragments on the server."""
        return {**super().words(), "folder": f"/etc/bind/{self.own_name('m365')}"}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield a file for each zone."""
        zones: dict[str, list[PlanRecord]] = {r.zone: [] for r in plan.records if 0 < len(r.zone) <= _DOMAIN}
        absent: dict[str, list[str]] = {zone: [] for zone in zones}
        for record in plan.records:
            if record.duty != "publish":
                self.leave_unselected(record)
            elif reason := _conflict(record, zones):
                self.report_loss(record, DROPPED, *reason)
                if zone := _zone(record, zones):
                    what = f"{record.name} {record.type} {record.value} ({record.id} {record.cloud})"
                    absent[zone].append(f"Not in this file: {what}: {reason[1]}")
            elif record not in zones[_zone(record, zones)]:
                zones[_zone(record, zones)].append(record)
        for warning in plan.warnings:
            if warning.code in ("record-conflict", "value-needed") and (
                zone := _closest(warning.id.partition("/")[0], zones)
            ):
                absent[zone].append(f"{'Accepted' if warning.accepted else 'To decide'}: {_text(warning)}")
        for zone, records in sorted(zones.items()):
            lines = [*self.header(plan), f"$ORIGIN {zone}."]
            for r in records:
                lines += [*_comment(r.condition), f"{_owner(r, zone)} {r.ttl} IN {r.type} {_data(r)} ; {r.id} {r.cloud}"]
            for text in absent[zone]:
                lines += _comment(text)
            yield self.text(f"{zone}.zone", lines, entries=len(records))


def _zone(record: PlanRecord, zones: dict[str, list[PlanRecord]]) -> str:
    """Return the zone of a record: its own, or the closest that contains its name.

    Return "" if there is none.
    """
    return record.zone if record.zone in zones else _closest(record.name, zones)


def _closest(name: str, zones: Iterable[str]) -> str:
    """Return the closest zone that contains a name; "" if there is none."""
    return max((zone for zone in zones if f".{name}".endswith(f".{zone}")), key=len, default="")


def _text(warning: PlanWarning) -> str:
    about = "" if warning.id in warning.message else f"{warning.id}: "
    return about + warning.message.rstrip(".") + (f"; set {warning.remedy}" if warning.remedy else "")


def _comment(text: str) -> list[str]:
    """Return text as comment lines of at most 100 characters.

    Quotes and brackets have no meaning after a semicolon (RFC 1035 5.1).
    """
    return [f"; {line}" for line in wrap(plain(text), 98, break_on_hyphens=False)]


def _conflict(record: PlanRecord, zones: dict[str, list[PlanRecord]]) -> tuple[str, str, str] | None:
    """Return why a record cannot be in a zone file; None if it can.

    The values are the code of a reason, the sentence and the remedy.
    """
    if not record.complete:
        reason = "the value is not in the profile: it is a role's address, or shown in the admin center"
        return "no-value", reason, "add the value to the profile, or the record manually"
    if len(record.name) > 253 or len(record.zone) > _DOMAIN:
        reason = f"a name has at most 253 characters (RFC 1035 2.3.4), and a mail domain with a file {_DOMAIN}"
        return "name-length", reason, "use a shorter mail domain"
    if not (zone := _zone(record, zones)):
        return "foreign-zone", "the name is not in any of the mail domains", "add the record to the zone of the name"
    there = [r for r in zones[zone] if r.name == record.name and (r.type, r.value) != (record.type, record.value)]
    if "CNAME" in {record.type, *(r.type for r in there)} and there:
        reason = "another record has the same name, and a CNAME excludes others (RFC 1034 3.6.2)"
        return "record-conflict", reason, "choose one of them"
    if record.value.startswith("v=spf1") and any(r.value.startswith("v=spf1") for r in there):
        reason = "another SPF record has the same name, and only one is allowed (RFC 7208 3.2)"
        return "record-conflict", reason, "merge the includes"
    return None


def _owner(record: PlanRecord, zone: str) -> str:
    return "@" if record.name == zone else record.name.removesuffix(f".{zone}")


def _data(record: PlanRecord) -> str:
    """Return the record's data for a zone file.

    Names are absolute, and TXT is written as quoted strings of 255 characters.
    """
    if record.type == "TXT":
        parts = [record.value[i : i + 255] for i in range(0, len(record.value), 255)]
        return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
    return f"{record.value}." if record.type in ("CNAME", "MX", "SRV") else record.value
