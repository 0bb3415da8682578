"""Kubernetes and Cilium: the policies allow exactly the plan's packets and names."""

import re
from importlib import import_module
from typing import Any

import pytest

from perimeter365.errors import LimitError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from tests.consumers import need
from tests.targets.documents import load_yaml
from tests.targets.packets import EVERY, flows, plan
from tests.targets.pods import LABEL, cilium, kubernetes, wanted

EACH = pytest.mark.parametrize("case", EVERY)
BOTH = pytest.mark.parametrize("name", ["kubernetes-networkpolicy", "cilium-networkpolicy"])


def documents(which: Plan, name: str, file: str = "m365.yaml", **options: str) -> list[dict[str, Any]]:
    for artifact in render(which, name, Style(options=options)).artifacts:
        if artifact.name == file:
            return [document for document in load_yaml(artifact.content) if document]
    return []


@EACH
def test_kubernetes_policies_allow_the_packets_of_the_plan(case: str) -> None:
    found = {a for document in documents(plan(case), "kubernetes-networkpolicy") for a in kubernetes(document)}
    assert found == set(wanted(plan(case)))


@EACH
def test_cilium_policies_allow_the_packets_of_the_plan(case: str) -> None:
    rules = [rule for document in documents(plan(case), "cilium-networkpolicy") for rule in cilium(document)]
    assert {a for found, names in rules if not names for a in found} == set(wanted(plan(case)))


# -- names ---------------------------------------------------------------------------------------------------------


def expression(entry: dict[str, str], version: str) -> str:
    """As in pkg/fqdn/matchpattern: an asterisk does not match dots.

    From 1.19 on a leading `**.` is one label or more.
    """
    ((kind, text),) = entry.items()
    if kind == "matchName":
        assert re.fullmatch(r"[-a-zA-Z0-9_.]+", text)
        return re.escape(text)
    assert kind == "matchPattern"
    assert re.fullmatch(r"(?:[-a-zA-Z0-9_*]+[.]?)+", text)
    many = ""
    if version == "1.19" and text.startswith("**."):
        many, text = "(?:[-a-zA-Z0-9_]+[.])+", text[3:]
    return many + re.sub(r"\*", "[-a-zA-Z0-9_]*", text.replace(".", "[.]"))


@pytest.mark.parametrize("version", ["1.19", "1.18"])
@EACH
def test_cilium_names_are_the_plans_up_to_a_loss(case: str, version: str) -> None:
    which = plan(case)
    made = documents(which, "cilium-networkpolicy", version=version, levels="2")
    rules = [(found[0][0], {a[3:] for a in found}, names) for d in made for found, names in cilium(d) if names]
    lost = {
        (x.id, x.subject)
        for x in render(which, "cilium-networkpolicy", Style(options={"version": version, "levels": "2"})).details
    }
    for flow in which.flows:
        where = {(p, a, b) for p, each in (("tcp", flow.tcp), ("udp", flow.udp)) for a, b in each}
        mine = [e for role, on, names in rules if role == flow.source.role and on == where for e in names]
        matcher = re.compile("|".join(expression(e, version) for e in mine) or "(?!)")
        for host in flow.destination.unaddressed if flow.direction == "outbound" and where else ():
            for filling in ("a", "a-b", "a.b", "a.b.c.d") if "*" in host.text else ("",):
                name = host.text.replace("*", filling)
                if not matcher.fullmatch(name):
                    assert (flow.id, host.text) in lost, name
                    assert filling == "a.b.c.d", "two labels are written out"
    for role, on, names in rules:  # only what a requirement of the role on these ports needs
        needed = [
            h
            for f in which.flows
            if f.source.role == role and on == {(p, a, b) for p, each in (("tcp", f.tcp), ("udp", f.udp)) for a, b in each}
            for h in f.destination.hosts
        ]
        for entry in names:
            for filling in ("a", "b-c", "x1"):
                sample = next(iter(entry.values())).replace("**", "*").replace("*", filling)
                assert any(h.matches(sample) for h in needed), sample


def test_wildcards_in_microsofts_names_are_matched_if_cilium_supports_them() -> None:
    names = [e for d in documents(plan("small"), "cilium-networkpolicy") for _, names in cilium(d) for e in names]
    patterns = {e["matchPattern"] for e in names if "matchPattern" in e}
    assert {"**.outlook.com", "*cdn.onenote.net", "*.*cdn.onenote.net", "autodiscover.*.onmicrosoft.com"} <= patterns
    assert re.fullmatch(expression({"matchPattern": "**.outlook.com"}, "1.19"), "a.b.outlook.com")
    assert not re.fullmatch(expression({"matchPattern": "**.outlook.com"}, "1.19"), "outlook.com")
    assert not re.fullmatch(expression({"matchPattern": "**.outlook.com"}, "1.18"), "a.b.outlook.com")
    assert HostPattern("*.outlook.com").matches("a.b.outlook.com")


# -- both ----------------------------------------------------------------------------------------------------------


@BOTH
def test_the_resolver_is_allowed_in_a_separate_file_for_the_selected_pods(name: str) -> None:
    (document,) = documents(plan("small"), name, "dns.yaml")
    selector = document["spec"].get("podSelector") or document["spec"]["endpointSelector"]
    (expression,) = selector["matchExpressions"]
    closed = {d["metadata"]["name"] for d in documents(plan("small"), name)}
    assert {f"m365-{role}-egress" for role in expression["values"]} == {n for n in closed if n.endswith("-egress")}
    text = str(document["spec"]["egress"])
    assert "kube-dns" in text
    assert "53" in text
    assert not documents(plan("nothing-selected"), name, "dns.yaml")


@BOTH
def test_options_reach_every_document(name: str) -> None:
    for file in ("m365.yaml", "dns.yaml"):
        for document in documents(plan("small"), name, file, label="example.com/kind", namespace="office"):
            assert document["metadata"]["namespace"] == "office"
            assert "example.com/kind" in str(document["spec"])
            assert LABEL not in str(document)


@BOTH
@EACH
def test_a_need_without_a_rule_is_a_loss(case: str, name: str) -> None:
    lost = {x.id for x in render(plan(case), name).details if x.kind == "dropped"}
    for f in flows(plan(case)):
        outside = f["source" if f["direction"] == "inbound" else "destination"]
        silent = f["direction"] != "internal" and outside["role"] != "internet" and not outside["prefixes"]
        if not (f["tcp"] or f["udp"]) or (silent and (name.startswith("k") or f["direction"] == "inbound")):
            assert f["id"] in lost


@EACH
def test_kubernetes_accepts_every_object_strictly(case: str) -> None:
    need("kubernetes-validate")
    validate = import_module("kubernetes_validate").validate
    for file in ("m365.yaml", "dns.yaml"):
        for document in documents(plan(case), "kubernetes-networkpolicy", file):
            validate(document, "1.31", strict=True)


@pytest.mark.parametrize(("version", "said"), [("1.19", "For Cilium 1.19 or newer"), ("1.18", "For Cilium 1.18 or older")])
def test_the_file_for_cilium_says_its_version(version: str, said: str) -> None:
    made = render(plan("small"), "cilium-networkpolicy", Style(options={"version": version}))
    assert f"# {said}" in made.artifacts[0].content.decode()


def test_an_object_that_does_not_fit_into_the_annotation_of_kubectl_is_refused() -> None:
    with pytest.raises(LimitError, match=r"needs \d+ object_bytes, the limit is 1000"):
        render(plan("small"), "kubernetes-networkpolicy", Style(limits={"object_bytes": 1000}))
