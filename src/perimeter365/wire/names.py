"""Keys and constants of the web service's JSON, in the service's order.

The types of their values are included.

    >>> list(VERSION)
    ['instance', 'latest', 'versions']
    >>> AREAS["teams"], AREA_NAMES["Skype"]
    ('Skype', 'Microsoft Teams')

`read` and `write` both use these tables, so they cannot disagree on the spelling of a key.

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

from collections.abc import Mapping
from types import MappingProxyType

from perimeter365.model.area import AREAS as OUR_AREAS
from perimeter365.model.area import Area
from perimeter365.model.requirement import Category

ENDPOINT_SET: Mapping[str, type] = MappingProxyType(
    {
        "id": int,
        "serviceArea": str,
        "serviceAreaDisplayName": str,
        "urls": list,
        "ips": list,
        "tcpPorts": str,
        "udpPorts": str,
        "expressRoute": bool,
        "category": str,
        "required": bool,
        "notes": str,
    }
)
"""An item of /endpoints/{instance}."""

VERSION: Mapping[str, type] = MappingProxyType({"instance": str, "latest": str, "versions": list})
"""The response of /version/{instance}, and an item of /version. `versions` is only present if requested (AllVersions)."""

CHANGE_RECORD: Mapping[str, type] = MappingProxyType(
    {
        "id": int,
        "endpointSetId": int,
        "disposition": str,
        "impact": str,
        "version": str,
        "previous": dict,
        "current": dict,
        "add": dict,
        "remove": dict,
    }
)
"""An item of /changes/{instance}/{version}."""

ENTRIES: Mapping[str, type] = MappingProxyType({"effectiveDate": str, "ips": list, "urls": list})
"""`add` of a change record, and `remove`, which has no `effectiveDate`."""

ATTRIBUTES = ("expressRoute", "serviceArea", "category", "required", "tcpPorts", "udpPorts", "notes")
"""Keys of `previous` and `current` of a change record. Values are strings or booleans; booleans also occur as strings."""

AREAS: Mapping[Area, str] = MappingProxyType(
    dict(zip(OUR_AREAS, ("Common", "Exchange", "SharePoint", "Skype", "MEM"), strict=True))
)
"""Service area in this package -> `serviceArea`."""

AREA_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Common": "Microsoft 365 Common and Office Online",
        "Exchange": "Exchange Online",
        "SharePoint": "SharePoint Online and OneDrive for Business",
        "Skype": "Microsoft Teams",
    }
)
"""`serviceArea` -> `serviceAreaDisplayName`, as of 2026. The name of MEM was never recorded."""

CATEGORIES: Mapping[Category, str] = MappingProxyType({"optimize": "Optimize", "allow": "Allow", "default": "Default"})
"""Category in this package -> `category`."""
