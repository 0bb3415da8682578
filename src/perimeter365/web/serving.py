"""Run the service with granian.

Settings travel to the worker processes as one environment variable, since granian imports the application in each of them
by its name.
"""

import json
import os
from dataclasses import asdict, dataclass, field

from perimeter365.errors import MissingExtraError
from perimeter365.web.app import App
from perimeter365.web.service import Options, Service
from perimeter365.workspace import Workspace

SETTINGS = "_PERIMETER365_SERVE"
"""Environment variable between the main process and its workers; not for users."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """Where and how to serve."""

    host: str = "127.0.0.1"
    port: int = 8365
    workers: int = 1
    catalog: str = ""
    store: str = ""
    constraints: str = ""
    options: Options = field(default_factory=Options)


def serve(serving: Serving) -> None:
    """Serve until a signal arrives. Raises MissingExtraError."""
    try:
        from granian import Granian
        from granian.constants import Interfaces
    except ImportError as error:
        raise MissingExtraError("the service", "serve", error) from error
    os.environ[SETTINGS] = json.dumps(asdict(serving))
    Granian(
        "perimeter365.web.serving:application",
        address=serving.host,
        port=serving.port,
        workers=serving.workers,
        interface=Interfaces.ASGI,
        factory=True,
        websockets=False,
        log_access=False,
    ).serve()


def application() -> App:
    """Return the application of a worker process."""
    found = json.loads(os.environ[SETTINGS])
    workspace = Workspace(catalog=found["catalog"], store=found["store"], constraints=found["constraints"])
    return App(Service(workspace, Options(**found["options"])))
