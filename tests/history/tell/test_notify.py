"""Notifications: at least once to each target, oldest first, independent of other targets, and without secrets."""

import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from perimeter365.errors import InputError
from perimeter365.history.sync import sync
from perimeter365.history.tell import notify
from perimeter365.history.tell.notify import Delivery, deliver, discard, message, notification_targets, send_test
from perimeter365.model.cloud import Cloud
from perimeter365.model.finding import Reason
from perimeter365.model.held_entry import HeldEntry
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history.lists import base
from tests.history.upstream import MemoryUpstream

# Apprise imports a module that Python 3.13 removed.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MAIL, HOOK = "mailto://user:hunter2@mail.example.com", "json://127.0.0.1:9/x"


class Hook(ThreadingHTTPServer):
    """A webhook on loopback that records requests and answers with a configurable status."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[dict[str, str]] = []
        self.status = 200
        self.before: Callable[[], object] = lambda: None
        """Called after the request and before the response."""

    @property
    def url(self) -> str:
        return f"json://user:hunter2@127.0.0.1:{self.server_address[1]}/tok3n"


class _Handler(BaseHTTPRequestHandler):
    server: Hook
    timeout = 20

    def do_POST(self) -> None:
        self.server.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.before()
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Hook()
    with serving(server):
        yield server


class Mail(socketserver.ThreadingTCPServer):
    """The part of RFC 5321 that is needed to receive a mail."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.got: list[EmailMessage] = []


class _Session(socketserver.StreamRequestHandler):
    server: Mail
    timeout = 20

    def handle(self) -> None:
        self.say("220 mail.example.com")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                body = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    body += part.removeprefix(b".") if part.startswith(b"..") else part
                self.server.got.append(message_from_bytes(body, policy=default))
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            self.say("250 yes")

    def say(self, text: str) -> None:
        self.wfile.write(text.encode("ascii") + b"\r\n")


def fill(store: Store, *numbers: int) -> None:
    for number in numbers:
        store.add_notification("healed", {"cloud": "worldwide", "version": f"203006010{number}", "held": number})


def test_each_target_is_delivered_by_itself(store: Store) -> None:
    fill(store, 1, 2)
    sent: list[tuple[str, str]] = []

    def hook_is_down(url: str, title: str, body: str) -> bool:
        sent.append((url.partition(":")[0], title.partition("version ")[2][:10]))
        if url == HOOK:
            raise ConnectionRefusedError("hunter2")
        return True

    done = deliver(store, [MAIL, HOOK], send=hook_is_down)
    assert (done.delivered, done.failed, done.waiting) == (0, 2, 0)
    assert done.problems == ("target 2 (json): not accepted: ConnectionRefusedError; 2 notifications not delivered",)
    assert [n.attempts for n in store.pending()] == [1, 1]

    def all_is_well(url: str, title: str, body: str) -> bool:
        return hook_is_down("x", title, body)

    assert deliver(store, [MAIL, HOOK], send=all_is_well).delivered == 2
    assert store.pending() == ()
    # mail had accepted both in the first delivery
    first, second = "2030060101", "2030060102"
    assert sent == [("mailto", first), ("json", first), ("mailto", second), ("json", second), ("x", first), ("x", second)]


def test_the_store_and_the_messages_contain_no_secret(store: Store, hook: Hook) -> None:
    fill(store, 1)
    hook.status = 500
    done = deliver(store, [hook.url])
    kept = [*(n.problem for n in store.pending()), store.note("notify.1"), *done.problems]
    assert done.problems == ("target 1 (json): the service answers 500; 1 notification not delivered",)
    for secret in ("hunter2", "tok3n", "127.0.0.1", "user"):
        assert not any(secret in text for text in kept)
    assert str(notification_targets([hook.url])[0]).count("hunter2") == 0


def test_a_target_that_was_removed_from_the_list_delays_nothing(store: Store) -> None:
    fill(store, 1)
    deliver(store, [MAIL, HOOK], send=lambda url, *_: url == MAIL)
    assert deliver(store, [MAIL], send=lambda *_: False) == Delivery(delivered=1)
    assert store.note("notify.1") == ""


def test_a_failed_target_is_skipped_until_it_is_due(place: str) -> None:
    now = [datetime(2030, 6, 1, 12, tzinfo=UTC)]
    with Store(place, clock=lambda: now[0]) as store:
        fill(store, 1)
        assert deliver(store, [HOOK], send=lambda *_: False, due=True).failed == 1
        now[0] += timedelta(seconds=59)
        assert deliver(store, [HOOK], send=lambda *_: True, due=True) == Delivery(waiting=1)
        now[0] += timedelta(seconds=1)
        assert deliver(store, [HOOK], send=lambda *_: True, due=True) == Delivery(delivered=1)


