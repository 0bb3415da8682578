"""SHA256SUMS files and bodies of states, as used for lists from a folder."""

import hashlib
from types import SimpleNamespace

from perimeter365.errors import CatalogError, UpstreamError
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import body, read_body
from perimeter365.sources.files import SUMS, FileSource
from perimeter365.wire.read import parse_endpoints
from tests.fuzz.oracle import attempt
from tests.upstream.bodies import encode, honest

WORDS = ("Worldwide/2026080200.json", "  ", " *", "./", "../", "China", '"cloud"', '"sets"', '"hosts"', '"prefixes"', "\x00")


def seeds() -> list[bytes]:
    sums = "".join(f"{hashlib.sha256(bytes([i])).hexdigest()}  Worldwide/20260802{i:02}.json\n" for i in range(4))
    sets = parse_endpoints(encode(honest()[:3]), Cloud.WORLDWIDE)
    return [sums.encode(), sums.replace("  ", " *./").encode(), body(Cloud.WORLDWIDE, sets).encode()]


class Mirror(FileSource):
    """A folder on a web server with the input as SHA256SUMS, and empty lists."""

    def __init__(self, sums: bytes) -> None:
        super().__init__("mirror")
        self._fetcher = SimpleNamespace(  # type: ignore[assignment]
            get=lambda path: SimpleNamespace(body=sums if path == f"/{SUMS}" else b"[]"), check_login=lambda: None
        )


def check(data: bytes) -> None:
    for cloud in attempt(lambda: Mirror(data).clouds, kinds=UpstreamError) or ():
        for version in Mirror(data).versions(cloud):
            assert len(version) == 10
            assert f"{cloud.instance}/{version}.json".encode() in data
        assert attempt(lambda cloud=cloud: Mirror(data).state(cloud), kinds=UpstreamError) is None  # type: ignore[misc]
    text = data.decode("utf-8", "replace")
    read = attempt(lambda: read_body(text), kinds=CatalogError)
    if read is not None:
        assert read_body(body(*read)) == read
