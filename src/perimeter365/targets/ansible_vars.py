"""Ansible: the plan as variables, with an example playbook.

Output: `group_vars/all/m365.yml` and `m365-example.yml`. The variables are lists and strings:

    m365_about       organization, profile, catalog versions
    m365_flows       id, cloud, scenario, row (0: none), sets, direction, source and destination (role, any, hosts, prefixes,
                     and inside: the own addresses inside of the NAT, if they differ), tcp and udp (lists of ports or ranges
                     "50000-59999"), path, category, required, tls_inspection, condition, retired (a date), confidence
    m365_lists       by group name (worldwide_exchange_outbound_optimize): prefixes_v4, prefixes_v6, hosts, flows
    m365_sites, m365_records    as in the plan's JSON, with confidence in place of the evidence

A text is empty if there is none: without `retired` a requirement is in service, and without `condition` always needed.
`confidence` is the weakest of its evidence: high, medium, low. Check all three before a play opens something.

Vendor page: https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html
Supported: all flows, sites and records of the plan, without losses. A wildcard means the same as in the plan. `any: true` is
an end that the requirement does not restrict; an end without addresses and with `any: false` is unknown, and a play must
never treat it as any.
Not supported: the rules of your modules. The example only writes lists to files, with modules of ansible-core: one for each
group, `m365_….txt` in the folder `m365_folder` (default ./m365-lists). It then removes files of that form whose group is
gone. To use the variables in plays of your own, copy `group_vars` to the folder of your inventory.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from perimeter365.model.evidence import CONFIDENCES
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty
from perimeter365.show.page import BREAKS
from perimeter365.targets._bases.acl import port_words
from perimeter365.targets._bases.list import Group, groups
from perimeter365.targets._bases.yaml import CommentedValue, yaml_lines
from perimeter365.targets.life import Manual, program, tried
from perimeter365.targets.target import FULL_CAPABILITIES, Artifact, Target, one_line

_UNSAFE = re.compile(f"[\t{{}}{BREAKS.pattern[1:]}")
"""Characters that begin an expression of Jinja, and those that break or move a line."""
_LINES = "item.value.prefixes_v4 + item.value.prefixes_v6 + item.value.hosts"
_PLAY: list[object] = [
    {
        "name": "Write the lists of Microsoft 365",
        "hosts": "localhost",
        "connection": "local",
        "gather_facts": False,
        "vars": {"m365_folder": "{{ playbook_dir }}/m365-lists"},
        "tasks": [
            {
                "name": "Refuse a plan whose variables are not there",
                "ansible.builtin.assert": {"that": ["m365_flows is defined", "m365_lists is defined"]},
            },
            {
                "name": "Make the folder",
                "ansible.builtin.file": {"path": "{{ m365_folder }}", "state": "directory", "mode": "0755"},
            },
            CommentedValue(
                "One file a group: addresses and names, one a line",
                {
                    "name": "Write the lists",
                    "ansible.builtin.copy": {
                        "dest": "{{ m365_folder }}/m365_{{ item.key }}.txt",
                        "content": f"{{{{ ({_LINES}) | join('\n') }}}}\n",
                        "mode": "0644",
                    },
                    "loop": "{{ m365_lists | ansible.builtin.dict2items }}",
                    "loop_control": {"label": "{{ item.key }}"},
                },
            ),
            {
                "name": "Look for the lists of earlier runs",
                "ansible.builtin.find": {"paths": "{{ m365_folder }}", "patterns": "m365_*.txt"},
                "register": "m365_found",
            },
            {
                "name": "Remove the lists of groups that are gone",
                "ansible.builtin.file": {"path": "{{ m365_folder }}/{{ item }}", "state": "absent"},
                "loop": (
                    "{{ m365_found.files | map(attribute='path') | map('basename') | "
                    "difference(m365_lists | map('regex_replace', '^(.*)$', 'm365_\\1.txt')) }}"
                ),
            },
        ],
    }
]


class AnsibleVars(Target):
    """Variables and a playbook."""

    name = "ansible-vars"
    side = "both"
    title = "Ansible variables"
    kind = "data"
    vendor_page = "https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html"
    comments = "utf-8"
    proof = "consumer"
    proof_detail = "ansible-playbook runs the example; its files contain the plan's addresses and names"
    capabilities = FULL_CAPABILITIES
    own_names = True
    manual = Manual(
        where="the folder of the files",
        install=(
            "ansible-playbook -i localhost, --syntax-check {own}-example.yml",
            "ansible-playbook -i localhost, {own}-example.yml",
        ),
        update=("ansible-playbook -i localhost, {own}-example.yml",),
        remove=("rm -r {own}-lists group_vars/all/{own}.yml {own}-example.yml",),
    )
    tried = tried(program("ansible-core 2.19"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the start of our names."""
        return {**super().words(), "own": self.own_name("m365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the variables and the playbook."""
        versions = {str(cloud): f"{v.version} {v.origin}" for cloud, v in plan.versions.items()}
        about = {"organization": one_line(plan.organization), "profile": plan.profile_hash, "catalog": versions}
        own = self.own_name("m365")
        variables: dict[str, Any] = {
            f"{own}_about": about,
            f"{own}_flows": [_flow(flow) for flow in plan.flows],
            f"{own}_lists": {group.name.replace("-", "_"): _list(group) for group in groups(plan)},
            f"{own}_sites": [_plain(site.to_dict()) for site in plan.sites],
            f"{own}_records": [_plain(record.to_dict()) for record in plan.records],
        }
        head, play = self.header(plan), [line.replace("m365", own) for line in yaml_lines(_PLAY)]
        count = len(plan.flows) + len(plan.sites) + len(plan.records)
        yield self.text(f"group_vars/all/{own}.yml", [*head, "---", *yaml_lines(variables)], entries=count)
        yield self.text(f"{own}-example.yml", [*head, "---", *play], entries=1)


def _flow(flow: PlanFlow) -> dict[str, object]:
    ends = {"source": _end(flow.source), "destination": _end(flow.destination)}
    ports = {"tcp": port_words(flow.tcp), "udp": port_words(flow.udp)}
    return {**_plain(flow.to_dict()), **ends, **ports, "path": list(flow.path), "category": flow.category or ""}


def _end(end: PlanParty) -> dict[str, object]:
    hosts, prefixes = [host.text for host in end.hosts], [str(prefix) for prefix in end.prefixes]
    inside = {"inside": [str(prefix) for prefix in end.inside]} if end.inside else {}
    return {"role": end.role, "any": end.anyone, "hosts": hosts, "prefixes": prefixes, **inside}


def _list(group: Group) -> dict[str, object]:
    hosts = [host.text for host in group.hosts] if group.direction == "outbound" else []
    both = {f"prefixes_v{family}": [str(prefix) for prefix in group.prefixes.prefixes(family)] for family in (4, 6)}
    return {**both, "hosts": hosts, "flows": [flow.id for flow in group.flows]}


def _plain(values: dict[str, Any]) -> dict[str, object]:
    """Return a requirement as values of YAML.

    Strings are one line, and safe for Jinja.
    """
    found: dict[str, object] = {}
    for key, value in values.items():
        if key == "evidence":
            levels = {each["confidence"] for each in value}
            found["confidence"] = next((level for level in reversed(CONFIDENCES) if level in levels), "")
        elif isinstance(value, str):
            found[key] = _UNSAFE.sub("?", value)
        else:
            found[key] = (0 if key == "row" else "") if value is None else value
    return found
