"""Environment variables that no option reads."""

import pytest

from perimeter365.cli._variables import unknown_variables
from perimeter365.workspace import VARIABLES
from tests.cli.conftest import Cli
from tests.cli.test_command import ROOT

WARNING = "warning: no option reads PERIMETER365_CONSTRAINS; did you mean PERIMETER365_CONSTRAINTS?\n"


@pytest.mark.parametrize(
    "words", [["rows"], ["lookup", "52.112.0.5"], ["rows", "--quiet"], ["config", "show"], ["doctor", "--offline"]]
)
def test_every_command_reports_an_unknown_variable_once(cli: Cli, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    monkeypatch.setenv("PERIMETER365_CONSTRAINS", "bounds.toml")
    assert cli(*words).err.count(WARNING) == 1


def test_known_variables_are_not_reported() -> None:
    known = [*VARIABLES.values(), "PERIMETER365_PLAN_FORMAT", "PERIMETER365_HELD_ADMIT_FEEDS", "PERIMETER365_DEBUG"]
    assert unknown_variables(ROOT, dict.fromkeys([*known, "PERIMETER365_COLOR", "_PERIMETER365_COMPLETE", "PATH"], "")) == {}


def test_variables_of_a_kubernetes_service_are_not_ours() -> None:
    # https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables, for a service `perimeter365`
    service = (
        "SERVICE_HOST", "SERVICE_PORT", "SERVICE_PORT_HTTP", "PORT", "PORT_8365_TCP",
        "PORT_8365_TCP_PROTO", "PORT_8365_TCP_PORT", "PORT_8365_TCP_ADDR",
    )  # fmt: skip
    assert unknown_variables(ROOT, {f"PERIMETER365_{name}": "" for name in service}) == {}
    assert unknown_variables(ROOT, {"PERIMETER365_PORTS": ""}).keys() == {"PERIMETER365_PORTS"}
