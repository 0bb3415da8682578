"""Ansible: the variables are the plan, and ansible-playbook runs the example."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets import render
from tests.consumers import need
from tests.targets.documents import load_yaml
from tests.targets.netfilter import HOSTILE, by_hand, flow, party
from tests.targets.packets import EVERY, flows, plan


def variables(which: Plan) -> dict[str, Any]:
    content = next(a.content for a in render(which, "ansible-vars").artifacts if a.name.startswith("group_vars"))
    (found,) = load_yaml(content)
    return dict(found)


@pytest.mark.parametrize("case", EVERY)
def test_the_variables_contain_the_whole_plan(case: str) -> None:
    said = variables(plan(case))
    assert set(said) == {"m365_about", "m365_flows", "m365_lists", "m365_sites", "m365_records"}
    for made, f in zip(said["m365_flows"], flows(plan(case)), strict=True):
        for side in ("source", "destination"):
            assert made[side] == {"any": f[side]["role"] == "internet", **f[side]}
        for protocol in ("tcp", "udp"):
            assert ",".join(made[protocol]) == f[protocol]
        assert ",".join(made["path"]) == (f["path"] or "")
        for key in ("id", "cloud", "scenario", "direction", "required", "tls_inspection"):
            assert made[key] == f[key]
        for key in ("category", "condition", "retired"):
            assert made[key] == (f[key] or "")
        assert (made["row"], made["sets"]) == (f["row"] or 0, f["sets"])
        assert made["confidence"] == max(
            (e["confidence"] for e in f["evidence"]), key=["high", "medium", "low"].index, default=""
        )
        assert {*f, "confidence"} - {"evidence"} == set(made), "everything that the plan has"
    whole = plan(case).to_dict()
    for key, name in (("m365_sites", "host"), ("m365_records", "value")):
        assert [x[name] for x in said[key]] == [x[name] for x in whole[key.removeprefix("m365_")]]
    assert render(plan(case), "ansible-vars").losses == ()


def run(which: Plan, folder: Path) -> subprocess.CompletedProcess[str]:
    for artifact in render(which, "ansible-vars").artifacts:
        path = folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)
    (folder / "inventory").write_text(f"localhost ansible_connection=local ansible_python_interpreter={sys.executable}\n")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "tmp"),
        "ANSIBLE_NOCOWS": "1",
    }
    command = [str(need("ansible-playbook")), "-i", "inventory", "m365-example.yml"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100)


def mixed() -> Plan:
    """Three groups: names and addresses, both IP versions, and inbound; the name of the organization is a template."""
    names = tuple(HostPattern(text) for text in ("*.teams.example.com", "teams.example.com"))
    client, online = party("client", "10.0.0.0/8"), party("exchange-online", "40.96.0.0/13", "2603:1006::/40")
    teams = replace(party("teams", "52.112.0.0/14"), hosts=names)
    return by_hand(
        replace(flow("row/6/x", client, teams, tcp="443"), category="optimize"),
        flow("row/6/y", client, online, tcp="25"),
        flow("row/6/z", replace(online, hosts=names[1:]), party("mrs-proxy", "203.0.113.10"), tcp="443"),
        organization=HOSTILE[3] + "{{ lookup('pipe', 'touch owned') }}",
    )


# Ansible starts programs for each group, so the plan has few.
@pytest.mark.parametrize("which", [mixed(), plan("nothing-selected")], ids=["mixed", "nothing-selected"])
def test_ansible_runs_the_example_which_writes_the_lists(which: Plan, tmp_path: Path) -> None:
    """Strings of variables are templates: no name of an organization is evaluated."""
    done = run(which, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARN" not in done.stderr, done.stderr
    assert not list(tmp_path.rglob("owned"))
    assert "{" not in variables(which)["m365_about"]["organization"]
    files = {p.stem[5:]: p.read_text().split() for p in (tmp_path / "m365-lists").glob("m365_*.txt")}
    hosts: dict[str, set[str]] = {}
    for f in flows(which):
        if f["direction"] != "internal":
            outside = f["source" if f["direction"] == "inbound" else "destination"]
            if outside["role"] != "internet":
                group = f"{f['cloud']}-{f['scenario']}-{f['direction']}-{f['category'] or 'other'}".replace("-", "_")
                hosts.setdefault(group, set()).update(outside["hosts"] if f["direction"] == "outbound" else [])
    assert set(files) == set(hosts)
    lists = variables(which)["m365_lists"]
    for group, lines in files.items():
        assert {line for line in lines if "/" not in line} == hosts[group]
        assert [line for line in lines if "/" in line] == [
            p for family in (4, 6) for p in lists[group][f"prefixes_v{family}"]
        ]


def test_free_text_stays_one_line_with_all_its_letters_and_quotes() -> None:
    of = flow("row/6/x", party("client", "10.0.0.0/8"), party("teams", "52.112.0.0/14"), tcp="443")
    long = "Müller's " * 30
    which = by_hand(replace(of, condition=f'{long}"x"\n- {{{{ 7 * 7 }}}}\u2028\u202e<end>'))
    assert variables(which)["m365_flows"][0]["condition"] == f'{long}"x"?- ?? 7 * 7 ????<end>'
