"""The life of network policies: kubectl against a recording API server, and what the policies that it has then allow."""

import os
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.life import tries
from tests.life.models.kubernetes_api import Api, api_server
from tests.targets.packets import plan
from tests.targets.pods import cilium, kubernetes, wanted

BOTH = ("kubernetes-networkpolicy", "cilium-networkpolicy")
RESOURCE = {BOTH[0]: "networkpolicies", BOTH[1]: "ciliumnetworkpolicies"}
EACH = pytest.mark.parametrize("name", BOTH)
Closed = dict[tuple[str, str], set[object]]
"""Role and direction -> what is allowed; a role that is not there is not restricted."""


class Cluster:
    """An API server with objects of its administrator, and kubectl."""

    def __init__(self, name: str, api: Api, address: str, folder: Path, *, foreign: bool = True) -> None:
        need("kubectl")
        self.name, self.api, self.folder = name, api, folder
        config = (
            f"apiVersion: v1\nkind: Config\nclusters: [{{name: a, cluster: {{server: '{address}'}}}}]\n"
            "contexts: [{name: a, context: {cluster: a, user: ''}}]\ncurrent-context: a\n"
        )
        (folder / "config").write_text(config)
        self._environment = {**os.environ, "KUBECONFIG": str(folder / "config"), "HOME": str(folder)}
        if foreign:
            self._add_foreign()
        self.foreign = dict(api.objects)
        api.writes.clear()

    def _add_foreign(self) -> None:
        ours = {"app.kubernetes.io/managed-by": "perimeter365"}
        for namespace, policy, labels in (
            ("default", "admins", {}),
            ("default", "m365-of-the-admin", {"app": "shop"}),
            ("kube-system", "admins", {"app": "shop"}),
            ("other", "m365-client-egress", ours),
        ):
            body = {"metadata": {"name": policy, "labels": labels}, "spec": {"podSelector": {}}}
            self.api.write("POST", namespace, RESOURCE[self.name], policy, body, dry=False)

    def put(self, which: Plan, **options: str) -> None:
        """Render a plan into the folder."""
        for artifact in render(which, self.name, Style(options=options, allow_empty=True)).artifacts:
            (self.folder / artifact.name).write_bytes(artifact.content)

    def run(self, lines: Iterable[str]) -> bool:
        """Carry out lines, and return whether all succeeded."""
        for line in lines:
            done = subprocess.run(
                ["bash", "-c", line], cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=60,
                check=False,
            )  # fmt: skip
            if done.returncode:
                self.error = done.stderr
                return False
        return True

    def follow(self, part: Part, **options: str) -> None:
        """Carry out a part of the manual."""
        assert self.run(targets[self.name](Style(options=options)).commands(part)), self.error

    def allowed(self, start: str = "m365-") -> Closed:
        """What our policies in the namespace allow."""
        found: Closed = {}
        for each, policy in self.api.policies(RESOURCE[self.name]).items():
            if each.startswith(start) and not each.endswith(("-dns", "-admin")):
                role, _, direction = each.removeprefix(start).rpartition("-")
                found[role, direction] = set(read(self.name, policy))
        return found

    def resolving(self) -> set[str]:
        """The roles that may ask the cluster's resolver."""
        policy = self.api.policies(RESOURCE[self.name]).get("m365-dns")
        spec = policy["spec"] if policy else {}
        selector = spec.get("podSelector") or spec.get("endpointSelector") or {"matchExpressions": [{"values": []}]}
        return set(selector["matchExpressions"][0]["values"])

    def untouched(self) -> bool:
        """Whether the objects of the administrator are as they were."""
        return {key: self.api.objects.get(key) for key in self.foreign} == self.foreign


def read(name: str, policy: dict[str, Any]) -> Iterable[object]:
    """What one policy allows; of names, the patterns."""
    if name == BOTH[0]:
        return kubernetes(policy)
    return [(*each, str(names)) for found, names in cilium(policy) for each in found]


