"""Write the service as static files: `perimeter365 publish DIR`.

    report = publish(workspace, Path("/srv/m365"), Publication(max_age=300))
    report.generation, report.written, report.next_run

The bytes are the answers of the rooms of the service to the requests of `paths`, made from one edition. They are written as
one generation (`generations`) with compressed forms, checksums and a manifest. Data comes first: a new version is announced
by a later run, when caches can no longer have the list before it (`phases`). A run does what is due, so the same command in
a timer is enough. If nothing is due, nothing is written.
"""

import gzip
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from perimeter365.atomic import replace
from perimeter365.errors import OutputError
from perimeter365.intake import read_optional
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import printable
from perimeter365.model.version import Version
from perimeter365.web.answer import SMALL, Answer
from perimeter365.web.app import App
from perimeter365.web.edition import Edition, OutdatedError, load_edition
from perimeter365.web.generations import (
    Content,
    Generations,
    Progress,
    Removal,
    next_files,
    open_generations,
    peek_generations,
)
from perimeter365.web.nginx import configurations
from perimeter365.web.paths import published_paths
from perimeter365.web.phases import advance, next_announcement, sealed
from perimeter365.web.profiles import Profiles
from perimeter365.web.published import Manifest, PublishedFile
from perimeter365.web.request import RefusedError, Request
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace

BROTLI = 9
"""The quality of Brotli: 11 takes a hundred times as long for 8 % fewer bytes."""

MAX_FILE = 20_000_000
"""The maximum size of a published file in bytes. Larger objects need special settings of many delivery networks."""


MOST_SAID = 20
"""The number of profiles that an error names."""


FORBIDDEN = 422
"""The status of lists that a limit of a device, or a bound of the operator, does not allow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """What to publish."""

    profiles: str = ""
    """The folder of the profiles whose feeds and PAC files are published; "" for none."""
    max_age: int = 300
    """How long caches may keep an answer, in seconds."""
    keep: int = 3
    """The number of generations that are kept, with the current one."""
    dry_run: bool = False
    """Write nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishReport:
    """What a run did, or would do."""

    generation: str
    """The current generation; "" before the first one."""
    written: bool
    """Whether this run made it."""
    files: tuple[PublishedFile, ...]
    """Without their compressed forms."""
    changed: tuple[str, ...]
    """Paths that are new or have other bytes than in the generation before."""
    removed: tuple[str, ...]
    """Paths that are not published any more."""
    announced: Mapping[str, Version]
    """Cloud -> the version that /version names."""
    pending: Mapping[str, Version]
    """Cloud -> the newest version that is not announced yet."""
    next_run: datetime | None
    """When a pending version may be announced."""
    configurations: tuple[str, ...] = ()
    """The configurations of nginx that changed."""
    problems: tuple[str, ...] = ()
    """What is wrong with profiles, which are left out."""
    tidied: Removal = field(default_factory=Removal)

    def to_dict(self) -> dict[str, Any]:
        """Return JSON data."""
        return {
            "generation": self.generation,
            "written": self.written,
            "files": len(self.files),
            "bytes": sum(each.size for each in self.files),
            "changed": list(self.changed),
            "removed": list(self.removed),
            "announced": dict(self.announced),
            "pending": dict(self.pending),
            "next_run": self.next_run.isoformat() if self.next_run else None,
            "configurations": list(self.configurations),
            "problems": list(self.problems),
            "generations_removed": list(self.tidied.generations),
            "generations_kept": list(self.tidied.kept),
        }


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def publish(
    workspace: Workspace,
    folder: Path,
    publication: Publication,
    *,
    clock: Clock | None = None,
    progress: Progress = lambda *_: None,
) -> PublishReport:
    """Bring a folder up to date.

    Args:
        workspace: catalog, store and constraints.
        folder: the publication; created if it does not exist.
        publication: what to publish.
        clock: returns the time in UTC; None for that of this machine.
        progress: called before each file is written.

    Raises:
        CatalogError, StoreError: the lists cannot be read.
        OutputError: the folder is not a publication or cannot be written, another run is publishing there, a list is older
            than the published one, a published profile is not valid any more, or a file would be too large. The current
            generation is unchanged.
    """
    clock = clock or utc_now
    try:
        if publication.dry_run:
            return _run(workspace, peek_generations(folder), folder, publication, clock, progress)
        with open_generations(folder) as generations:
            return _run(workspace, generations, folder, publication, clock, progress)
    except OSError as error:
        place = error.filename if isinstance(error.filename, str) else folder
        raise OutputError(
            f"{place}: {error.strerror or error}; the current generation is unchanged",
            help="try again, or choose another folder",
        ) from error


