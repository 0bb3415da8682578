"""Parquet: the plan as columnar tables, for DuckDB, Spark, pandas and data lakes.

Output: five tables (Parquet 2.6, Snappy), whose columns and types do not depend on the plan:

    flows.parquet      one row per flow; hosts, prefixes and paths as lists, ports as lists of {first, last}; an end that the
                       requirement does not restrict has `source_anyone` or `destination_anyone`, and an end whose lists
                       are empty without it is unknown
    prefixes.parquet   one row per external prefix, with category and requirements, as in all lookup targets
    hosts.parquet      the same for host patterns; in both, everything that can be several is a list
    sites.parquet, records.parquet

Vendor page: https://parquet.apache.org/docs/file-format/
Supported: the whole plan, without losses. Addresses are also numbers: `family`, and `first` and `last` as 16 bytes (IPv6
form; IPv4 as ::ffff:a.b.c.d), which sort in the order of the addresses. `inside` has the organization's addresses inside of
the NAT, where they differ from the public ones. Organization, profile and catalog versions are in
the metadata of each file (`perimeter365`).
Not supported: an order of precedence among the requirements of an address, other than the category. No device reads these
files.
Read a table with SELECT * FROM 'prefixes.parquet', for example in DuckDB. Equal plans give equal bytes with the same version
of pyarrow; other versions write their own name into the files.
This target needs the extra `parquet` (pip install 'perimeter365[parquet]').
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from perimeter365.errors import MissingExtraError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix
from perimeter365.plan.plan import Plan, PlanFlow
from perimeter365.targets._bases.table import COLUMNS, LookupRow, TableTarget
from perimeter365.targets.life import Manual, does_not_apply, program, tried
from perimeter365.targets.target import FULL_CAPABILITIES, Artifact

_ENDS = ("source_role", "destination_role")
_OWN = ("source_hosts", "source_prefixes", "destination_hosts", "destination_prefixes", "inside")
_LISTS = (*_OWN, "path", "sets", "evidence")
_ANYONE = ("source_anyone", "destination_anyone")
_JOINED = ("requirements", "clouds", "scenarios", "directions")
_TEXTS = ("cloud", "id", "scenario", "direction", *_ENDS, "category", "tls_inspection", "condition", "retired")
_SITE = ("cloud", "id", "scenario", "host", "scheme", "zone", "condition")
_RECORD = ("cloud", "id", "scenario", "name", "type", "value", "duty", "condition")


class Parquet(TableTarget):
    """Parquet files of the plan."""

    name = "parquet"
    side = "both"
    title = "Parquet tables"
    vendor_page = "https://parquet.apache.org/docs/file-format/"
    proof = "consumer"
    extra = "parquet"
    proof_detail = "read back with pyarrow, the tables contain the plan"
    capabilities = replace(FULL_CAPABILITIES, comments=False)
    manual = Manual(
        where="the folder of the files",
        install=("# copy the files to where the tables are read, each to a temporary name first, then rename it",),
        remove=("rm *.parquet",),
    )
    tried = (
        tried(program("pyarrow"), "install", "empty", "again", "grow", "shrink", "back", "remove")
        | tried(does_not_apply("the files are written as a whole, each under a temporary name first"), "interrupted")
        | tried(does_not_apply("each render is complete; there are no files of changes"), "unordered")
        | tried(does_not_apply("the files are in a folder of their own"), "neighbors")
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the five files."""
        try:
            import pyarrow as pa
        except ImportError as error:
            raise MissingExtraError(f"the target {self.name}", self.extra, error) from error
        text, flag = pa.string(), pa.bool_()
        ports = pa.list_(pa.struct([("first", pa.int32()), ("last", pa.int32())]))
        lists = {name: pa.list_(text) for name in _LISTS}
        flows = {**dict.fromkeys(_TEXTS, text), "row": pa.int32(), "required": flag, "tcp": ports, "udp": ports, **lists}
        flows |= dict.fromkeys(_ANYONE, flag)
        rows = {**dict.fromkeys(COLUMNS, text), **dict.fromkeys(_JOINED, pa.list_(text))}
        rows |= {"tcp": ports, "udp": ports, "required": flag}
        address = {"prefix": text, "family": pa.int8(), "first": pa.binary(16), "last": pa.binary(16)}
        site = {**dict.fromkeys(_SITE, text), "row": pa.int32(), "cookies": flag}
        record = {**dict.fromkeys(_RECORD, text), "ttl": pa.int32(), "required": flag}
        tables: list[tuple[str, Mapping[str, Any], list[dict[str, Any]]]] = [
            ("flows", flows, [_flow(f) for f in plan.flows]),
            ("prefixes", {**address, **rows}, [_prefix(r) for r in self.prefix_rows(plan)]),
            ("hosts", {"host": text, "kind": text, **rows}, [_host(r) for r in self.host_rows(plan)]),
            ("sites", site, [_plain(s.to_dict(), site) for s in plan.sites]),
            ("records", record, [_plain(r.to_dict(), record) for r in plan.records]),
        ]
        about = {"organization": plan.organization, "profile": plan.profile_hash}
        about |= {f"catalog {c}": f"{v.version} {v.origin}" for c, v in plan.versions.items()}
        for name, columns, lines in tables:
            schema = pa.schema(list(columns.items()), metadata={"perimeter365": json.dumps(about)})
            yield _file(f"{name}.parquet", pa.Table.from_pylist(lines, schema=schema))


def _file(name: str, table: Any) -> Artifact:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(table, out, version="2.6", compression="snappy")
    return Artifact(name=name, content=out.getvalue(), entries=table.num_rows)


def _flow(flow: PlanFlow) -> dict[str, Any]:
    values = flow.to_dict()
    for end in ("source", "destination"):
        values |= {f"{end}_{key}": value for key, value in values[end].items()}
    values |= {"source_anyone": flow.source.anyone, "destination_anyone": flow.destination.anyone}
    values["inside"] = [str(p) for end in (flow.source, flow.destination) for p in end.inside]
    values |= {"tcp": _ports(flow.tcp), "udp": _ports(flow.udp), "path": list(flow.path)}
    values["evidence"] = [f"{e.document}|{e.date}|{e.confidence}" for e in flow.evidence]
    return _plain(values, (*_TEXTS, *_LISTS, *_ANYONE, "row", "required", "tcp", "udp"))


def _ports(ports: PortSet) -> list[dict[str, int]]:
    return [{"first": first, "last": last} for first, last in ports]


def _row(row: LookupRow) -> dict[str, Any]:
    values: dict[str, Any] = {**row.values()}
    values |= {column: values[column].split() for column in _JOINED}
    values |= {protocol: _ports(PortSet.parse(values[protocol])) for protocol in ("tcp", "udp")}
    return {**values, "required": values["required"] == "yes"}


def _prefix(row: LookupRow) -> dict[str, Any]:
    prefix = row.key
    assert isinstance(prefix, Prefix)  # noqa: S101 - the rows of prefix_rows have prefixes as keys
    mapped = 0xFFFF << 32 if prefix.family == 4 else 0
    ends = {"first": (prefix.first | mapped).to_bytes(16), "last": (prefix.last | mapped).to_bytes(16)}
    return {"prefix": str(prefix), "family": prefix.family, **ends, **_row(row)}


def _host(row: LookupRow) -> dict[str, Any]:
    return {"host": str(row.key), "kind": getattr(row.key, "kind", ""), **_row(row)}


def _plain(values: Mapping[str, Any], columns: Any) -> dict[str, Any]:
    return {column: values[column] for column in columns}
