"""`notify`: pending notifications, delivery, and test messages."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from perimeter365.model.version import Version
from perimeter365.store.store import Store
from tests.cli.conftest import Cli
from tests.history.tell.test_notify import Hook, serving

# Apprise imports a module that Python 3.13 removes.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hook]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Hook()
    with serving(server):
        monkeypatch.setenv("PERIMETER365_NOTIFY", server.url)
        yield server


def fill(cli: Cli, *numbers: int) -> None:
    """Create a store with pending notifications."""
    assert cli("versions").code in (0, 2)  # in this test's own folder
    with Store() as store:
        for number in numbers:
            store.add_notification("healed", {"cloud": "worldwide", "version": f"203006010{number}", "held": number})


def test_pending_notifications_are_delivered_once(cli: Cli, hook: Hook) -> None:
    fill(cli, 1, 2)
    ran = cli("notify")
    assert (ran.code, ran.out, ran.err) == (0, "", "notifications: 2 delivered\n")
    assert ["2030060101" in each["title"] for each in hook.got] == [True, False]
    assert cli("notify").err == "no notification is pending\n"
    result = json.loads(cli("notify", "--json").out)
    assert result == {"delivered": 0, "failed": 0, "waiting": 0, "problems": []}
    assert len(hook.got) == 2


def test_3_if_a_delivery_fails(cli: Cli, hook: Hook) -> None:
    fill(cli, 1)
    hook.status = 500
    ran = cli("notify")
    assert ran.code == 3
    assert "warning: target 1 (json): the service answers 500; 1 notification not delivered" in ran.err
    assert "hunter2" not in ran.err
    listed = cli("notify", "--dry-run")
    assert listed.code == 0
    assert (
        "worldwide: held version 2030060101 does not need a decision any more; failed 1 time, target 1 (json)" in listed.out
    )
    (entry,) = json.loads(cli("notify", "--dry-run", "--json").out)
    assert (entry["kind"], entry["attempts"]) == ("healed", 1)
    hook.status = 200
    assert cli("notify").code == 0, "an explicit delivery does not wait until the retry is due"


def test_a_dry_run_sends_nothing(cli: Cli, hook: Hook) -> None:
    fill(cli, 1)
    assert cli("notify", "--dry-run").out.count("\n") == 1
    assert hook.got == []


def test_addresses_can_be_tested_without_a_store(cli: Cli, hook: Hook) -> None:
    ran = cli("notify", "--test")
    assert (ran.code, ran.out) == (0, "target 1 (json): accepted\n")
    assert "a test" in hook.got[0]["title"]
    hook.status = 401
    ran = cli("notify", "--test", "--json")
    assert ran.code == 3
    assert json.loads(ran.out) == [{"target": "target 1 (json)", "taken": False, "problem": "the service answers 401"}]


def test_pending_notifications_can_be_discarded(cli: Cli, hook: Hook) -> None:
    fill(cli, 1, 2, 3)
    assert cli("notify", "--drop", "1").err == "1 discarded\n"
    assert cli("notify", "--drop", "1").code == 2
    assert cli("notify", "--drop", "x").code == 2
    assert cli("notify", "--drop", "all").err == "2 discarded\n"
    assert cli("notify", "--dry-run").err == "no notification is pending\n"
    assert hook.got == []


def test_with_a_profile_the_effect_on_its_plan_is_included(cli: Cli, hook: Hook, profile: Path) -> None:
    from dataclasses import replace

    from perimeter365.history.diff import diff
    from perimeter365.history.reference import of_catalog
    from perimeter365.model.cloud import Cloud
    from perimeter365.sources.embedded import embedded

    old = of_catalog(embedded(), Cloud.WORLDWIDE)
    new = replace(old, version=Version("2026090100"), origin="live", sets=tuple(s for s in old.sets if s.id != 11))
    payload = {"cloud": "worldwide", "old": old.version, "new": new.version, "markdown": "the difference"}
    assert diff(old, new)
    fill(cli)
    with Store() as store:
        store.commit(new, outbox=[("committed", payload)])
    assert cli("notify", "--profile", str(profile)).code == 0
    body = hook.got[0]["message"]
    assert "For the plan of Contoso" in body
    assert "Teams media" in body
    assert body.index("Contoso") < body.index("the difference")


def test_2_for_invalid_usage(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("notify").code == 2
    assert cli("notify", "--test", "--dry-run").code == 2
    assert cli("notify", "--dry-run").code == 2, "there is no store"
    ran = cli("notify", "--to", "nosuch://user:hunter2@example.com")
    assert ran.code == 2
    assert "hunter2" not in ran.err


@pytest.mark.parametrize(
    "words", [("notify",), ("notify", "--test"), ("sync", "--from", "/nowhere")], ids=lambda words: " ".join(words[:2])
)
def test_without_its_extra_the_error_names_what_to_install(
    words: tuple[str, ...], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv("PERIMETER365_NOTIFY", "json://user:hunter2@127.0.0.1:9/")
    ran = cli(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error[P365-EXTRA]: a notification needs the extra 'notify': ")
    assert ran.err.endswith("help: pip install 'perimeter365[notify]'\n")
    assert "hunter2" not in ran.err
    assert not list(tmp_path.rglob("store.sqlite")), "nothing was started"
