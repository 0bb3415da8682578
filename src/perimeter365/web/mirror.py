"""The mirror of Microsoft's web service: /version, /endpoints and /changes.

GET /endpoints/worldwide?ClientRequestId=b10c5ed1-bad1-445f-b386-b919946339a7
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from perimeter365.errors import CatalogError
from perimeter365.model.cloud import Cloud
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.web.answer import Answer
from perimeter365.web.edition import Edition
from perimeter365.web.request import RefusedError, Request
from perimeter365.wire import write

INVALID_INSTANCE = "Invalid Instance string specified or ClientRequestId not specified in the Url."
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointsQuestion:
    """A request of /endpoints/{instance}."""

    announces: ClassVar[bool] = False
    instance: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionQuestion:
    """A request of /version or /version/{instance}."""

    announces: ClassVar[bool] = True
    instance: str = ""


MirrorQuestion = EndpointsQuestion | VersionQuestion


class Mirror:
    """Answers in the language of the web service."""

    def read(self, request: Request) -> MirrorQuestion:
        """Return the question of a request. Raises RefusedError."""
        what: Literal["version", "endpoints", "changes"] = request.parts[0].lower()  # type: ignore[assignment]
        instance = request.parts[1] if len(request.parts) > 1 else ""
        if what == "version":
            return VersionQuestion(instance=instance.lower())
        if what == "endpoints" and instance:
            return EndpointsQuestion(instance=instance.lower())
        raise RefusedError(404, "There is nothing here.")

    def answer(self, question: MirrorQuestion, edition: Edition) -> Answer:
        """Answer a question. Raises RefusedError."""
        if isinstance(question, VersionQuestion) and not question.instance:
            found = {c: (edition.latest(c), ()) for c in edition.clouds if c.instance}
            return Answer(body=write.versions(found), type=JSON, modified=edition.modified(), cache=edition.cache)
        try:
            cloud = Cloud.of_instance(question.instance)
            served = edition.clouds[cloud]
        except (CatalogError, KeyError):
            raise RefusedError(400, INVALID_INSTANCE) from None
        body = (
            write.version(cloud, edition.latest(cloud))
            if isinstance(question, VersionQuestion)
            else write.endpoints(s for s in served.sets if s.id < SYNTHETIC_ID)
        )
        return Answer(body=body, type=JSON, modified=served.modified, cache=edition.cache)