def test_the_waits_double_up_to_six_hours() -> None:
    now, memory, waits = datetime(2030, 6, 1, 12, tzinfo=UTC), notify._DeliveryState(), []
    for _ in range(12):
        memory.add_failure("a", now)
        wait = next(n for n in range(1000) if memory.is_due("a", now + timedelta(minutes=n)))
        waits.append(wait)
        now += timedelta(minutes=wait)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]
    assert memory.is_due("b", now)


def test_a_clock_that_was_set_back_delays_nothing(place: str) -> None:
    now = [datetime(2030, 6, 1, 12, tzinfo=UTC)]
    with Store(place, clock=lambda: now[0]) as store:
        fill(store, 1)
        deliver(store, [HOOK], send=lambda *_: False)
        now[0] -= timedelta(days=300)
        assert deliver(store, [HOOK], send=lambda *_: True, due=True).delivered == 1


def test_a_target_that_is_down_is_skipped_after_three_failures(store: Store) -> None:
    fill(store, *range(1, 9))
    asked: list[str] = []

    def down(url: str, title: str, body: str) -> bool:
        asked.append(url)
        return url == MAIL

    done = deliver(store, [MAIL, HOOK], send=down)
    assert (asked.count(MAIL), asked.count(HOOK)) == (8, 3)
    assert (done.delivered, done.failed, done.waiting) == (0, 3, 5)
    assert done.problems[0].endswith("; 8 notifications not delivered")


def test_a_failure_does_not_stop_later_notifications(store: Store) -> None:
    fill(store, 1, 2)
    done = deliver(store, [HOOK], send=lambda _url, title, _body: "2030060102" in title)
    assert (done.delivered, done.failed) == (1, 1)
    assert [n.payload["version"] for n in store.pending()] == ["2030060101"]


def test_a_damaged_note_sends_once_more_rather_than_never(store: Store) -> None:
    fill(store, 1)
    key = notify._key(HOOK)
    until = ("1", '1, "soon"', 'true, "2030-06-01T12:00:00+00:00"', '1, "2030-06-01T12:00:00"')
    for text in ("{", "[]", '{"done": 1}', '{"tried": [1]}', *(f'{{"tried": {{"{key}": [{each}]}}}}' for each in until)):
        store.set_note("notify.1", text)
        assert deliver(store, [HOOK], send=lambda *_: False).failed == 1
    assert deliver(store, [HOOK], send=lambda *_: True).delivered == 1


def test_without_an_address_nothing_is_lost(store: Store) -> None:
    fill(store, 1)
    assert deliver(store, []) == Delivery(waiting=1)
    assert len(store.pending()) == 1


def test_a_discarded_notification_is_not_delivered(store: Store) -> None:
    fill(store, 1, 2)
    first, second = (n.id for n in store.pending())
    assert discard(store, [first, 99]) == 1
    assert [n.id for n in store.pending()] == [second]


KILLED = """
import sys
from perimeter365.history.tell.notify import deliver
from perimeter365.store.store import Store
with Store(sys.argv[1]) as store:
    print(deliver(store, [sys.argv[2]]), flush=True)
"""


def test_after_a_kill_between_acceptance_and_its_record_it_is_sent_again(place: str, hook: Hook) -> None:
    with Store(place) as store:
        fill(store, 1)
    command = [sys.executable, "-c", KILLED, place, hook.url]
    answered = threading.Event()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def kill() -> None:
        os.kill(process.pid, signal.SIGKILL)
        answered.set()

    hook.before = kill
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (-signal.SIGKILL, ""), err
    assert answered.is_set()
    hook.before = lambda: None
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert "delivered=1" in done.stdout, done.stderr
    assert [each["title"] for each in hook.got] == [hook.got[0]["title"]] * 2
    with Store(place) as store:
        assert store.pending() == ()


