"""DNS: the records that the organization publishes, as a zone file fragment for each mail domain.

What it makes: `<domain>.zone` in master file form (RFC 1035 5), without SOA and NS: it is included into a zone
that exists.
Vendor page: https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records
What it says: A, AAAA, CNAME, MX, SRV and TXT records of the plan. What it cannot say, each a loss: values that
only the admin center shows, records of other people's zones that only have to resolve, names outside of the
mail domains, and records that cannot stand beside others: a second CNAME or SPF of one name, which two clouds
of one domain would need.
Install: `$INCLUDE /etc/bind/contoso.com.zone` in the zone, check with `named-checkzone`, raise the serial,
reload; or enter the lines at your DNS provider.
Update: render again and reload; compare with what is published before you delete: mail follows these records.
"""

from collections.abc import Iterator

from perimeter365.plan.plan import Plan, PlanRecord
from perimeter365.targets.target import DROPPED, Artifact, Capabilities, Target


class DnsZone(Target):
    """Zone file fragments."""

    name = "dns-zone"
    title = "DNS records"
    kind = "dns"
    comment = ";"
    vendor_page = "https://learn.microsoft.com/microsoft-365/enterprise/external-domain-name-system-records"
    proof = "consumer"
    proof_detail = "named-checkzone loads each zone and prints the same records back"
    capabilities = Capabilities(records=True)

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """A file for each zone."""
        zones: dict[str, list[PlanRecord]] = {r.zone: [] for r in plan.records if r.zone}
        for record in plan.records:
            if reason := _unsayable(record, zones):
                self.lose(record, DROPPED, f"{record.name} {record.type}", *reason)
            elif record not in zones[_zone(record, zones)]:
                zones[_zone(record, zones)].append(record)
        for zone, records in sorted(zones.items()):
            lines = [*self.header(plan), f"$ORIGIN {zone}."]
            lines += [f"{_owner(r, zone)} {r.ttl} IN {r.type} {_data(r)} ; {r.id} {r.cloud}" for r in records]
            yield self.text(f"{zone}.zone", lines, entries=len(records))


def _zone(record: PlanRecord, zones: dict[str, list[PlanRecord]]) -> str:
    """The zone of a record: its own, or the longest that its name lies in; "" when there is none."""
    around = [zone for zone in zones if f".{record.name}".endswith(f".{zone}")]
    return record.zone or max(around, key=len, default="")


def _unsayable(record: PlanRecord, zones: dict[str, list[PlanRecord]]) -> tuple[str, str] | None:
    """Why a record cannot stand in a zone file, and what to do; None when it can."""
    if record.duty != "publish":
        return "it is a record of somebody else's zone: our resolvers only have to see it", "check that it resolves"
    if not record.complete:
        return (
            f"the value {record.value} is not in the profile: a role's address, or what the admin center shows",
            "add it by hand",
        )
    if not (zone := _zone(record, zones)):
        return "its name lies in none of the mail domains", "add it to the zone that holds the name"
    there = [r for r in zones[zone] if r.name == record.name and (r.type, r.value) != (record.type, record.value)]
    if "CNAME" in {record.type, *(r.type for r in there)} and there:
        return f"{there[0].id} has records of that name, and a CNAME stands alone (RFC 1034 3.6.2)", "choose one of them"
    if record.value.startswith("v=spf1") and any(r.value.startswith("v=spf1") for r in there):
        return f"{there[0].id} has an SPF record of that name, and there may be one (RFC 7208 3.2)", "join their includes"
    return None


def _owner(record: PlanRecord, zone: str) -> str:
    return "@" if record.name == zone else record.name.removesuffix(f".{zone}")


def _data(record: PlanRecord) -> str:
    """The record's data for a zone file: TXT in quotes, 255 characters a string; names absolute."""
    if record.type == "TXT":
        parts = [record.value[i : i + 255] for i in range(0, len(record.value), 255)]
        return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)
    return f"{record.value}." if record.type in ("CNAME", "MX", "SRV") else record.value