def needed(name: str, which: Plan) -> Closed:
    """What the plan wants; of Cilium, only what is by address."""
    found: Closed = {}
    for each in wanted(which):
        found.setdefault(each[:2], set()).add(each if name == BOTH[0] else (*each, "[]"))
    return found


def agrees(cluster: Cluster, which: Plan) -> bool:
    """Whether the cluster has exactly what the plan wants."""
    by_address = {
        key: {each for each in found if cluster.name == BOTH[0] or each[-1] == "[]"}  # type: ignore[index]
        for key, found in cluster.allowed().items()
    }
    expected = needed(cluster.name, which)
    egress = {role for role, direction in cluster.allowed() if direction == "egress"}
    return (
        {key: found for key, found in by_address.items() if found} == expected
        and cluster.resolving() == egress
        and cluster.untouched()
    )


@EACH
@tries(BOTH, "install", "again", "remove")
def test_a_cluster_gets_the_plans_policies_once_and_loses_all_of_them(name: str, tmp_path: Path) -> None:
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(plan("contoso"))
        dry, install = targets[name]().commands("install")
        assert cluster.run([dry]), cluster.error
        assert api.writes == []
        assert cluster.run([install]), cluster.error
        assert agrees(cluster, plan("contoso"))
        before = dict(api.objects)
        api.writes.clear()
        cluster.follow("update")
        assert (api.writes, api.objects) == ([], before)
        cluster.put(plan("contoso"), label="app")
        cluster.follow("update")
        assert "app" in str(api.policies(RESOURCE[name])["m365-client-egress"]["spec"])
        cluster.follow("remove")
        assert api.objects == cluster.foreign


@EACH
@tries(BOTH, "grow", "shrink", "back", "unordered")
def test_an_update_removes_what_left_the_plan_and_only_that(name: str, tmp_path: Path) -> None:
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(plan("small"))
        cluster.follow("install")
        for case in ("contoso", "small", "contoso"):
            cluster.put(plan("ipv6-off"))  # rendered, but never loaded
            cluster.put(plan(case))
            cluster.follow("update")
            assert agrees(cluster, plan(case)), case


@EACH
@tries(BOTH, "empty")
def test_a_file_without_policies_has_the_commands_that_remove_all(name: str, tmp_path: Path) -> None:
    with pytest.raises(EmptyArtifactError):
        render(plan("nothing-selected"), name)
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(plan("small"))
        cluster.follow("install")
        cluster.put(plan("nothing-selected"))
        assert not cluster.run(targets[name]().commands("update"))
        assert "no objects passed to apply" in cluster.error
        for file in ("m365.yaml", "dns.yaml"):
            lines = (tmp_path / file).read_text().splitlines()
            start = next(n for n, line in enumerate(lines) if line.startswith("# Remove ("))
            commands = [line.removeprefix("#   ") for line in lines[start + 1 :]]
            assert commands == list(targets[name]().commands("remove"))
        cluster.follow("remove")
        assert api.objects == cluster.foreign


@EACH
@tries(BOTH, "interrupted")
def test_an_update_that_breaks_off_closes_nothing_that_both_plans_need(name: str, tmp_path: Path) -> None:
    old, new = plan("small"), plan("ipv6-off")
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(old)
        cluster.follow("install")
        start, first = dict(api.objects), cluster.allowed()
        api.writes.clear()
        cluster.put(new)
        cluster.follow("update")
        end, last, writes = dict(api.objects), cluster.allowed(), len(api.writes)
        assert writes > 3
        for stop in range(writes):
            api.objects, api.refuse_after = dict(start), stop
            assert not cluster.run(targets[name]().commands("update"))
            for key, now in cluster.allowed().items():
                assert first.get(key, now) & last.get(key, now) <= now
                assert now in (first.get(key), last.get(key))
            assert set(cluster.allowed()) <= {*first, *last}
            assert {key for key in first if key in last} <= set(cluster.allowed())
            api.refuse_after = None
            cluster.follow("update")
            assert _without_versions(api.objects) == _without_versions(end)