def test_a_held_notification_has_reasons_commands_and_the_changes_of_plans(store: Store) -> None:
    source = MemoryUpstream()
    source.publish(base())
    source.versions[Cloud.WORLDWIDE] = "2030053100"
    sync(store, source, [Cloud.WORLDWIDE], base=embedded())
    profiles = [
        parse_profile(f'[organization]\nname = "{name}"\nclouds = ["{cloud}"]\n')
        for name, cloud in (("Contoso", "worldwide"), ("Fabrikam", "worldwide"), ("Shanghai", "china"))
    ]
    bodies: list[str] = []

    def keep(url: str, title: str, body: str) -> bool:
        bodies.append(f"{title}\n{body}")
        return True

    assert deliver(store, [HOOK], profiles=profiles, base=embedded(), send=keep) == Delivery(delivered=1)
    assert "version 2030053100 needs a decision" in bodies[0]
    assert "- shrink: " in bodies[0]
    assert "The last good list is in force. To admit: `perimeter365 held admit 1`." in bodies[0]
    assert bodies[0].index("### For the plan of Contoso\n\n- ") < bodies[0].index("### For the plan of Fabrikam\n\n- ")
    assert bodies[0].index("For the plan of Fabrikam") < bodies[0].index("```diff"), "services truncate the end"
    assert "Shanghai" not in bodies[0]


def test_a_notification_of_held_entries_has_each_with_its_reasons() -> None:
    reason = Reason(code="new-domain", message="no list has had a name of x.net")
    entries = [HeldEntry(number=11, part="host", new=f"*.a{n}.x.net", reasons=(reason,)).to_dict() for n in range(20)]
    title, text = message(
        "held", {"cloud": "dod", "new": "2030060100", "held": 4, "reasons": [], "entries": entries, "count": 22}
    )
    assert title == "Microsoft 365 endpoints, dod: version 2030060100 needs a decision"
    assert text.startswith("- set 11: + \\*.a0.x.net\n  - new-domain: no list has had a name of x.net\n")
    assert "… and 2 more entries" in text
    assert "The rest of the list is in force. To admit: `perimeter365 held admit 4`." in text


def test_an_unknown_kind_has_a_message() -> None:
    assert message("moved", {"cloud": "dod"})[0] == "Microsoft 365 endpoints, dod: moved"


def test_a_star_in_a_reason_is_shown_as_it_is() -> None:
    reasons = [{"code": "wildcard-gone", "message": "*.a.example and *.b.example are gone"}]
    assert r"\*.a.example and \*.b.example" in message("held", {"cloud": "dod", "reasons": reasons})[1]


def test_an_invalid_address_is_refused_without_its_password(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    fill(store, 1)
    for wrong in ("nosuch://user:hunter2@example.com", "hunter2", "mailto://", "json://:hunter2@", ""):
        with pytest.raises(InputError) as caught:
            deliver(store, [HOOK, wrong])
        assert "hunter2" not in f"{caught.value}{caught.value.help}"
        assert "address 2" in caught.value.message
    assert capfd.readouterr() == ("", "")


def test_addresses_in_one_text_are_targets_of_their_own() -> None:
    found = notification_targets(["json://a.example.com/x, json://b.example.com/y", "json://a.example.com/x"])
    assert [(t.number, t.name) for t in found] == [(1, "target 1 (json)"), (2, "target 2 (json)")]


def test_a_webhook_receives_it(store: Store, hook: Hook, capfd: pytest.CaptureFixture[str]) -> None:
    fill(store, 1)
    hook.status = 403
    assert deliver(store, [hook.url]).problems == ("target 1 (json): the service answers 403; 1 notification not delivered",)
    hook.status = 200
    assert deliver(store, [hook.url]) == Delivery(delivered=1)
    assert [each["title"] for each in hook.got] == [hook.got[0]["title"]] * 2
    assert "held version 2030060101 " in hook.got[0]["title"]
    assert capfd.readouterr() == ("", "")


def test_a_refused_connection_is_reported(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert send_test([f"json://127.0.0.1:{port}/x"]) == {"target 1 (json)": "no connection"}
    assert send_test([f"mailto://127.0.0.1:{port}/?from=a@example.com&to=b@example.com"]) == {
        "target 1 (mailto)": "no connection"
    }


def test_mail_receives_it_with_the_difference(store: Store) -> None:
    source = MemoryUpstream()
    source.publish(base())
    source.versions[Cloud.WORLDWIDE] = "2030053100"
    sync(store, source, [Cloud.WORLDWIDE], base=embedded())
    server = Mail()
    with serving(server):
        port = server.server_address[1]
        assert deliver(store, [f"mailto://127.0.0.1:{port}/?from=a@example.com&to=b@example.com"]) == Delivery(delivered=1)
    (mail,) = server.got
    assert "version 2030053100 needs a decision" in str(mail["Subject"])
    assert "b@example.com" in str(mail["To"])
    text = "".join(part.get_content() for part in mail.walk() if not part.is_multipart())
    assert "perimeter365 held admit 1" in text


def test_the_key_of_an_address_is_the_same_each_time() -> None:
    assert notify._key(HOOK) == notify._key.__wrapped__(HOOK)
    assert len({notify._key(f"json://example.com/{n}") for n in range(20)}) == 20
