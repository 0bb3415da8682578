"""Notifications: at least once, oldest first, and no password anywhere."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from perimeter365.errors import InputError
from perimeter365.history.notify import Delivery, deliver, message
from perimeter365.history.store import Store
from perimeter365.history.sync import sync
from perimeter365.model.cloud import Cloud
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.embedded import embedded
from tests.history.test_gates import base
from tests.history.upstream import Memory

# Apprise's own import of a module that Python 3.13 drops.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MAIL, HOOK = "mailto://user:hunter2@mail.example.com", "json://127.0.0.1:9/x"


def test_it_stays_until_every_address_has_taken_it(store: Store) -> None:
    for number in (1, 2):
        store.notify("healed", {"cloud": "worldwide", "version": f"203006010{number}", "held": number})
    sent: list[tuple[str, str]] = []

    def hook_is_down(url: str, title: str, body: str) -> bool:
        sent.append((url.partition(":")[0], title[-60:]))
        if url == HOOK:
            raise ConnectionRefusedError
        return True

    assert deliver(store, [MAIL, HOOK], send=hook_is_down) == Delivery(failed=2)
    assert [(n.attempts, n.problem) for n in store.pending()] == [(1, "not taken by json")] * 2
    assert "hunter2" not in str(store.pending())
    assert deliver(store, [MAIL, HOOK], send=lambda *_: True) == Delivery(delivered=2)
    assert store.pending() == ()
    assert [url for url, _ in sent] == ["mailto", "json"] * 2


def test_without_an_address_nothing_is_lost(store: Store) -> None:
    store.notify("healed", {"cloud": "china", "version": "2030060100"})
    assert deliver(store, []) == Delivery()
    assert len(store.pending()) == 1


def test_killed_between_sending_and_noting_it_is_sent_again(store: Store) -> None:
    store.notify("healed", {"cloud": "china", "version": "2030060100"})
    taken: list[str] = []

    def die(url: str, title: str, body: str) -> bool:
        taken.append(title)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(store, [HOOK], send=die)

    def take(url: str, title: str, body: str) -> bool:
        taken.append(title)
        return True

    deliver(store, [HOOK], send=take)
    assert len(taken) == 2


def test_a_held_state_says_why_and_what_to_do_and_what_it_means(store: Store) -> None:
    source = Memory()
    source.say(base())
    source.versions[Cloud.WORLDWIDE] = "2030053100"
    sync(store, source, [Cloud.WORLDWIDE], base=embedded())
    profile = parse_profile('[organization]\nname = "Contoso"\nclouds = ["worldwide"]\n')
    bodies: list[str] = []

    def keep(url: str, title: str, body: str) -> bool:
        bodies.append(f"{title}\n{body}")
        return True

    assert deliver(store, [HOOK], profile=profile, base=embedded(), send=keep) == Delivery(delivered=1)
    assert "version 2030053100 is held, a person has to decide" in bodies[0]
    assert "- shrink: " in bodies[0]
    assert "`perimeter365 sync --accept 1` lets it through" in bodies[0]
    assert "### For the plan of Contoso\n\n- " in bodies[0]


def test_a_kind_of_tomorrow_has_a_message(store: Store) -> None:
    assert message("moved", {"cloud": "dod"})[0] == "Microsoft 365 endpoints, dod: moved"


def test_an_address_that_is_none_is_refused_without_its_password(store: Store) -> None:
    store.notify("healed", {"cloud": "china", "version": "2030060100"})
    with pytest.raises(InputError) as caught:
        deliver(store, ["nosuch://user:hunter2@example.com"])
    assert "hunter2" not in str(caught.value)
    assert "nosuch:" in str(caught.value)


def test_apprise_posts_to_a_real_server(store: Store) -> None:
    got: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    store.notify("healed", {"cloud": "china", "version": "2030060100"})
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        found = deliver(store, [f"json://127.0.0.1:{server.server_port}/hook"])
        server.shutdown()
        thread.join()
    assert found == Delivery(delivered=1)
    assert "2030060100 was held" in got[0]["title"]
