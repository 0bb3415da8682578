"""Requests of the web service, read into questions.

>>> read_question(Request(path="/Endpoints/O365Worldwide/", query="clientrequestid={b10c5ed1-bad1-445f-b386-b919946339a7}"
...     "%20&NOIPV6&serviceareas=MEM%2cSkype&Instance="))
EndpointsQuestion(instance='worldwide', form='JSON', areas=('common', 'teams', 'intune'), ipv6=False, tenant='')

    part              read as
    path, parameters  in any case, names and values; slashes at the end and unknown parameters are ignored
    ClientRequestId   required, a GUID in any form of .NET; not part of the question: a GUID names no client
    switches          bare, empty, true, yes, on, 1: on; false, no, off, 0: off (Python's clients send `False`)
    ServiceAreas      Common always counts; absent, empty, Any and All: the four, without MEM. On /changes it has no effect
    TenantName        one label of a host name; empty is absent
    repeated          the first value counts, as in ASP.NET and in nginx; lists are joined
    instance          the names of /version; O365Worldwide is Worldwide; `germany-2021` is the closed cloud

Equal questions have equal answers, so their fields have one spelling. A value that could mean two things is refused.

Source: https://learn.microsoft.com/en-us/microsoft-365/enterprise/microsoft-365-ip-web-service
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from perimeter365.errors import InputError
from perimeter365.model.area import Area
from perimeter365.model.version import Version
from perimeter365.web.request import RefusedError, Request
from perimeter365.wire.names import AREAS

Form = Literal["JSON", "CSV", "RSS"]

# Clients compare the beginning of these texts.
INVALID_INSTANCE = "Invalid Instance string specified or ClientRequestId not specified in the Url."
NO_CLIENT = "Valid ClientRequestId Guid is required in the query string."

USUAL_AREAS: tuple[Area, ...] = ("common", "exchange", "sharepoint", "teams")
"""The service areas of a request that names none."""

MORE_INSTANCES = {"o365worldwide": "worldwide"}
"""Other names of instances that clients use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionQuestion:
    """A request of /version or /version/{instance}."""

    announces: ClassVar[bool] = True
    instance: str = ""
    """In lower case; "" for the list of all instances."""
    form: Form = "JSON"
    every: bool = False
    """Whether all versions are asked for (AllVersions)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsQuestion:
    """A request of /endpoints/{instance}."""

    announces: ClassVar[bool] = False
    instance: str
    """In lower case."""
    form: Form = "JSON"
    areas: tuple[Area, ...] = USUAL_AREAS
    """In the order of `wire.names.AREAS`, with `common`."""
    ipv6: bool = True
    tenant: str = ""
    """Fills the patterns that contain the name of a tenant; "" for none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangesQuestion:
    """A request of /changes/{instance}/{version}."""

    announces: ClassVar[bool] = True
    instance: str
    """In lower case."""
    since: Version
    form: Form = "JSON"
    only: bool = False
    """Whether only the changes of this version are asked for (singleVersion), not those after it."""


MirrorQuestion = VersionQuestion | EndpointsQuestion | ChangesQuestion

_FORMS: tuple[Form, ...] = get_args(Form)
_AREAS: dict[str, Area] = {word.lower(): area for area, word in AREAS.items()}
_ON, _OFF = ("", "true", "yes", "on", "1"), ("false", "no", "off", "0")
_INSTANCE = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# The forms of Guid.Parse. Matches "{b10c5ed1-bad1-445f-b386-b919946339a7}" and 32 digits; not "{b10c5ed1}".
_HEX = r"[0-9a-f]{8}(?:(?:-[0-9a-f]{4}){3}-|[0-9a-f]{12})[0-9a-f]{12}"
_GUID = re.compile(rf"{_HEX}|\{{{_HEX}\}}|\({_HEX}\)", re.ASCII | re.IGNORECASE)