def _run(
    workspace: Workspace,
    generations: Generations | None,
    folder: Path,
    publication: Publication,
    clock: Clock,
    progress: Progress,
) -> PublishReport:
    last = generations.current if generations else None
    now = clock()
    app = App(Service(workspace, Options(profiles=publication.profiles, max_age=publication.max_age)))
    edition, contents, forbidden = _answers(workspace, app, last, publication, now)
    files = next_files(contents, last)
    clouds = advance(last, edition, now)
    until = last.cached_until if last else now
    manifest = Manifest(
        generation=last.generation if last else "000000-00000000",
        published=None,
        max_age=publication.max_age,
        cached_until=until,
        clouds=clouds,
        files=files,
    )
    before = {each.path: each.sha256 for each in last.files} if last else {}
    changed = tuple(each.path for each in files if before.get(each.path) != each.sha256)
    removed = tuple(sorted(before.keys() - contents.keys()))
    wanted = configurations(folder.absolute(), edition, app.rooms)
    stale = {n: body for n, body in wanted.items() if read_optional(folder / n, most=10**7, kind=OutputError) != body}
    written = last is None or _differs(manifest, last)
    tidied = Removal()
    if generations and not publication.dry_run:
        generations.clean()
        if written:
            manifest = generations.add(
                manifest, contents, compressor(), seal=lambda made: sealed(made, last, clock()), progress=progress
            )
        for name, body in stale.items():
            replace(folder / name, body, public=True)
        tidied = generations.tidy(publication.keep, clock())
    return PublishReport(
        generation="" if publication.dry_run and not last else manifest.generation,
        written=written,
        files=manifest.files,
        changed=changed,
        removed=removed,
        announced={name: cloud.announced for name, cloud in manifest.clouds.items()},
        pending={name: cloud.pending[-1][0] for name, cloud in manifest.clouds.items() if cloud.pending},
        next_run=next_announcement(manifest.clouds),
        configurations=tuple(sorted(stale)),
        problems=(*_problems(edition.named), *(f"{path} is not published: {text}" for path, text in forbidden.items())),
        tidied=tidied,
    )


def _answers(
    workspace: Workspace, app: App, last: Manifest | None, publication: Publication, now: datetime
) -> tuple[Edition, Mapping[str, Content], Mapping[str, str]]:
    """Return the edition as it is announced now, its answers, and what is forbidden."""
    for _ in range(3):
        try:
            edition = load_edition(workspace, folder=publication.profiles, day=now.date(), max_age=publication.max_age)
            _check_profiles(edition, last)
            announced = {Cloud.named(name): each.announced for name, each in advance(last, edition, now).items()}
            edition = edition.announcing(announced)
            forbidden: dict[str, str] = {}
            return edition, answers(edition, app, forbidden), forbidden
        except OutdatedError:
            continue
    raise OutputError("the store changes all the time", help="try again")


def _check_profiles(edition: Edition, last: Manifest | None) -> None:
    """Raise OutputError if a run would remove the files of a profile by mistake.

    Devices get 404 for what is not published, and browsers without a PAC file connect directly.
    """
    named = edition.named
    published = _profiles_of(last)
    lost = [each for name, each in named.named.items() if name in published and not each.profile]
    if named.unread or lost:
        detail = named.detail if named.unread else "; ".join(printable(each.detail) for each in lost[:MOST_SAID])
        raise OutputError(
            f"the profiles cannot be published: {detail}; the current generation is unchanged",
            help="repair them; what was published for a profile is removed when its file is",
        )
    if edition.folder and published and not named.named:
        raise OutputError(
            f"{edition.folder}: it has no profiles any more; the current generation is unchanged",
            help="publish without --profiles removes what was published for profiles",
        )


