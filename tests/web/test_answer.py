"""Validators and content codings (RFC 9110)."""

import gzip
from datetime import UTC, datetime

import pytest

from perimeter365.web.answer import Answer, Conditions, accepts_gzip, error_answer

AT = datetime(2026, 11, 2, 10, 30, 15, tzinfo=UTC)
TEXT = b"198.51.100.0/24\n" * 100
ANSWER = Answer(body=TEXT, type="text/plain", modified=AT, cache="public, max-age=300")


def headers(answer: Answer, asked: Conditions) -> dict[str, str]:
    return dict(answer.reply(asked)[1])


def test_the_body_is_sent_as_it_is_unless_gzip_is_asked_for() -> None:
    status, _, body = ANSWER.reply(Conditions())
    assert (status, body) == (200, TEXT)
    status, sent, body = ANSWER.reply(Conditions(gzip=True))
    assert (status, gzip.decompress(body)) == (200, TEXT)
    assert dict(sent)["content-encoding"] == "gzip"
    assert dict(sent)["content-length"] == str(len(body))


def test_the_forms_have_different_tags_and_each_is_known() -> None:
    plain, zipped = headers(ANSWER, Conditions()), headers(ANSWER, Conditions(gzip=True))
    assert plain["etag"] != zipped["etag"]
    assert plain["vary"] == zipped["vary"] == "Accept-Encoding"
    for tag in (plain["etag"], zipped["etag"], "W/" + plain["etag"], f'"x", {plain["etag"]}', "*"):
        for form in (False, True):
            status, sent, body = ANSWER.reply(Conditions(match=tag, gzip=form))
            assert (status, body) == (304, b"")
            assert dict(sent)["cache-control"] == "public, max-age=300"
            assert "content-length" not in dict(sent)


@pytest.mark.parametrize("tag", ['"x"', "x", "", "*x", '"' + "a" * 32 + '"'])
def test_another_tag_gets_the_body(tag: str) -> None:
    assert ANSWER.reply(Conditions(match=tag))[0] == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 02 Nov 2026 10:30:15 GMT", 304),
        ("Mon, 02 Nov 2026 10:30:14 GMT", 200),
        ("Tue, 03 Nov 2026 00:00:00 GMT", 304),
        ("yesterday", 200),
        ("Mon, 02 Nov 99999 10:30:15 GMT", 200),
        ("\x00", 200),
    ],
)
def test_a_time_is_compared_in_seconds_and_anything_else_is_ignored(since: str, status: int) -> None:
    assert ANSWER.reply(Conditions(since=since))[0] == status


def test_a_tag_takes_precedence_over_a_time() -> None:
    assert ANSWER.reply(Conditions(match='"other"', since="Tue, 03 Nov 2026 00:00:00 GMT"))[0] == 200


def test_head_has_the_headers_of_get_and_no_body() -> None:
    for form in (False, True):
        got, head = ANSWER.reply(Conditions(gzip=form)), ANSWER.reply(Conditions(gzip=form, head=True))
        assert head == (got[0], got[1], b"")


def test_small_bodies_and_those_that_do_not_shrink_are_never_compressed() -> None:
    for body in (b"", b"a" * 100, bytes(range(256)) * 2):
        answer = Answer(body=body, type="text/plain")
        if len(gzip.compress(body, 9)) >= len(body) or len(body) < 256:
            assert "content-encoding" not in headers(answer, Conditions(gzip=True))


def test_an_error_has_no_validators_and_is_not_kept() -> None:
    sent = headers(error_answer(404, "nothing"), Conditions())
    assert (sent["cache-control"], "etag" in sent, "last-modified" in sent) == ("no-store", False, False)
    assert error_answer(404, "nothing").reply(Conditions(match="*"))[0] == 404


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip", True),
        ("gzip;q=0.5, br", True),
        ("deflate , gzip ; q=1", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("x-gzip", False),
        ("identity", False),
        ("", False),
        ("*", False),
        ("gzipped", False),
    ],
)
def test_gzip_is_used_only_if_it_is_named(value: str, accepted: bool) -> None:
    assert accepts_gzip(value) is accepted
