"""The life of browser policies next to those of the organization, as Chromium reports them."""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import render
from perimeter365.targets.browser_policy import BrowserPolicy
from tests.consumers import need
from tests.life import tries
from tests.life.shell import FailedError, Shell
from tests.targets._bases.test_zones import POLICY_PAGE
from tests.targets.test_trusted_sites_reg import of, site

NAME = "browser-policy"
pytestmark = pytest.mark.timeout(300)

COOKIES = site("contoso.sharepoint.com", cookies=True)
BEFORE = of(COOKIES, site("*.yammer.com", cookies=True), site("sso.contoso.com", "intranet"))
AFTER = of(COOKIES, replace(site("contoso-my.sharepoint.com"), cookies=True))
FIREFOX = "/etc/firefox/policies"
MANAGED = "/etc/opt/chrome/policies/managed"
OWN = {"HomepageLocation": "https://intranet.contoso.com/", "ShowHomeButton": True}


@pytest.fixture(scope="module")
def computer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A computer on which Chromium reads the policies of Chrome."""
    folder = tmp_path_factory.mktemp("browsers")
    (folder / "work").mkdir()
    with Shell(folder / "work") as each:
        each.run(f"cp -a /etc {folder}/etc && mount --bind {folder}/etc /etc && mkdir -p {MANAGED} /etc/chromium")
        each.run("mount --bind /etc/opt/chrome /etc/chromium")
        yield each


@pytest.fixture
def shell(computer: Shell) -> Shell:
    """The computer with a policy of the organization alone."""
    clean(computer)
    return computer


def clean(shell: Shell) -> None:
    shell.run(f"rm -rf /etc/firefox /etc/opt/edge {MANAGED}/* && echo '{json.dumps(OWN)}' > {MANAGED}/contoso.json")


def put(shell: Shell, plan: Plan) -> None:
    shutil.rmtree(shell.folder)
    shell.folder.mkdir()
    for artifact in render(plan, NAME).artifacts:
        path = shell.folder / artifact.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(artifact.content)


def follow(shell: Shell, plan: Plan, part: str = "install", stop_after: int | None = None) -> None:
    put(shell, plan)
    shell.follow(BrowserPolicy().commands(part), stop_after)  # type: ignore[arg-type]


def chromium(shell: Shell) -> dict[str, str]:
    """The policies that Chromium has, by name. All are in force without an error."""
    (shell.folder / "page.py").write_text(POLICY_PAGE)
    printed = shell.run(f"{sys.executable} page.py {need('chromium')}")
    rows = [row for row in json.loads(printed.splitlines()[-1]) if row[2] not in ("", "Not set.")]
    assert {status for _, _, status in rows} <= {"OK"}
    return {name: value for name, value, _ in rows}


def allowed(found: dict[str, str]) -> list[str]:
    return json.loads(found["CookiesAllowedForUrls"]) if "CookiesAllowedForUrls" in found else []


def firefox(shell: Shell) -> object:
    """The file that Firefox reads."""
    return json.loads(shell.run(f"cat {FIREFOX}/policies.json"))


@tries(NAME, "install", "again", "grow", "shrink", "back", "empty", "neighbors", "remove")
def test_chromium_has_the_policies_of_the_plan_next_to_those_of_the_organization(shell: Shell) -> None:
    need("chromium")
    follow(shell, BEFORE)
    first = chromium(shell)
    assert first.keys() == OWN.keys() | {"CookiesAllowedForUrls", "AuthServerAllowlist"}
    assert allowed(first) == ["https://[*.]yammer.com", "https://contoso.sharepoint.com"]
    follow(shell, AFTER, "update")
    second = chromium(shell)
    assert second.keys() == OWN.keys() | {"CookiesAllowedForUrls"}
    assert allowed(second) == ["https://contoso-my.sharepoint.com", "https://contoso.sharepoint.com"]
    follow(shell, BEFORE, "update")
    follow(shell, BEFORE)
    assert chromium(shell) == first
    follow(shell, of(), "update")
    assert chromium(shell).keys() == OWN.keys()
    assert firefox(shell) == {"policies": {}}
    follow(shell, BEFORE, "remove")
    assert shell.run(f"ls {MANAGED} /etc/opt/edge/policies/managed {FIREFOX}").split() == [
        *("/etc/firefox/policies:", "/etc/opt/chrome/policies/managed:", "contoso.json", "/etc/opt/edge/policies/managed:")
    ]


@tries(NAME, "install", "remove")
def test_a_policy_file_of_firefox_that_is_there_is_neither_replaced_nor_removed(shell: Shell) -> None:
    shell.run(f'mkdir -p {FIREFOX} && echo \'{{"policies": {{"DisableTelemetry": true}}}}\' > {FIREFOX}/policies.json')
    own = firefox(shell)
    with pytest.raises(FailedError, match="File exists"):
        follow(shell, BEFORE)
    assert firefox(shell) == own
    follow(shell, BEFORE, "remove")
    assert firefox(shell) == own


@tries(NAME, "interrupted", "unordered")
def test_stopped_after_each_command_each_browser_has_one_of_the_plans(shell: Shell) -> None:
    def found() -> list[object]:
        paths = (
            f"{MANAGED}/perimeter365.json",
            "/etc/opt/edge/policies/managed/perimeter365.json",
            f"{FIREFOX}/policies.json",
        )
        return [json.loads(shell.run(f"cat {path}")) for path in paths]

    follow(shell, AFTER)
    after = found()
    follow(shell, BEFORE)
    before = found()
    for stop in (1, 2, 3):
        put(shell, of())  # rendered, and never installed
        follow(shell, AFTER, "update", stop_after=stop)
        assert all(each in pair for each, pair in zip(found(), zip(before, after, strict=True), strict=True))
        follow(shell, AFTER, "update")
        assert found() == after
        follow(shell, BEFORE, "update")


@pytest.mark.parametrize("part", ["install", "update", "remove"])
def test_each_command_is_needed(shell: Shell, part: str) -> None:
    def outcome(lines: tuple[str, ...]) -> str:
        clean(shell)
        if part != "install":
            follow(shell, BEFORE)
        put(shell, AFTER)
        try:
            shell.follow(lines)
        except FailedError as error:
            return str(error)
        return shell.run("cd /etc; find firefox opt -printf '%p %l\\n' | sort; find firefox opt -type f | sort | xargs cat")

    lines = BrowserPolicy().commands(part)  # type: ignore[arg-type]
    for number in range(len(lines)):
        assert outcome(lines[:number] + lines[number + 1 :]) != outcome(lines), lines[number]
