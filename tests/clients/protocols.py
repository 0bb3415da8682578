"""Programs that watch for changes, and what they expect of HTTP, CSV, RSS, /changes and errors."""

import csv
import gzip
import io
import json
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from tests.clients.program import CLIENT, GUID, HOST, Web, program

ENDPOINTS, VERSION = f"/endpoints/Worldwide?{CLIENT}", f"/version/Worldwide?{CLIENT}"


@program
def watcher_of_last_modified(web: Web) -> None:
    """A program that compares Last-Modified alone."""
    for target in (ENDPOINTS, VERSION):
        first = web.ok(target).headers["last-modified"]
        assert parsedate_to_datetime(first).year >= 2018
        assert web.ok(target).headers["last-modified"] == first
        again = web.get(target, {"If-Modified-Since": first})
        assert (again.status, again.body) == (304, b"")
        assert web.get(target, {"If-Modified-Since": "Mon, 01 Jan 2018 00:00:00 GMT"}).status == 200


@program
def watcher_of_etags(web: Web) -> None:
    """A program that compares the ETag, also that of a compressed answer, and sends it back."""
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        tag = web.ok(ENDPOINTS, headers).headers["etag"]
        assert web.ok(ENDPOINTS, headers).headers["etag"] == tag
        again = web.get(ENDPOINTS, {**headers, "If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")
    assert web.get(ENDPOINTS, {"If-None-Match": '"other"'}).status == 200


@program
def watcher_with_head(web: Web) -> None:
    """A program that polls with HEAD, and fetches when a validator is another one."""
    for target in (ENDPOINTS, VERSION, f"/changes/Worldwide/0000000000?{CLIENT}"):
        head, got = web.get(target, method="HEAD"), web.ok(target)
        assert (head.status, head.body) == (200, b"")
        for name in ("etag", "last-modified", "content-length", "content-type"):
            assert head.headers[name] == got.headers[name]


@program
def device_that_cannot_decompress(web: Web) -> None:
    """A device with a socket and no more: what it does not ask for, it cannot read."""
    for target in (ENDPOINTS, VERSION):
        head, _, body = web.raw(f"GET {target} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n").partition(b"\r\n\r\n")
        assert head.split(b"\r\n")[0].split()[1] == b"200"
        assert b"content-encoding" not in head.lower()
        assert json.loads(body.decode("ascii"))


@program
def device_with_http_1_0(web: Web) -> None:
    """A device that speaks HTTP/1.0, without Host, and reads until the end of the connection."""
    head, _, body = web.raw(f"GET {ENDPOINTS} HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0].split()[1] == b"200"
    assert b"chunked" not in head.lower()
    assert json.loads(body)


@program
def library_that_asks_for_gzip(web: Web) -> None:
    """A library that asks for gzip and says so; it may get it or not, but has to be told."""
    plain = web.ok(ENDPOINTS).body
    for asked in ("gzip", "gzip, deflate, br", "identity", "gzip;q=0", "br"):
        got = web.ok(ENDPOINTS, {"Accept-Encoding": asked})
        encoding = got.headers.get("content-encoding", "")
        assert encoding in ("", *(["gzip"] if asked.startswith("gzip") and "q=0" not in asked else []))
        assert (gzip.decompress(got.body) if encoding else got.body) == plain
        assert "accept-encoding" in got.headers["vary"].lower()


@program
def old_library_that_needs_the_charset(web: Web) -> None:
    """A library that takes text without a charset as Latin-1, and fails on a byte order mark."""
    got = web.ok(ENDPOINTS)
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert got.body.startswith(b"[")
    assert got.body.isascii()


@program
def cache_between(web: Web) -> None:
    """A cache: both answers have the same lifetime, so neither outlives the other."""
    lives = {web.ok(target).headers["cache-control"] for target in (ENDPOINTS, VERSION, f"/version?{CLIENT}")}
    assert len(lives) == 1
    assert "max-age=" in lives.pop()


@program
def reader_of_all_versions(web: Web) -> None:
    """A program that wants every version, with a switch in one of its spellings."""
    for switch in ("AllVersions", "allversions=true", "AllVersions=True", "AllVersions="):
        found = web.ok(f"/version/Worldwide?{switch}&{CLIENT}").json
        assert found["versions"][0] == found["latest"]
        assert found["versions"] == sorted(set(found["versions"]), reverse=True)
    assert "versions" not in web.ok(f"/version/Worldwide?AllVersions=False&{CLIENT}").json
    assert all("versions" in each for each in web.ok(f"/version?AllVersions=true&{CLIENT}").json)


@program
def reader_of_csv(web: Web) -> None:
    """A spreadsheet, or a script with a CSV parser."""
    sets = web.ok(ENDPOINTS).json
    got = web.ok(f"{ENDPOINTS}&format=CSV")
    assert got.headers["content-type"].startswith("text/csv")
    table = csv.DictReader(io.StringIO(got.body.decode(), newline=""))
    rows = list(table)
    columns = "id,serviceArea,serviceAreaDisplayName,urls,ips,tcpPorts,udpPorts,expressRoute,category,required,notes"
    assert table.fieldnames == columns.split(",")
    for row, each in zip(rows, sets, strict=True):
        assert int(row["id"]) == each["id"]
        assert row["urls"] == ",".join(each.get("urls", ()))
        assert row["ips"] == ",".join(each.get("ips", ()))
        assert (row["tcpPorts"], row["udpPorts"]) == (each.get("tcpPorts", ""), each.get("udpPorts", ""))
        assert row["required"].lower() == str(each["required"]).lower()
    lines = web.ok(f"/version?format=csv&{CLIENT}").text.splitlines()
    assert lines[0] == "instance,latest"
    assert lines[1].split(",")[0] == "Worldwide"


@program
def follower_of_changes(web: Web) -> None:
    """A program that asks for the changes since the version it has, and writes the newest version down."""
    latest = web.ok(VERSION).json["latest"]
    for since in (latest, f"{int(latest) + 1}", "9999999999"):
        assert web.ok(f"/changes/Worldwide/{since}?{CLIENT}&ServiceAreas=Exchange").json == []
    found = web.ok(f"/changes/worldwide/0000000000/?{CLIENT}").json
    assert len({each["id"] for each in found}) == len(found)
    for each in found:
        assert "0000000000" < each["version"] <= latest
        assert each["disposition"] in ("Change", "Add", "Remove")
        assert type(each["id"]) is type(each["endpointSetId"]) is int
        added = each.get("add", {})
        assert len(added.get("effectiveDate", "20180101")) == 8
        assert all(type(text) is str for key in ("ips", "urls") for text in added.get(key, []))
    if found:
        newest = found[-1]["version"]
        single = web.ok(f"/changes/Worldwide/{newest}?singleVersion=true&{CLIENT}").json
        assert single == [each for each in found if each["version"] == newest]


@program
def reader_of_the_feed(web: Web) -> None:
    """A feed reader: it keeps items by guid, and opens their links."""
    import feedparser  # type: ignore[import-untyped]

    got = web.ok(f"/version/Worldwide?format=RSS&clientRequestId={GUID}")
    feed = feedparser.parse(got.body, response_headers=dict(got.headers))
    assert not feed.bozo
    versions = web.ok(f"{VERSION}&AllVersions").json["versions"]
    assert [entry.id for entry in feed.entries] == versions
    for entry in feed.entries[:3]:
        assert entry.title == f"{entry.id} - Worldwide"
        assert entry.description.startswith(f"Version {entry.id} includes ")
        assert entry.published_parsed
        link = urlsplit(urljoin(f"{web.url}/", entry.link))
        count = len(web.ok(f"{link.path}?{link.query}").json)
        assert f"includes {count} changes" in entry.description
    every = feedparser.parse(web.ok(f"/version?format=rss&{CLIENT}").body)
    assert len({entry.id for entry in every.entries}) == len(every.entries) >= len(versions)


@program
def program_that_reads_errors(web: Web) -> None:
    """Programs that compare status and the beginning of an error's text."""
    refused = {
        "/version/Worldwide": "Invalid Instance string specified or ClientRequestId not specified in the Url.",
        "/version?ClientRequestId=1": "Invalid Instance string specified or ClientRequestId not specified in the Url.",
        f"/version/Atlantis?{CLIENT}": "Invalid Instance string specified",
        f"/endpoints/Atlantis?{CLIENT}": "Invalid Instance string specified",
        "/endpoints/Worldwide": "Valid ClientRequestId Guid is required in the query string.",
        "/changes/Worldwide/0000000000?ClientRequestId=": "Valid ClientRequestId Guid is required in the query string.",
        f"/changes/Worldwide/abc?{CLIENT}": "",
        f"/endpoints/Worldwide?{CLIENT}&format=XML": "",
        f"/endpoints/Worldwide?{CLIENT}&ServiceAreas=Yammer": "",
    }
    for target, start in refused.items():
        got = web.get(target)
        assert got.status == 400, target
        assert got.text.startswith(start)
        assert got.headers["content-type"].startswith("text/plain")
    assert 400 <= web.get(f"/changes/worldwide(2024110100)?{CLIENT}").status < 500


@program
def program_that_posts(web: Web) -> None:
    """A program that posts gets 405, and is told what is possible."""
    got = web.get(ENDPOINTS, method="POST")
    assert got.status == 405
    assert "GET" in got.headers["allow"]