def _without_versions(objects: dict[Any, Any]) -> dict[Any, Any]:
    return {
        key: {**each, "metadata": {k: v for k, v in each["metadata"].items() if k != "resourceVersion"}}
        for key, each in objects.items()
    }


@tries(BOTH, "neighbors")
def test_two_organizations_and_both_targets_share_a_namespace(tmp_path: Path) -> None:
    with api_server() as (api, address):
        clusters = []
        for name, prefix in ((BOTH[0], ""), (BOTH[0], "fabrikam"), (BOTH[1], "")):
            (folder := tmp_path / f"{name}{prefix}").mkdir()
            clusters.append((Cluster(name, api, address, folder, foreign=False), prefix))
        for cluster, prefix in clusters:
            cluster.put(plan("contoso"), prefix=prefix)
            cluster.follow("install", prefix=prefix)
        assert len(api.objects) == 3 * len(clusters[0][0].allowed()) + 3
        for (cluster, prefix), others in zip(clusters, (clusters[1:], clusters[2:], []), strict=True):
            mine = _owned(api, cluster, prefix)
            theirs = [_owned(api, *other) for other in others]
            cluster.put(plan("small"), prefix=prefix)
            cluster.follow("update", prefix=prefix)
            assert 0 < len(_owned(api, cluster, prefix)) < len(mine)
            assert [_owned(api, *other) for other in others] == theirs
            cluster.follow("remove", prefix=prefix)
            assert _owned(api, cluster, prefix) == {}
            assert [_owned(api, *other) for other in others] == theirs


def _owned(api: Api, cluster: Cluster, prefix: str) -> dict[Any, Any]:
    owner = {"app.kubernetes.io/managed-by": f"perimeter365{prefix}"}
    return {
        key: each
        for key, each in api.objects.items()
        if key[1] == RESOURCE[cluster.name] and each["metadata"].get("labels") == owner
    }


def test_the_namespace_of_the_option_is_that_of_the_commands(tmp_path: Path) -> None:
    with api_server() as (api, address):
        cluster = Cluster(BOTH[0], api, address, tmp_path)
        cluster.put(plan("small"), namespace="office")
        cluster.follow("update", namespace="office")
        assert {key[0] for key in api.objects.keys() - cluster.foreign.keys()} == {"office"}
        cluster.follow("remove", namespace="office")
        assert api.objects == cluster.foreign


# -- known faults, and mutations -------------------------------------------------------------------------------------


@EACH
def test_the_update_of_the_earlier_manual_left_every_stale_policy(name: str, tmp_path: Path) -> None:
    (line,) = (Path(__file__).parent / "faults" / name / "update.txt").read_text().splitlines()
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(plan("contoso"))
        cluster.follow("install")
        before = set(api.objects)
        cluster.put(plan("small"))
        assert cluster.run([line]), cluster.error
        assert before <= set(api.objects)
        assert not agrees(cluster, plan("small"))


DAMAGE = {
    "update": (" --prune-allowlist=[^ ]+", " --prune -l .*", "-f dns.yaml ", "-f m365.yaml ", "^.*$"),
    "remove": ("-l .*", "^.*$"),
}


@EACH
def test_a_command_that_is_damaged_is_noticed(name: str, tmp_path: Path) -> None:
    with api_server() as (api, address):
        cluster = Cluster(name, api, address, tmp_path)
        cluster.put(plan("contoso"))
        cluster.follow("install")
        start = dict(api.objects)
        cluster.put(plan("small"))
        for part, damages in DAMAGE.items():
            for damage in damages:
                api.objects = dict(start)
                (line,) = targets[name]().commands(part)  # type: ignore[arg-type]
                changed = re.sub(damage, "", line)
                assert changed != line
                done = cluster.run([changed])
                right = agrees(cluster, plan("small")) if part == "update" else api.objects == cluster.foreign
                assert not (done and right), (part, damage)
