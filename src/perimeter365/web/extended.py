"""The mirror with the rows of the page, under /extended.

    GET /extended/endpoints/worldwide?Scenarios=mailbox-migration,row/19
    GET /p/contoso/extended/endpoints/worldwide

Everything that the mirror reads is read alike. `Scenarios` names rows; without it, the rows that every network needs come
(`row_sets.unasked_flows`). Under /p, the profile selects the rows and fills their templates; Microsoft's sets are those of
the mirror. The changes are Microsoft's: the past of the rows is not recorded.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from perimeter365.errors import CatalogError, InputError, UnknownNameError
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import is_requirement_id
from perimeter365.model.scenario import ALL, FURTHER_SCENARIOS, ROW_SCENARIOS, canonical, row_of
from perimeter365.plan.profile import Profile
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition
from perimeter365.web.mirror import TYPES, Mirror, served_cloud
from perimeter365.web.mirror_query import EndpointsQuestion, MirrorQuestion, read_question
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.row_sets import ROW_KEYS, RowSets, asked_profile, for_areas, row_sets
from perimeter365.web.row_versions import with_rows
from perimeter365.wire import csv_lists, write
from perimeter365.wire.names import AREAS

NAMES = (*ROW_SCENARIOS, *FURTHER_SCENARIOS, ALL)
"""The scenarios that have a row."""

LEFT_OUT = "perimeter365-left-out"
"""Header with the ids of the selected flows that no set can say."""

REVALIDATED = "no-cache"
"""The Cache-Control of answers of a profile, whose change is named at once: caches may keep them, and have to ask."""

MAX_LEFT_OUT = 2_000
"""Maximum length of the header."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExtendedQuestion:
    """A request of one of the resources."""

    announces: ClassVar[bool] = False
    asked: MirrorQuestion
    """The request without the rows."""
    scenarios: tuple[str, ...] | None = None
    """Canonical names, sorted; None if there is none in the request."""
    profile: str = ""
    """The name of a profile of the server; "" outside of /p."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncingQuestion(ExtendedQuestion):
    """A request whose answer names the newest version."""

    announces: ClassVar[bool] = True


class Extended:
    """Answers in the language of the web service, with the rows as sets."""

    slow: ClassVar[bool] = True

    def __init__(self, mirror: Mirror) -> None:
        self.mirror = mirror

    def read(self, request: Request) -> ExtendedQuestion:
        """Return the question of a request. Raises RefusedError."""
        profile, skipped = ("", 1) if request.parts[0].lower() == "extended" else (request.parts[1], 3)
        scenarios = scenarios_of(value for key, value in request.pairs if key.strip().lower() == "scenarios")
        if profile and scenarios:
            raise RefusedError(400, "The profile names the scenarios: the parameter Scenarios is not possible here.")
        if not request.parts[skipped:]:
            raise RefusedError(404, "There are version, endpoints and changes under this path.")
        asked = read_question(request, request.parts[skipped:])
        made = AnnouncingQuestion if asked.announces else ExtendedQuestion
        return made(asked=asked, scenarios=scenarios, profile=profile)

    def answer(self, question: ExtendedQuestion, edition: Edition) -> Answer:
        """Answer a question. Raises RefusedError or OutdatedError."""
        if question.profile:
            edition.named.find(question.profile)
        answer = self._answer(question, with_rows(edition, profile=question.profile))
        return replace(answer, cache=REVALIDATED) if question.profile else answer

    def clouds(self, question: ExtendedQuestion, edition: Edition) -> tuple[Cloud, ...]:
        """Return the clouds on whose lists an answer depends. Raises RefusedError."""
        found = self.mirror.clouds(question.asked, edition)
        profile = edition.profiles.get(question.profile)
        return tuple(cloud for cloud in found if cloud in profile.clouds) if profile else found

    def _answer(self, question: ExtendedQuestion, numbered: Edition) -> Answer:
        asked = question.asked
        if not isinstance(asked, EndpointsQuestion):
            return self.mirror.answer(asked, numbered)
        if question.profile:
            asked = _of_profile(asked, numbered.profiles[question.profile])
        answer = self.mirror.answer(replace(asked, form="JSON"), numbered)
        items = json.loads(answer.body)
        rows = _rows(question, asked, numbered, {item["id"] for item in items})
        items += rows.items
        body = csv_lists.endpoint_items(items, ROW_KEYS) if asked.form == "CSV" else write.encode(items)
        return replace(answer, body=body, type=TYPES[asked.form], extra=(*answer.extra, *_left_out(rows)))


def scenarios_of(values: Iterable[str]) -> tuple[str, ...] | None:
    """Return the canonical names in lists of scenarios, sorted; None if there is none.

    >>> scenarios_of(["Row/6, mailbox-migration", "ENTRA-CONNECT,"])
    ('entra-connect', 'mailbox-migration')

    Raises RefusedError, with the nearest name.
    """
    found = set()
    for name in (word.strip().lower() for value in values for word in value.split(",")):
        chosen = canonical(name)
        if name and chosen not in NAMES and not (is_requirement_id(chosen) and row_of(chosen)):
            raise _unknown(UnknownNameError("scenario of a row", name[:80], NAMES))
        found.add(chosen)
    return tuple(sorted(found - {""})) or None


def _of_profile(asked: EndpointsQuestion, profile: Profile) -> EndpointsQuestion:
    """Return a question with the tenant and the families of a profile."""
    return replace(asked, tenant=asked.tenant or profile.tenant, ipv6=asked.ipv6 and profile.ipv6)


def _rows(question: ExtendedQuestion, asked: EndpointsQuestion, edition: Edition, listed: set[int]) -> RowSets:
    """Return the rows of an answer.

    Args:
        question: what is asked for.
        asked: the same without the rows.
        edition: what is served.
        listed: the numbers of the endpoint sets of the answer.
    """
    catalog, cloud = edition.catalog, served_cloud(edition, asked.instance).cloud
    sets = [each for each in catalog.endpoint_sets(cloud) if each.id in listed]
    try:
        if question.profile:
            profile = replace(edition.profiles[question.profile], tenant=asked.tenant, ipv6=asked.ipv6)
        else:
            profile = asked_profile(catalog, cloud, question.scenarios, tenant=asked.tenant, ipv6=asked.ipv6)
        found = row_sets(catalog, profile, cloud, sets, today=edition.day)
    except (InputError, CatalogError) as error:
        if question.profile:
            raise RefusedError(503, "The profile does not fit the lists in force: see `perimeter365 plan`.") from error
        if isinstance(error, UnknownNameError):
            raise _unknown(error) from None
        raise RefusedError(400, f"{error.message}.") from None
    return for_areas(found, (AREAS[area] for area in asked.areas))


def _unknown(error: UnknownNameError) -> RefusedError:
    return RefusedError(400, f"{error.message}; {error.help}".rstrip("?") + ".")


def _left_out(rows: RowSets) -> tuple[tuple[str, str], ...]:
    text = ", ".join(rows.left_out)
    return ((LEFT_OUT, text[:MAX_LEFT_OUT]),) if text else ()
