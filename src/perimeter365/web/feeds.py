"""Lists that devices poll: /feeds and /p.

/feeds/{target}/{file} and /p/{profile}/{target}/{file}.

    GET /feeds/paloalto-edl/worldwide-m365-outbound-optimize-ip.txt?cloud=worldwide
    GET /feeds/text?cloud=dod&areas=exchange&categories=optimize     the only list, or the manifest of the lists
    GET /p/contoso/fortigate-feed/manifest.json                      of the profile contoso.toml
    GET /feeds/text/worldwide-teams-outbound-optimize-ip.txt.sha256  as `sha256sum` writes it
    GET /feeds/                                                      the manifest of all targets

A firewall keeps its list while it gets an error, and takes whatever comes with 200. So everything that is not a whole list
with entries is an error: 400 for a parameter or value, 404 for a name that never held anything, 409 for the address of a
target whose only list has become several, 422 for what the profile, a limit of the device or the operator's constraints do
not allow, 503 while the store cannot be read. Never 401 or 403, at which some firewalls stop enforcing a list. Lists that
have lost all entries: `emptied`.

Last-Modified is the newest of: the times at which the lists came into force, the start of the day (the entries can differ
from those of yesterday), the last change of the profile and the constraints, and an admission. It is late rather than early.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from perimeter365.web.answer import TEXT, Answer
from perimeter365.web.feed_files import check_target, content_type
from perimeter365.web.feed_manifest import MANIFEST, all_targets, one_target
from perimeter365.web.feed_view import FeedQuestion, Views
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.selection import NARROWING, PARAMETERS, read_selection, said, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perimeter365.model.cloud import Cloud
    from perimeter365.web.edition import Edition

SUM = ".sha256"
STATE = "perimeter365-state"
LISTS = "perimeter365-lists"


class Feeds:
    """Answers with lists, their checksums and their manifests."""

    slow: ClassVar[bool] = True

    def __init__(self, views: Views | None = None) -> None:
        """Create the room; `views` has plans and pasts that other rooms use, too."""
        self._views = views or Views()

    def read(self, request: Request) -> FeedQuestion:
        """Return the question of a request. Raises RefusedError."""
        first, *rest = request.parts
        profile = ""
        if first.lower() == "p":
            profile, rest = (rest[0], rest[1:]) if rest else ("", [])
            if not profile:
                raise RefusedError(404, "The path is /p/NAME/TARGET.")
        selection = read_selection(request.pairs, NARROWING if profile else PARAMETERS)
        words = [word.lower() for word in rest]
        if not words or words == [MANIFEST]:
            return FeedQuestion(profile=profile, selection=selection)
        target, file = words[0], "/".join(words[1:])
        check_target(target, own=bool(profile))
        summed = file.endswith(SUM)
        return FeedQuestion(target=target, file=file.removesuffix(SUM), profile=profile, selection=selection, sum=summed)

    def answer(self, question: FeedQuestion, edition: Edition) -> Answer:
        """Answer a question from an edition.

        Raises:
            RefusedError: there is no list that may be sent.
            OutdatedError: the store has changed since the edition was loaded.
            StoreError, InputError: the store, or the file of the constraints, cannot be read.
        """
        question.selection.check_day(edition.day)
        if not question.target:
            return all_targets(self._views, question, edition)
        if question.file == MANIFEST:
            return one_target(self._views, question, edition)
        name = question.file
        view = self._views.look(question, edition, [name] if name else None)
        if not name:
            if len(view.lists) != 1:
                if view.single:
                    text = f"It has {len(view.lists)} lists now; point the device at one of them: {', '.join(view.lists)}."
                    raise RefusedError(409, text)
                if not view.lists:
                    raise RefusedError(404, said(view.files.empty))
                return one_target(self._views, question, edition)
            name = view.lists[0]
        if name not in view.gone and name not in view.files.made:
            why = said(view.files.empty) if view.files.empty else unknown("list", name, view.files.made, "here")
            raise RefusedError(404, why)
        artifact, state = view.artifact(name), view.state(name)
        if artifact is None:
            raise RefusedError(410, f"{name} is empty, as a person has admitted.")
        lists = view.gone[name].past.moment.lists if state == "emptied" else view.files.lists_text
        body = artifact.content
        if question.sum:
            body = f"{sha256(body).hexdigest()}  {name.rpartition('/')[2]}\n".encode()
        return Answer(
            body=body,
            type=TEXT if question.sum else content_type(name),
            modified=view.modified(edition),
            cache=edition.cache,
            extra=((STATE, state), (LISTS, lists)),
        )

    def clouds(self, question: FeedQuestion, edition: Edition) -> tuple[Cloud, ...]:
        """Return the clouds on whose lists an answer depends."""
        if question.profile:
            own = edition.profiles.get(question.profile)
            return own.clouds if own else ()
        return tuple(cloud for cloud in edition.clouds if str(cloud) in question.selection.clouds)

    def emptied(self, edition: Edition) -> Mapping[str, str]:
        """Return the emptied lists that were asked for.

        Path and query -> the lists that had their last entries.
        """
        return self._views.emptied(edition)
