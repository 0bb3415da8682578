"""The tables, read back with Python's csv module."""

import csv
import io
import re
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from perimeter365.plan.plan import Plan, PlanWarning
from perimeter365.targets import Style, targets
from tests.targets.cases import CASES, plan

Row = dict[str, str]


def tables(which: Plan, **options: str) -> dict[str, list[Row]]:
    """Every table as rows, with one apostrophe removed as the manual page says."""
    found = {}
    for artifact in targets["csv"](Style(options=options)).render(which).artifacts:
        text = artifact.content.decode("utf-8-sig" if options.get("bom") == "on" else "utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        assert len(rows) == artifact.entries
        found[artifact.name] = [{k: v.removeprefix("'") for k, v in row.items()} for row in rows]
    return found


def read_evidence(cell: str) -> list[dict[str, str]]:
    return [dict(zip(("document", "date", "confidence"), part.split("|"), strict=True)) for part in cell.split("; ")]


def is_prefix(entry: str) -> bool:
    try:
        ip_network(entry)
    except ValueError:
        return False
    return True


def read_party(role: str, cells: list[str]) -> dict[str, Any]:
    entries = list(dict.fromkeys(entry for cell in cells for entry in cell.split() if entry != "any"))
    prefixes = [entry for entry in entries if is_prefix(entry)]
    return {"role": role, "hosts": [e for e in entries if e not in prefixes], "prefixes": prefixes}


def read_flow(rows: list[Row]) -> dict[str, Any]:
    """A flow in CONTRACT's JSON from its rows."""
    one = rows[0]
    ports = {row["protocol"]: row["ports"] for row in rows}
    return {
        "id": one["id"],
        "cloud": one["cloud"],
        "scenario": one["scenario"],
        "row": int(one["row"]) if one["row"] else None,
        "sets": one["sets"].split(),
        "direction": one["direction"],
        "source": read_party(one["source_role"], [row["source"] for row in rows]),
        "destination": read_party(one["destination_role"], [row["destination"] for row in rows]),
        "tcp": ports.get("tcp", ""),
        "udp": ports.get("udp", ""),
        "path": ",".join(one["path"].split()) or None,
        "category": one["category"] or None,
        "required": {"yes": True, "no": False}[one["required"]],
        "tls_inspection": one["tls_inspection"],
        "condition": one["condition"],
        "retired": one["retired"] or None,
        "evidence": read_evidence(one["evidence"]),
    }


def read_plan(found: dict[str, list[Row]]) -> dict[str, Any]:
    """A plan in CONTRACT's JSON from its tables."""
    about = {row["name"]: row["value"] for row in found["about.csv"]}
    catalog = {}
    for name, value in about.items():
        if name.startswith("catalog "):
            catalog[name.removeprefix("catalog ")] = dict(zip(("version", "origin"), value.split(), strict=True))
    by_flow: dict[tuple[str, str], list[Row]] = {}
    for row in found["flows.csv"]:
        by_flow.setdefault((row["id"], row["cloud"]), []).append(row)
    sites: list[dict[str, Any]] = [
        {**s, "row": int(s["row"]), "cookies": s["cookies"] == "yes", "evidence": read_evidence(s["evidence"])}
        for s in found["sites.csv"]
    ]
    records: list[dict[str, Any]] = [
        {**r, "ttl": int(r["ttl"]), "required": r["required"] == "yes", "evidence": read_evidence(r["evidence"])}
        for r in found["records.csv"]
    ]
    return {
        "organization": about["organization"],
        "profile": about["profile"],
        "catalog": catalog,
        "flows": [read_flow(rows) for rows in by_flow.values()],
        "sites": sites,
        "records": records,
        "warnings": found["warnings.csv"],
    }


@pytest.mark.parametrize("bom", ["on", "off"])
@pytest.mark.parametrize("case", CASES)
def test_the_tables_give_the_same_plan(case: str, bom: str) -> None:
    assert read_plan(tables(plan(case), bom=bom)) == plan(case).to_dict()


def test_nothing_is_lost() -> None:
    assert targets["csv"]().render(plan("all-scenarios")).losses == ()


@pytest.mark.parametrize("case", CASES)
def test_each_line_is_one_flow_protocol_and_external_entry(case: str) -> None:
    rows = [tuple(row.values()) for row in tables(plan(case))["flows.csv"]]
    assert len(set(rows)) == len(rows)
    for row in tables(plan(case))["flows.csv"]:
        if row["direction"] != "internal":
            assert " " not in row["source" if row["direction"] == "inbound" else "destination"]


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "'", "=cmd|' /C calc'!A0"])
def test_no_cell_is_a_formula_and_each_comes_back(payload: str) -> None:
    nasty = replace(
        plan("small"), organization=payload, warnings=(PlanWarning(code="retired", id=payload, message=payload),)
    )
    for artifact in targets["csv"]().render(nasty).artifacts:
        for row in csv.reader(io.StringIO(artifact.content.decode(), newline=""), strict=True):
            assert not [cell for cell in row if re.match(r"[=+\-@\t\r]", cell)]
    assert read_plan(tables(nasty)) == nasty.to_dict()


@pytest.mark.parametrize("payload", ['a"b', "a,b", "a\r\nb", "a\nb", " a ", "ü", "a'b", '","'])
def test_quotes_commas_and_line_ends_come_back(payload: str) -> None:
    nasty = replace(plan("small"), organization=payload)
    assert tables(nasty)["about.csv"][0]["value"] == payload


@pytest.mark.parametrize("case", CASES)
def test_lines_end_as_in_rfc_4180(case: str) -> None:
    for artifact in targets["csv"]().render(plan(case)).artifacts:
        assert artifact.content.endswith(b"\r\n")
        assert not re.search(rb"(?<!\r)\n", artifact.content)


def test_the_byte_order_mark_is_written_only_on_request() -> None:
    for bom, start in (("on", b"\xef\xbb\xbfid,"), ("off", b"id,")):
        first = targets["csv"](Style(options={"bom": bom})).render(plan("small")).artifacts[0]
        assert first.content.startswith(start)
