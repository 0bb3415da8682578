"""What network policies allow, read from their objects, and what a plan wants."""

from collections.abc import Iterator
from typing import Any

from perimeter365.plan.plan import Plan
from tests.targets.packets import flows, ours, ports

LABEL = "perimeter365/role"

Allowed = tuple[str, str, str, str, int, int]
"""Role, direction, the other end (a prefix, `any`, or `pods` and a role), protocol, first and last port."""


def wanted(which: Plan) -> Iterator[Allowed]:
    """From the plan's JSON. The organization's end is pods, with or without addresses."""
    for f in flows(which):
        for side, other, direction in (("source", "destination", "egress"), ("destination", "source", "ingress")):
            if ours(f[side]["role"]):
                far = f[other]
                ends = ["any"] if far["role"] == "internet" else list(far["prefixes"])
                ends += [f"pods {far['role']}"] if ours(far["role"]) else []
                for end in ends:
                    for protocol in ("tcp", "udp"):
                        for first, last in ports(f[protocol]):
                            yield (f[side]["role"], direction, end, protocol, first, last)


def kubernetes(document: dict[str, Any]) -> Iterator[Allowed]:
    spec = document["spec"]
    assert (document["apiVersion"], document["kind"]) == ("networking.k8s.io/v1", "NetworkPolicy")
    assert set(spec) == {"podSelector", "policyTypes", spec["policyTypes"][0].lower()}
    (kind,) = spec["policyTypes"]
    direction, role = kind.lower(), spec["podSelector"]["matchLabels"][LABEL]
    assert document["metadata"]["name"] == f"m365-{role}-{direction}"
    for rule in spec[direction]:
        side = "to" if direction == "egress" else "from"
        assert set(rule) <= {side, "ports"}
        assert rule["ports"], "no ports would be all ports"
        assert rule.get(side) != [], "an empty list of peers is all peers"
        peers = ["any"]
        if side in rule:
            peers = [
                p["ipBlock"]["cidr"] if "ipBlock" in p else f"pods {p['podSelector']['matchLabels'][LABEL]}"
                for p in rule[side]
            ]
        for peer in peers:
            for port in rule["ports"]:
                assert isinstance(port["port"], int)
                yield (role, direction, peer, port["protocol"].lower(), port["port"], port.get("endPort", port["port"]))


def cilium(document: dict[str, Any]) -> Iterator[tuple[list[Allowed], list[dict[str, str]]]]:
    """The packets of each rule, and the names to which the last ones apply."""
    spec = document["spec"]
    assert (document["apiVersion"], document["kind"]) == ("cilium.io/v2", "CiliumNetworkPolicy")
    direction = "egress" if "egress" in spec else "ingress"
    assert set(spec) == {"endpointSelector", direction}
    role = spec["endpointSelector"]["matchLabels"][LABEL]
    side = "to" if direction == "egress" else "from"
    for rule in spec[direction]:
        (kind,) = set(rule) - {"toPorts"}
        assert rule[kind]
        where = [port for entry in rule["toPorts"] for port in entry["ports"]]
        assert all(0 < len(entry["ports"]) <= 40 for entry in rule["toPorts"])
        names: list[dict[str, str]] = []
        if kind == "toFQDNs":
            peers, names = ["names"], rule[kind]
        elif kind == f"{side}Entities":
            assert rule[kind] == ["world"]
            peers = ["any"]
        elif kind == f"{side}Endpoints":
            peers = [f"pods {each['matchLabels'][LABEL]}" for each in rule[kind]]
        else:
            assert kind == f"{side}CIDRSet"
            peers = [each["cidr"] for each in rule[kind]]
        found = []
        for peer in peers:
            for port in where:
                assert isinstance(port["port"], str)
                first = int(port["port"])
                found.append((role, direction, peer, port["protocol"].lower(), first, port.get("endPort", first)))
        yield found, names
