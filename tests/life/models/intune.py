"""Intune: Microsoft Graph with device configurations, and a device with the policy service provider.

    tenant = Tenant()
    tenant.follow(target.commands("install"), files)
    tenant.zones()        the list of zones of a device to which all configurations are assigned

`az rest` sends a request (learn.microsoft.com/cli/azure/reference-index#az-rest). POST makes a configuration with a new id,
PATCH replaces the properties that it has, DELETE removes it (learn.microsoft.com/graph/api, "windows10CustomConfiguration").
Two configurations with one OMA-URI for a device are a conflict, and neither is applied. The value of the setting is XML:
`<enabled/>` with pairs of name and zone, separated by U+F000, or `<disabled/>`
(learn.microsoft.com/windows/client-management/mdm/policy-csp-internetexplorer#allowsitetozoneassignmentlist).
"""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

URL = "https://graph.microsoft.com/v1.0/deviceManagement/deviceConfigurations"
LIST = "/Vendor/MSFT/Policy/Config/InternetExplorer/AllowSiteToZoneAssignmentList"


class GraphError(Exception):
    """A request that Graph refuses, or a setting that a device cannot apply."""


@dataclass
class Tenant:
    """The configurations of a tenant by id."""

    configurations: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: int = 0

    def follow(self, lines: Iterable[str], files: Mapping[str, bytes], id: str = "") -> None:
        """Carry out the lines of a manual, with the id for its placeholder; those for a person are skipped."""
        for line in lines:
            if line.startswith("# "):
                continue
            words = shlex.split(line)
            if words[:2] != ["az", "rest"]:
                raise GraphError(f"unknown command: {line}")
            given = dict(zip(words[2::2], words[3::2], strict=True))
            if unknown := given.keys() - {"--method", "--url", "--body"}:
                raise GraphError(f"unknown arguments: {unknown}")
            body = given.get("--body", "")
            if body and (not body.startswith("@") or body[1:] not in files):
                raise GraphError(f"there is no file {body}")
            self._request(given["--method"], given["--url"].replace("ID", id), files[body[1:]] if body else b"")

    def _request(self, method: str, url: str, body: bytes) -> None:
        path = url.removeprefix(URL).strip("/")
        if not url.startswith(URL) or (path not in self.configurations and not (method == "post" and not path)):
            raise GraphError(f"404: {url}")
        if method == "delete":
            del self.configurations[path]
            return
        value = json.loads(body)
        if value.get("@odata.type") != "#microsoft.graph.windows10CustomConfiguration" or not value.get("displayName"):
            raise GraphError("400: the type or the name is missing")
        if method == "post":
            self.made += 1
            path = f"id-{self.made}"
        elif method != "patch":
            raise GraphError(f"405: {method}")
        self.configurations[path] = {**self.configurations.get(path, {}), **value}

    def zones(self, scope: str = "User") -> dict[str, str] | None:
        """Return the list that a device has; None if nothing is said about it. Raises GraphError."""
        settings = [s for c in self.configurations.values() for s in c["omaSettings"] if s["omaUri"] == f"./{scope}{LIST}"]
        if len(settings) > 1:
            raise GraphError("conflict: two configurations set the list")
        if not settings:
            return None
        root = ElementTree.fromstring(f"<x>{settings[0]['value']}</x>")
        if root.find("disabled") is not None:
            return {}
        data = root.find("data")
        if root.find("enabled") is None or data is None or data.get("id") != "IZ_ZonemapPrompt":
            raise GraphError("the value is not that of the list")
        words = data.get("value", "").split("\uf000")
        return dict(zip(words[::2], words[1::2], strict=True))
