"""The wrapper of Apprise: the services of an address, and the reason of a failed call."""

import logging
import socket

import pytest

from perimeter365.errors import InputError
from perimeter365.history.tell import _apprise
from perimeter365.history.tell._apprise import scheme, services

# Apprise imports a module that Python 3.13 removed.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def test_addresses_in_one_text_are_services_of_their_own() -> None:
    found = [address for _, address in services("json://a.example.com/x, json://b.example.com/y", 1)]
    assert [address.partition("?")[0].rstrip("/") for address in found] == [
        "json://a.example.com/x",
        "json://b.example.com/y",
    ]


def test_an_invalid_address_is_named_by_its_position_only(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError) as caught:
        list(services("nosuch://user:hunter2@example.com", 7))
    assert caught.value.message == "address 7 (nosuch) is not a valid Apprise address"
    assert "hunter2" not in caught.value.help
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("JSON://host/x", "json"),
        ("mailto://u:p@host", "mailto"),
        ("hunter2", "?"),
        ("://", "?"),
        ("hun ter2://x", "?"),
        ("", "?"),
    ],
)
def test_only_a_scheme_is_shown_of_an_address(url: str, shown: str) -> None:
    assert scheme(url) == shown


def test_a_service_that_hangs_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(_apprise, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # accepts the connection and never answers
        ((call, _),) = services(f"json://127.0.0.1:{mute.getsockname()[1]}/x", 1)
        assert call("a title", "a text") == "no answer within 0 seconds"


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        (["Failed to send to hooks.example.com: error=503."], "the service answers 503"),
        (["A Connection error occurred sending to hooks.example.com"], "no connection"),
        (["tok3n was refused"], "not accepted"),
        (["error=999"], "not accepted"),
        ([], "not accepted"),
    ],
)
def test_the_log_of_apprise_is_not_repeated(logged: list[str], told: str) -> None:
    with _apprise._captured_log() as heard:
        for line in logged:
            logging.getLogger("apprise").warning(line)
    assert heard == logged
    assert _apprise._reason(heard) == told


def test_a_long_message_is_truncated_not_refused() -> None:
    from apprise import Apprise
    from apprise.common import OverflowMode

    service = Apprise()
    service.add("json://127.0.0.1:9/x")
    (plugin,) = list(service)
    _apprise._sender(plugin)
    assert plugin.overflow_mode == OverflowMode.TRUNCATE