def _problems(named: Profiles) -> Iterator[str]:
    if named.problem:
        yield f"profiles: {named.detail or named.problem}"
    for name, each in named.named.items():
        if each.detail:
            yield f"profile {name}: {printable(each.detail)}; it is left out"


def _profiles_of(last: Manifest | None) -> set[str]:
    """Return the names of the profiles that have files in a generation."""
    parts = [each.path.split("/") for each in last.files] if last else []
    return {part[1].removesuffix(".pac") if part[0] == "pac" else part[1] for part in parts if part[0] in ("p", "pac")}


def answers(edition: Edition, app: App, forbidden: dict[str, str] | None = None) -> Mapping[str, Content]:
    """Return the files of an edition: path -> content.

    Requests that the service refuses have no file.

    Args:
        edition: what is published.
        app: the rooms that answer.
        forbidden: receives the requests that a limit of a device or a bound of the operator forbids: path -> reason.

    Raises:
        OutputError: a file would be too large, or something cannot be answered at the moment.
        OutdatedError: the store has changed since the edition was loaded.
    """

    @cache
    def ask(path: str, query: str) -> Answer | None:
        return _answer(app, edition, Request(path=path, query=query), {} if forbidden is None else forbidden)

    made: dict[str, Content] = {}
    for each in published_paths(edition, app.rooms, ask):
        answer = ask(each.path, each.query)
        if answer is None or (each.fallback in made and made[each.fallback].body == answer.body):
            continue
        if len(answer.body) > MAX_FILE:
            raise OutputError(
                f"{each.url}: {len(answer.body)} bytes, more than {MAX_FILE}", help="select less in the profile"
            )
        modified = int((answer.modified or edition.modified()).timestamp())
        made[each.file] = Content(url=each.url, type=answer.type, body=answer.body, modified=modified)
    return made


def _answer(app: App, edition: Edition, request: Request, forbidden: dict[str, str]) -> Answer | None:
    """Return an answer with status 200; None if the service refuses the request."""
    first, *rest = [part.lower() for part in request.parts]
    rooms = app.profile_rooms if first == "p" else app.rooms
    room = (rooms.get(rest[1] if len(rest) > 1 else "") or rooms[""]) if first == "p" else rooms[first]
    try:
        answer = room.answer(room.read(request), edition)
    except RefusedError as refused:
        if refused.status >= 500:
            raise OutputError(f"{request.path}: {refused.text}", help="try again") from None
        if refused.status == FORBIDDEN:
            forbidden[request.path] = refused.text
        return None
    if answer.status == FORBIDDEN:
        forbidden[request.path] = "a limit of the device, or a bound of the operator, does not allow its lists"
    return answer if answer.status == 200 else None


def compressor() -> Callable[[bytes], Mapping[str, bytes]]:
    """Return the function that compresses a body.

    Without the library of the extra `serve`, it makes no `.br`.
    """
    forms: dict[str, Callable[[bytes], bytes]] = {".gz": partial(gzip.compress, compresslevel=9, mtime=0)}
    if brotli := _brotli():
        forms[".br"] = brotli

    def compress(body: bytes) -> Mapping[str, bytes]:
        made = {end: form(body) for end, form in forms.items()} if len(body) >= SMALL else {}
        return {end: each for end, each in made.items() if len(each) < len(body)}

    return compress


def has_brotli() -> bool:
    """Return whether `.br` files can be made."""
    return _brotli() is not None


def _brotli() -> Callable[[bytes], bytes] | None:
    try:
        import brotli  # type: ignore[import-untyped]
    except ImportError:
        return None
    # A window that is not larger than the body: to prepare a large one takes ten times as long as to compress a list.
    return lambda body: bytes(brotli.compress(body, quality=BROTLI, lgwin=min(max(len(body).bit_length(), 16), 24)))


def _differs(new: Manifest, last: Manifest) -> bool:
    def state(each: Manifest) -> object:
        return each.max_age, dict(each.clouds), [(f.path, f.url, f.type, f.sha256) for f in each.files]

    return state(new) != state(last)
