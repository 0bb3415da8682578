"""An API server of Kubernetes that records what kubectl asks for, with network policies only.

It keeps objects by namespace, merges patches (RFC 7386, which is what a strategic merge patch does to these kinds: their
lists have no merge keys, https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/), and
selects by labels. It can refuse all writes after some number of them, as if kubectl was interrupted there.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Kind = tuple[str, str, str]
"""Group, version and resource."""
KINDS: dict[Kind, str] = {
    ("networking.k8s.io", "v1", "networkpolicies"): "NetworkPolicy",
    ("cilium.io", "v2", "ciliumnetworkpolicies"): "CiliumNetworkPolicy",
    ("", "v1", "configmaps"): "ConfigMap",
    ("", "v1", "endpoints"): "Endpoints",
    ("", "v1", "persistentvolumeclaims"): "PersistentVolumeClaim",
    ("", "v1", "pods"): "Pod",
    ("", "v1", "replicationcontrollers"): "ReplicationController",
    ("", "v1", "secrets"): "Secret",
    ("", "v1", "services"): "Service",
    ("batch", "v1", "jobs"): "Job",
    ("batch", "v1", "cronjobs"): "CronJob",
    ("networking.k8s.io", "v1", "ingresses"): "Ingress",
    ("apps", "v1", "daemonsets"): "DaemonSet",
    ("apps", "v1", "deployments"): "Deployment",
    ("apps", "v1", "replicasets"): "ReplicaSet",
    ("apps", "v1", "statefulsets"): "StatefulSet",
}
"""Our kinds, and the namespaced ones of kubectl's default list of kinds to prune."""
GLOBAL = {"namespaces": "Namespace", "persistentvolumes": "PersistentVolume"}
"""The kinds of that list without a namespace."""
ANNOTATIONS = 256 * 1024
"""Bytes of all annotations of an object (https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/)."""


