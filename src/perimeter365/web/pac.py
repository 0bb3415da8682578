"""PAC files for browsers: /pac/{profile}.pac and /wpad.dat.

    GET /pac/contoso.pac       `proxy.pac` of `perimeter365 render pac --profile contoso.toml`, byte by byte
    GET /wpad.dat              for programs that look for a proxy by themselves (WPAD)

The proxy is that of the profile, never one of the request: with `?proxy=…`, everybody could make a URL of this server that
sends a browser through a proxy of their own. So there is no file for a bare cloud.

A browser that gets no PAC file, or an empty one, connects directly. So an error has a status other than 200, which policies
can make mandatory, and every 200 has a whole file. 404 is for what never held anything: no such profile, no proxy in it, no
name that goes direct. 503 is for what cannot be sent now. A file that has lost all its names keeps its last bytes, as lists
do (`emptied`).

Which profile /wpad.dat has: the only one with the mail domain contoso.com for the host wpad.contoso.com; otherwise that of
`serve --wpad NAME`; otherwise 404. Nothing is guessed: neither the only profile nor a parent domain.

Caches may use a file that is stale while the server cannot answer (RFC 5861). Source of the content type: the draft of WPAD,
draft-ietf-wrec-wpad-01, section 4.4.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from perimeter365.errors import Perimeter365Error, ValueNeededError
from perimeter365.web.answer import Answer
from perimeter365.web.feed_view import FeedQuestion, Views
from perimeter365.web.feeds import LISTS, STATE
from perimeter365.web.profiles import NAME
from perimeter365.web.request import RefusedError, Request

if TYPE_CHECKING:
    from perimeter365.model.cloud import Cloud
    from perimeter365.plan.profile import Profile
    from perimeter365.web.edition import Edition

TYPE = "application/x-ns-proxy-autoconfig"
"""Without a charset: the file is ASCII, and some programs compare the whole value."""

WPAD = "wpad.dat"
ENDING = ".pac"
STALE = 86_400
"""Seconds for which a cache may use a file while the server cannot answer."""

# Matches "wpad.contoso.com", "WPAD.contoso.com:80" and "wpad.contoso.com."
_WPAD_HOST = re.compile(r"wpad\.([a-z0-9.-]{1,253}?)\.?(?::[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class PacQuestion:
    """A request of a PAC file."""

    announces: ClassVar[bool] = False
    profile: str = ""
    """The name of a profile; "" for /wpad.dat."""
    domain: str = ""
    """For /wpad.dat: the domain of the request's host, without `wpad.`; "" if it has another host."""


class Pac:
    """Answers with PAC files."""

    def __init__(self, views: Views | None = None, wpad: str = "") -> None:
        """Create the room.

        Args:
            views: plans and pasts that other rooms use, too.
            wpad: the profile of /wpad.dat for hosts that name none; "" for no profile.
        """
        self._views = views or Views()
        self._wpad = wpad

    def read(self, request: Request) -> PacQuestion:
        """Return the question of a request. Raises RefusedError."""
        parts = [part.lower() for part in request.parts]
        if request.value("proxy") is not None:
            raise RefusedError(400, "The proxy of a PAC file is that of the profile.")
        if parts == [WPAD]:
            host = _WPAD_HOST.fullmatch(request.host)
            return PacQuestion(domain=host[1].lower() if host else "")
        name = parts[1].removesuffix(ENDING) if len(parts) == 2 else ""
        if not (name and parts[1].endswith(ENDING) and NAME.fullmatch(name)):
            raise RefusedError(404, "The path is /pac/NAME.pac, with the name of a profile.")
        return PacQuestion(profile=name)

    def answer(self, question: PacQuestion, edition: Edition) -> Answer:
        """Answer a question from an edition.

        Raises:
            RefusedError: there is no file that may be sent.
            OutdatedError: the store has changed since the edition was loaded.
            StoreError, InputError: the store, or the file of the constraints, cannot be read.
        """
        name = self._name(question, edition)
        file = file_name(edition.named.find(name))
        try:
            view = self._views.look(FeedQuestion(target="pac", file=file, profile=name), edition, [file])
        except RefusedError as refused:
            raise RefusedError(refused.status if refused.status == 404 else 503, refused.text) from None
        gone = view.gone.get(file)
        artifact = gone.past.artifact if gone else view.files.made.get(file)
        if artifact is None:
            raise RefusedError(404, "There is no name that goes direct in this profile.")
        return Answer(
            body=artifact.content,
            type=TYPE,
            modified=view.modified(edition),
            # Host is part of the URL, but nginx, as a cache, has keys without it by default.
            vary="Accept-Encoding" if question.profile else "Accept-Encoding, Host",
            cache=f"{edition.cache}, stale-if-error={STALE}",
            extra=(
                (STATE, "emptied" if gone else "current"),
                (LISTS, gone.past.moment.lists if gone else view.files.lists_text),
            ),
        )

    def clouds(self, question: PacQuestion, edition: Edition) -> tuple[Cloud, ...]:
        """Return the clouds on whose lists an answer depends."""
        return edition.named.find(self._name(question, edition)).clouds

    def questions_of(self, name: str) -> list[PacQuestion]:
        """Return the questions that are answered ahead for a profile."""
        return [PacQuestion(profile=name)]

    def _name(self, question: PacQuestion, edition: Edition) -> str:
        """Return the name of the profile of a question. Raises RefusedError."""
        if question.profile:
            return question.profile
        found = [name for name, each in edition.profiles.items() if question.domain in each.email_domains]
        if len(found) == 1:
            return found[0]
        if not self._wpad:
            raise RefusedError(404, "There is no proxy configuration for this host.")
        return self._wpad


def file_name(profile: Profile) -> str:
    """Return the name of a profile's PAC file.

    Raises RefusedError: 404 if the profile has no proxy, 503 if its options are not valid.
    """
    from perimeter365.targets import targets
    from perimeter365.targets.settings import style_with

    try:
        maker = targets["pac"](style_with(targets["pac"], profile.targets.get("pac"), None))
        maker.option("proxy")
        return maker.own_name("proxy.pac")
    except ValueNeededError:
        raise RefusedError(404, "There is no PAC file for this profile: it has no `proxy` in [targets.pac].") from None
    except Perimeter365Error as error:
        raise RefusedError(503, f"The options of the PAC file are not valid ({error.code}).") from None
