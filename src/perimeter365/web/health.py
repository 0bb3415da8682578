"""Whether the service is alive, and what it serves: /healthz and /readyz.

    /healthz    200 while the process answers
    /readyz     200 if requests are answered, else 503, with a document:

        status      ok
                    stale        a cloud that is followed was not read for too long
                    degraded     something has to be repaired; the last lists are served
                    not ready    nothing can be served; with `--on-stale 503`, also if a cloud is stale
        problems    texts for people, without paths and values
        clouds      by cloud: the version that is served, the version that is announced, and the age of the list in days
        emptied     lists that have lost all entries and wait for a person, of those that this process was asked for
                    (`perimeter365 held feeds`); /p/*/… for those of a profile, since the names of profiles are not public

The document is for monitoring, and is not kept by caches.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from perimeter365.web.answer import PRIVATE, TEXT, Answer
from perimeter365.web.service import Service

ALIVE = Answer(body=b"ok\n", type=TEXT)
"""The answer to /healthz."""


def readiness(service: Service, certificate: str = "", emptied: Mapping[str, str] | None = None) -> Answer:
    """Return the answer to /readyz.

    Args:
        service: the service.
        certificate: what is wrong with the certificate; "" for nothing.
        emptied: the emptied lists that were asked for: path and query -> the lists that had their last entries.
    """
    edition, stale = service.edition, service.stale
    wrong = edition.named.problems if edition else []
    broken = [text for text in (service.problem, service.announcer.problem, certificate, *wrong) if text]
    problems = [*broken]
    problems += [f"stale: {age.cloud}, {age.words}" for age in service.ages if age.cloud in stale]
    ready = edition is not None and not (stale and service.options.on_stale == "503")
    status = "not ready" if not ready else "degraded" if broken else "stale" if stale else "ok"
    found: dict[str, Any] = {"status": status, "problems": problems, "clouds": {}, "emptied": _public(emptied or {})}
    if edition is None and not problems:
        problems.append("no lists have been loaded yet")
    named = service.named.clouds if service.named else {}
    ages = {age.cloud: age for age in service.ages}
    for cloud, served in edition.clouds.items() if edition else ():
        age = ages.get(cloud)
        found["clouds"][str(cloud)] = {
            "version": str(served.number),
            "announced": str(named[cloud].number) if cloud in named else "",
            "followed": age is not None and age.followed,
            "age_days": age.days if age else None,
            "stale": cloud in stale,
        }
    if service.options.instance:
        found["instance"] = service.options.instance
    body = json.dumps(found, indent=2).encode() + b"\n"
    return Answer(body=body, type="application/json", status=200 if ready else 503, cache=PRIVATE)


def _public(emptied: Mapping[str, str]) -> dict[str, str]:
    """Return the emptied lists without the names of profiles."""
    return {re.sub(r"^/p/[^/]*/", "/p/*/", path): lists for path, lists in emptied.items()}
