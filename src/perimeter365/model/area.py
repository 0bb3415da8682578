"""The service areas of Microsoft 365."""

from typing import Literal, get_args

Area = Literal["common", "exchange", "sharepoint", "teams", "intune"]
AREAS: tuple[Area, ...] = get_args(Area)
"""Service areas, by their names in profiles; `wire.names.AREAS` has the web service's names."""