def read_question(request: Request, parts: Sequence[str] | None = None) -> MirrorQuestion:
    """Return the question of a request.

    Args:
        request: the request.
        parts: the segments of the path that count, `("endpoints", "worldwide")`; None for all of the request.

    Raises:
        RefusedError: the request is not valid: 400, or 404 for a path that does not exist.
    """
    parts = request.parts if parts is None else parts
    match [parts[0].lower(), *parts[1:]]:
        case ["version"]:
            _check_client(request, INVALID_INSTANCE)
            return VersionQuestion(form=_form(request, *_FORMS), every=_switch(request, "AllVersions"))
        case ["version", name]:
            _check_client(request, INVALID_INSTANCE)
            return VersionQuestion(
                instance=_instance(name), form=_form(request, *_FORMS), every=_switch(request, "AllVersions")
            )
        case ["endpoints", name]:
            _check_client(request, NO_CLIENT)
            return EndpointsQuestion(
                instance=_instance(name),
                form=_form(request, "JSON", "CSV"),
                areas=_areas(request),
                ipv6=not _switch(request, "NoIPv6"),
                tenant=_tenant(request),
            )
        case ["changes", name, version]:
            _check_client(request, NO_CLIENT)
            return ChangesQuestion(
                instance=_instance(name),
                since=_version(version),
                form=_form(request, "JSON", "CSV"),
                only=_switch(request, "singleVersion"),
            )
    raise RefusedError(
        404, "There are /version, /version/{instance}, /endpoints/{instance} and /changes/{instance}/{version}."
    )


def unknown_instance() -> RefusedError:
    """Return the refusal of an instance that does not exist."""
    return RefusedError(400, f"{INVALID_INSTANCE} /version names the instances.")


def _values(request: Request, name: str) -> list[str]:
    return [value.strip() for key, value in request.pairs if key.strip().lower() == name.lower()]


def _first(request: Request, name: str) -> str | None:
    return next(iter(_values(request, name)), None)


def _check_client(request: Request, text: str) -> None:
    if not _GUID.fullmatch(_first(request, "ClientRequestId") or ""):
        raise RefusedError(400, f"{text} Add ClientRequestId=GUID, with a GUID of your own that stays the same.")


def _instance(name: str) -> str:
    name = name.strip().lower()
    if not _INSTANCE.fullmatch(name):
        raise unknown_instance()
    return MORE_INSTANCES.get(name, name)


def _version(text: str) -> Version:
    try:
        return Version(text.strip())
    except InputError:
        raise RefusedError(400, "The version has to have ten digits (YYYYMMDDNN); 0000000000 stands before all.") from None


def _form(request: Request, *allowed: Form) -> Form:
    word = (_first(request, "format") or "JSON").upper()
    if found := next((form for form in allowed if form == word), None):
        return found
    raise RefusedError(400, f"The parameter format has to be one of {', '.join(allowed)} here.")


def _switch(request: Request, name: str) -> bool:
    word = _first(request, name)
    if word is None or word.lower() in _OFF:
        return False
    if word.lower() in _ON:
        return True
    raise RefusedError(400, f"The parameter {name} has to be true or false.")


def _areas(request: Request) -> tuple[Area, ...]:
    words = {word.strip().lower() for value in _values(request, "ServiceAreas") for word in value.split(",")} - {""}
    if unknown := words - {*_AREAS, "any", "all"}:
        del unknown  # not repeated in the answer: it is the client's text
        raise RefusedError(400, f"The parameter ServiceAreas has to list some of {', '.join(AREAS.values())}.")
    chosen = {_AREAS[word] for word in words if word in _AREAS}
    if not chosen or words & {"any", "all"}:
        chosen |= set(USUAL_AREAS)
    return tuple(area for area in AREAS if area in chosen or area == "common")


def _tenant(request: Request) -> str:
    name = (_first(request, "TenantName") or "").lower()
    if name and not _LABEL.fullmatch(name):
        raise RefusedError(400, "The parameter TenantName has to be the name of a tenant: letters, digits and hyphens.")
    return name