class Api:
    """The objects of a cluster, and the requests that changed them."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str, str], dict[str, Any]] = {}
        """Namespace, resource and name -> object."""
        self.writes: list[tuple[str, str, str]] = []
        """Method, namespace and name of each request that changed something."""
        self.refuse_after: int | None = None
        """The number of further writes that are possible; None = all."""

    def policies(self, resource: str, namespace: str = "default") -> dict[str, dict[str, Any]]:
        """The policies of one kind in a namespace by name."""
        return {name: each for (where, kind, name), each in self.objects.items() if (where, kind) == (namespace, resource)}

    def write(self, method: str, namespace: str, resource: str, name: str, body: Any, dry: bool) -> tuple[int, Any]:
        """Change an object, and return the status and the answer."""
        key, now = (namespace, resource, name), self.objects.get((namespace, resource, name))
        if method == "POST" and now is not None:
            return 409, status(409, "AlreadyExists")
        if method != "POST" and now is None:
            return 404, status(404, "NotFound")
        made = body if method == "POST" else merged(now, body)
        if method != "DELETE" and len(json.dumps(made["metadata"].get("annotations", {}))) > ANNOTATIONS:
            return 422, status(422, "Invalid")
        if dry:
            return 200, made
        if self.refuse_after is not None:
            if self.refuse_after == 0:
                return 403, status(403, "Forbidden")
            self.refuse_after -= 1
        self.writes.append((method, namespace, name))
        if method == "DELETE":
            del self.objects[key]
            return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        made["metadata"] |= {
            "namespace": namespace,
            "uid": f"uid-{namespace}-{name}",
            "resourceVersion": str(len(self.writes)),
        }
        self.objects[key] = made
        return 201 if method == "POST" else 200, made


def status(code: int, reason: str) -> dict[str, Any]:
    """The answer to a request that failed."""
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "message": reason, "code": code}


def merged(target: Any, patch: Any) -> Any:
    """Apply a merge patch (RFC 7386)."""
    if not isinstance(patch, dict):
        return patch
    found = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), value)
    return found


@contextmanager
def api_server() -> Iterator[tuple[Api, str]]:
    """Run the server on the loopback interface, and return it with its address."""
    api = Api()

    class Handler(_Handler):
        pass

    Handler.api = api
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    api: Api

    def log_message(self, format: str, *args: Any) -> None:
        """Do not print requests."""

    def _answer(self, code: int, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self) -> None:
        """Discovery, lists and single objects."""
        parts, query = self._parts()
        path = self.path.partition("?")[0]
        if (found := _discovery(path)) is not None:
            self._answer(200, found)
        elif path.rpartition("/")[2] in GLOBAL:
            self._answer(200, {"kind": "List", "apiVersion": "v1", "metadata": {}, "items": []})
        elif parts is None:
            self._answer(404, status(404, "NotFound"))
        else:
            kind, namespace, name = parts
            if name:
                each = self.api.objects.get((namespace, kind[2], name))
                self._answer(*((200, each) if each else (404, status(404, "NotFound"))))
                return
            wanted = dict(word.split("=") for word in query.get("labelSelector", "").split(",") if word)
            items = [
                each
                for (where, resource, _), each in self.api.objects.items()
                if where == namespace
                and resource == kind[2]
                and wanted.items() <= each["metadata"].get("labels", {}).items()
            ]
            version = "/".join(word for word in kind[:2] if word)
            self._answer(200, {"kind": f"{KINDS[kind]}List", "apiVersion": version, "metadata": {}, "items": items})

    def _change(self) -> None:
        parts, query = self._parts()
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        if parts is None:
            self._answer(404, status(404, "NotFound"))
            return
        kind, namespace, name = parts
        dry = bool(query.get("dryRun")) or bool(self.command == "DELETE" and body.get("dryRun"))
        name = name or body["metadata"]["name"]
        self._answer(*self.api.write(self.command, namespace, kind[2], name, body, dry))

    do_POST = do_PATCH = do_DELETE = _change  # noqa: N815 (names of http.server)

    def _parts(self) -> tuple[tuple[Kind, str, str] | None, dict[str, str]]:
        """Return kind, namespace and name of the path, and the query."""
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        words = url.path.strip("/").split("/")
        group, rest = ("", words[1:]) if words[0] == "api" else (words[1] if len(words) > 1 else "", words[2:])
        if len(rest) in (4, 5) and rest[1] == "namespaces" and (group, rest[0], rest[3]) in KINDS:
            return ((group, rest[0], rest[3]), rest[2], rest[4] if len(rest) == 5 else ""), query
        return None, query


def _discovery(path: str) -> dict[str, Any] | None:
    """Return an answer about the server itself; None if the path is another."""
    versions = {(group, version) for group, version, _ in KINDS}
    if path == "/version":
        return {"major": "1", "minor": "32", "gitVersion": "v1.32.4"}
    if path == "/api":
        return {"kind": "APIVersions", "versions": ["v1"]}
    if path == "/apis":
        groups = [
            {
                "name": group,
                "versions": [each := {"groupVersion": f"{group}/{version}", "version": version}],
                "preferredVersion": each,
            }
            for group, version in sorted(versions)
            if group
        ]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    words = path.strip("/").split("/")
    if words[0] == "openapi":
        return _openapi(path)
    if len(words) == 4 and words[:3] == ["api", "v1", "namespaces"]:
        return {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": words[3]}}
    key = ("", words[1]) if words[0] == "api" and len(words) == 2 else (words[1], words[2]) if len(words) == 3 else None
    if key not in versions:
        return None
    verbs = ["create", "delete", "get", "list", "patch", "update"]
    resources = [
        {"name": resource, "singularName": kind.lower(), "namespaced": True, "kind": kind, "verbs": verbs}
        for (group, version, resource), kind in KINDS.items()
        if (group, version) == key
    ]
    if key == ("", "v1"):
        resources += [{**resources[0], "name": name, "namespaced": False, "kind": kind} for name, kind in GLOBAL.items()]
    return {"kind": "APIResourceList", "groupVersion": "/".join(word for word in key if word), "resources": resources}


def _openapi(path: str) -> dict[str, Any] | None:
    """Return the schema in which kubectl looks up that the server validates fields itself."""
    if path == "/openapi/v3":
        paths = {f"apis/{group}/{version}" for group, version, _ in KINDS if group}
        return {"paths": {each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in sorted(paths)}}
    if not path.startswith("/openapi/v3/apis/"):
        return None
    group, version = path.split("/")[4:6]
    parameter = {"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}
    dry = {"name": "dryRun", "in": "query", "schema": {"type": "string"}}
    operations: dict[str, Any] = {}
    for (each, its, resource), kind in KINDS.items():
        if (each, its) == (group, version):
            gvk = {"group": group, "version": version, "kind": kind}
            operation = {"x-kubernetes-group-version-kind": gvk, "parameters": [parameter, dry], "responses": {}}
            operations[f"/apis/{group}/{version}/namespaces/{{namespace}}/{resource}/{{name}}"] = {"patch": operation}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.32.4"}, "paths": operations, "components": {}}
