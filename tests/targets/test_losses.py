"""Losses: reasons, levels, cover by other lines, acceptance, losses.json. Laws over all targets, and cases by hand."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from perimeter365 import Workspace, render
from perimeter365.errors import InputError, ProfileError
from perimeter365.model.host import HostPattern
from perimeter365.plan.aggregate import Budget
from perimeter365.plan.choices import Acceptance
from perimeter365.plan.plan import Plan, PlanFlow, PlanParty, PlanSite, PlanWarning
from perimeter365.targets import RenderResult, Style, targets
from perimeter365.targets._cover import Key, facts_of, key_of
from perimeter365.targets.loss import DROPPED, WIDENED, Loss, dump_losses, load_losses
from perimeter365.targets.many import RenderBatch, Styles, render_many
from perimeter365.targets.reasons import OUTSIDE, REASONS
from perimeter365.targets.target import EFFECTS, Target
from tests.targets.cases import plan, style
from tests.targets.netfilter import by_hand, flow, party

SOURCE = Path(__file__).parents[2] / "src" / "perimeter365" / "targets"
CASE = "all-scenarios"
each_target = pytest.mark.parametrize("name", list(targets))


@cache
def rendered(name: str) -> RenderResult:
    limits = dict.fromkeys(targets[name].limits, 10**9)
    return render(plan(CASE), name, replace(style(CASE, name), limits=limits))


# -- laws over all targets -------------------------------------------------------------------------------------------


def test_every_reason_is_reported_by_some_code() -> None:
    text = "".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path.name != "reasons.py")
    assert [code for code in REASONS if f'"{code}"' not in text] == []
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in REASONS)


@each_target
def test_a_target_has_one_loss_for_each_reason_kind_and_level_with_one_message(name: str) -> None:
    losses = rendered(name).losses
    keys = Counter((loss.level, loss.reason, loss.kind) for loss in losses)
    assert [key for key, count in keys.items() if count > 1] == []
    messages = {(d.code, d.kind, d.message) for d in rendered(name).report.details}
    assert len(messages) == len({(code, kind) for code, kind, _ in messages}), "a detail of a requirement is in the subject"
    assert all(loss.ids and loss.subjects and loss.message for loss in losses)
    levels = [loss.level for loss in losses]
    assert levels == sorted(levels), "decisions first"


@each_target
def test_what_a_target_is_not_for_is_counted_and_no_loss(name: str) -> None:
    can, found = targets[name].capabilities, rendered(name)
    flows = Counter(str(f.direction) for f in plan(CASE).flows if f.direction not in can.directions)
    expected: dict[str, int] = {**flows, "sites": 0 if can.sites else len(plan(CASE).sites)}
    expected["records"] = 0 if can.records else len(plan(CASE).records)
    assert {k: v for k, v in found.outside.items() if k != "unselected"} == {k: v for k, v in expected.items() if v}
    assert found.outside.keys() <= OUTSIDE.keys()
    outside = {key_of(f) for f in plan(CASE).flows if not found.report.includes(f)}
    assert not outside & {detail.key for detail in found.report.details}


@each_target
def test_a_loss_that_is_left_out_is_covered(name: str) -> None:
    """The oracle: a name that the lost pattern matches is matched by another host."""
    found = rendered(name)
    gone = [d for d in found.details if d not in found.report.details]
    for detail in gone:
        if not found.report.includes(facts_of(plan(CASE))[detail.key]):
            continue
        assert REASONS[detail.code].cause in ("device", "choice"), detail
        needed = detail.adds if detail.kind == WIDENED else (detail.host,) if detail.host else ()
        for host in needed:
            sample = host.text.replace("*", "x-y")
            own = detail.kind == WIDENED  # the requirement itself may list what one of its entries adds
            others = [h for key, h in hosts(plan(CASE)) if key != detail.key or (own and h != detail.host)]
            assert any(other.matches(sample) for other in others), detail


def hosts(of: Plan) -> Iterator[tuple[Key, HostPattern]]:
    for each in of.flows:
        for end in (each.source, each.destination):
            yield from ((key_of(each), host) for host in end.hosts)
    yield from ((key_of(site), site.host) for site in of.sites)


@each_target
def test_a_loss_is_known_only_if_it_follows_from_the_target_or_the_plan_reports_it(name: str) -> None:
    """Rendered alone, no other target expresses what is lost."""
    warnings = {w.code for w in plan(CASE).warnings}
    for loss in rendered(name).losses:
        reason = REASONS[loss.reason]
        urgent = bool(loss.required) or bool({"optimize", "allow"} & set(loss.category))
        if loss.level == "known":
            assert reason.cause in ("device", "plan")
            assert loss.kind == WIDENED or not urgent or reason.cause == "plan"
            assert reason.cause == "device" or warnings & set(reason.warnings)
        else:
            assert reason.cause != "device" or (urgent and loss.kind != WIDENED)


def test_every_effect_is_a_known_word() -> None:
    assert {targets[name].scope().effect for name in targets} == set(EFFECTS)


# -- another line of the artifact ------------------------------------------------------------------------------------

INNER = "autodiscover.*.onmicrosoft.com"


def named(role: str, *names: str) -> PlanParty:
    found = tuple(map(HostPattern, names))
    return PlanParty(role=role, hosts=found, unaddressed=found)


def need(id: str, *names: str, source: str = "client", address: str = "10.0.0.0/8", **ports: str) -> PlanFlow:
    return flow(id, party(source, address), named("exchange-online", *names), **(ports or {"tcp": "80,443"}))


def lost(target: str, *flows: PlanFlow) -> set[tuple[str, str]]:
    """Return reason and kind of the losses of the first flow."""
    needed = {"servers": "192.0.2.53"} if target == "unbound" else {}
    losses = render(by_hand(*flows), target, Style(options=needed)).losses
    return {(loss.reason, loss.kind) for loss in losses if flows[0].id in loss.ids}


FIRST = need("ws/worldwide/8", INNER, tcp="443")
LOST = {("wildcard-form", DROPPED)}


@pytest.mark.parametrize("target", ["fortigate", "fortigate-feed", "checkpoint-network-feed"])
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (need("ws/worldwide/9", "*.onmicrosoft.com"), set()),
        (need("ws/worldwide/9", "*.example.com"), LOST),
        (need("ws/worldwide/9", "*.onmicrosoft.com", tcp="80"), LOST),
        (need("ws/worldwide/9", "*.onmicrosoft.com", udp="443"), LOST),
        (need("ws/worldwide/9", "*.onmicrosoft.com", source="exchange-server", address="10.1.0.0/16"), LOST),
        (need("ws/worldwide/9", "*.onmicrosoft.com", source="exchange-server", address="10.0.0.0/7"), set()),
        (replace(need("ws/worldwide/9", "*.onmicrosoft.com"), direction="internal"), LOST),
    ],
    ids=["same", "other-name", "fewer-ports", "other-protocol", "other-source", "wider-source", "other-direction"],
)
def test_a_host_under_a_wildcard_of_a_wider_line_is_no_loss(
    target: str, other: PlanFlow, expected: set[tuple[str, str]]
) -> None:
    assert lost(target, FIRST) == LOST
    assert lost(target, FIRST, other) == expected


def test_a_line_that_is_itself_lost_covers_nothing() -> None:
    again = need("ws/worldwide/9", INNER)
    assert lost("fortigate", FIRST, again) == LOST
    in_part = need("ws/worldwide/9", INNER, "a.example.com")
    assert lost("fortigate", FIRST, in_part) == LOST
    without_ports = replace(need("ws/worldwide/9", "*.onmicrosoft.com"), tcp=FIRST.udp)
    assert lost("fortigate", replace(FIRST, tcp=FIRST.udp), without_ports) == {("no-ports-known", DROPPED)}


def test_a_resolver_has_one_list_for_all_ports_and_sources() -> None:
    other = need("ws/worldwide/9", "*.onmicrosoft.com", source="exchange-server", address="192.0.2.1", tcp="25")
    assert ("wildcard-form", DROPPED) not in lost("unbound", FIRST, other)
    assert ("wildcard-form", DROPPED) in lost("unbound", FIRST)


def test_a_host_that_another_line_has_by_address_is_no_loss() -> None:
    host = HostPattern("outlook.office365.com")
    bare = need("row/7/ews-of-exchange-online", host.text, tcp="443")
    addressed = replace(party("exchange-online", "40.96.0.0/13"), hosts=(host,))
    whole = flow("ws/worldwide/1", party("client", "10.0.0.0/8"), addressed, tcp="80,443")
    assert lost("nftables", bare) == {("unaddressed-hosts", DROPPED)}
    assert lost("nftables", bare, whole) == set()
    answered = replace(whole, direction="inbound", source=whole.destination, destination=whole.source)
    assert lost("nftables", bare, answered) == {("unaddressed-hosts", DROPPED)}, "the other way round"
    assert lost("nftables", bare, replace(whole, tcp=whole.udp)) == {("unaddressed-hosts", DROPPED)}


def test_a_widened_domain_is_no_loss_if_the_plan_needs_the_added_names() -> None:
    """`*.teams.microsoft.com` as a domain adds `teams.microsoft.com`, which the plan may need anyway."""
    first = need("ws/worldwide/12", "*.teams.microsoft.com")
    widened = ("wider-match", WIDENED)
    assert widened in lost("unbound", first)
    assert widened not in lost("unbound", first, need("ws/worldwide/13", "*.microsoft.com"))
    assert widened in lost("unbound", first, need("ws/worldwide/13", "x.teams.microsoft.com"))


def test_a_path_is_no_loss_if_another_line_needs_the_whole_host() -> None:
    first = replace(need("ws/worldwide/12", "aka.ms"), path=("/a",))
    assert lost("fortigate", first) == {("no-paths", WIDENED)}
    assert lost("fortigate", first, need("ws/worldwide/13", "aka.ms")) == set()
    other_path = replace(need("ws/worldwide/13", "aka.ms"), path=("/b",))
    assert lost("fortigate", first, other_path) == {("no-paths", WIDENED)}


# -- decide or known -------------------------------------------------------------------------------------------------

REQUIRED = replace(need("ws/worldwide/8", "a.example.com"), required=True)


def level(*names: str, of: PlanFlow = REQUIRED, **changes: object) -> list[tuple[str, tuple[str, ...]]]:
    """Return level and said_by of the losses of nftables, rendered with other targets."""
    batch = render_many(replace(by_hand(of), **changes), ["nftables", *names], Styles())  # type: ignore[arg-type]
    return [(loss.level, loss.said_by) for loss in batch.rendered[0].losses]


def test_a_required_name_needs_a_target_of_the_folder_that_lets_it_through() -> None:
    assert level() == [("decide", ())]
    assert level("squid") == [("known", ("squid",))]
    assert level("csv", "frr", "iptables") == [("decide", ())], "a table, a route and another packet filter do not"
    assert level("pac") == [("decide", ())], "a direct name opens no firewall"
    assert level(of=replace(REQUIRED, required=False)) == [("known", ())]
    assert level(of=replace(REQUIRED, required=False, category="optimize")) == [("decide", ())]
    assert level("squid", of=replace(REQUIRED, udp=REQUIRED.tcp)) == [("decide", ("squid",))], "squid has no UDP"


def test_what_the_plan_reports_is_decided_there() -> None:
    unset = replace(REQUIRED, source=PlanParty(role="client"))
    assert level(of=unset) == [("decide", ())]
    warning = PlanWarning(code="role-unset", id="client", message="no address")
    assert level(of=unset, warnings=(warning,)) == [("known", ())]
    assert level(of=unset, warnings=(replace(warning, id="sbc"),)) == [("decide", ())]


def test_what_an_option_opens_in_addition_is_to_decide() -> None:
    few = render(plan(CASE), "nftables", Style(budget=Budget(most=20))).losses
    assert [(loss.level, loss.kind) for loss in few if loss.reason == "limit"] == [("decide", WIDENED)]
    first = need("ws/worldwide/51", "*cdn.onenote.net")
    wider = Style(allow_widen=True)
    (loss,) = render(by_hand(first), "fortigate", wider).losses
    assert (loss.level, loss.reason, loss.kind) == ("decide", "allow-widen", WIDENED)
    assert loss.subjects == ("*cdn.onenote.net to *.onenote.net",)
    assert not render(by_hand(first, need("ws/worldwide/52", "*.onenote.net")), "fortigate", wider).losses


def test_a_site_under_another_in_the_same_zone_is_no_loss() -> None:
    (first, *_) = plan("small").sites
    odd = replace(first, host=HostPattern("*cdn.example.com"), cookies=False)
    wide = replace(odd, host=HostPattern("*.example.com"))

    def reasons(*sites: PlanSite) -> set[str]:
        which = replace(by_hand(), sites=sites)
        return {loss.reason for loss in render(which, "registry-pol").losses if "*cdn.example.com" in loss.subjects}

    assert reasons(odd) == {"wildcard-form"}
    assert reasons(odd, wide) == set()
    assert reasons(odd, replace(wide, zone="intranet" if odd.zone == "trusted" else "trusted")) == {"wildcard-form"}
    assert reasons(odd, replace(wide, scheme="http" if odd.scheme == "https" else "https")) == {"wildcard-form"}


def test_a_value_of_a_mail_domain_is_decided_in_the_plan() -> None:
    """The plan's warning has the mail domain as its id, not the record."""
    full = plan(CASE)
    record = next(r for r in full.records if r.zone and r.duty == "publish")
    bare = replace(record, value="<mx-token>.mail.protection.outlook.com")
    warning = PlanWarning(code="value-needed", id=record.zone, message="give <mx-token>")
    for warnings, level in (((warning,), "known"), ((replace(warning, id="other.example"),), "decide")):
        which = replace(full, flows=(), sites=(), records=(bare,), warnings=warnings)
        assert [(loss.reason, loss.level) for loss in render(which, "dns-zone").losses] == [("no-value", level)]


def acceptance(id: str, loss: str = "nftables/unaddressed-hosts") -> Acceptance:
    return Acceptance(loss=loss, id=id, reason="the provider's proxy")


def batch_with(*accept: Acceptance) -> RenderBatch:
    flows = (REQUIRED, replace(REQUIRED, id=type(REQUIRED.id)("row/7/ews-of-exchange-online")))
    return render_many(replace(by_hand(*flows), accept=accept), ["nftables"], Styles())


def test_an_accepted_loss_is_split_by_its_ids() -> None:
    assert [(loss.ids, loss.open) for loss in batch_with().rendered[0].losses] == [
        (("row/7/ews-of-exchange-online", "ws/worldwide/8"), True)
    ]
    some = batch_with(acceptance("ws/worldwide/8"))
    assert [(loss.ids, loss.accepted) for loss in some.rendered[0].losses] == [
        (("row/7/ews-of-exchange-online",), ""),
        (("ws/worldwide/8",), "the provider's proxy"),
    ]
    assert [loss.ids for _, loss in some.decisions] == [("row/7/ews-of-exchange-online",)]
    assert not batch_with(acceptance("ws/worldwide/*"), acceptance("row/7/*")).decisions
    assert batch_with(acceptance("ws/worldwide/8", "iptables/unaddressed-hosts")).decisions[0][1].ids == (
        "row/7/ews-of-exchange-online",
        "ws/worldwide/8",
    )


def test_an_acceptance_that_fits_no_loss_of_a_rendered_target_is_reported() -> None:
    assert not batch_with(acceptance("ws/worldwide/8")).warnings
    (warning,) = batch_with(acceptance("ws/worldwide/99")).warnings
    assert (warning.code, warning.id, warning.level) == ("accept-unused", "ws/worldwide/99", "check")
    assert not batch_with(acceptance("ws/worldwide/99", "frr/unaddressed-hosts")).warnings, "frr was not rendered"


@pytest.mark.parametrize(
    ("loss", "near"), [("nftable/unaddressed-hosts", "'nftables'"), ("nftables/unadressed-hosts", "'unaddressed-hosts'")]
)
def test_an_accepted_loss_of_an_unknown_target_or_reason_is_an_error(loss: str, near: str, tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=f"did you mean {near}"):
        batch_with(acceptance("ws/worldwide/8", loss))
    text = f'organization.clouds = ["dod"]\n[[accept]]\nloss = "{loss}"\nid = "ws/dod/*"\nreason = "x"\n'
    (tmp_path / "p.toml").write_text(text)
    with pytest.raises(ProfileError, match=f"did you mean {near}") as caught:
        Workspace(catalog="embedded").plan(tmp_path / "p.toml")
    assert str(caught.value).startswith(f"{tmp_path}/p.toml:4:")


def test_the_report_shows_the_losses_of_the_targets_of_the_run() -> None:
    batch = render_many(plan("small"), ["report", "nftables"], Styles())
    assert [each.target for each in batch.rendered] == ["report", "nftables"]
    page = next(a.content.decode() for a in batch.rendered[0].artifacts if a.name == "index.html")
    assert "unaddressed-hosts" in page
    alone = next(a.content.decode() for a in render(plan("small"), "report").artifacts if a.name == "index.html")
    assert "unaddressed-hosts" not in alone


def test_an_unregistered_reason_is_refused() -> None:
    class Careless(Target):
        name, title, kind, vendor_page, proof = "careless", "Careless", "data", "https://example.com", "by eye"
        capabilities = targets["csv"].capabilities

        def artifacts(self, plan: Plan) -> Iterator[object]:  # type: ignore[override]
            self.report_loss(plan.flows[0], DROPPED, "no-such-reason")
            yield from ()

    with pytest.raises(ValueError, match="no-such-reason"):
        Careless().render(by_hand(REQUIRED))


# -- losses.json -----------------------------------------------------------------------------------------------------


def test_losses_are_read_as_written(tmp_path: Path) -> None:
    found = rendered("nftables")
    (tmp_path / "nftables").mkdir()
    content = dump_losses("nftables", found.about, found.losses, found.outside)
    (tmp_path / "nftables" / "losses.json").write_bytes(content)
    (read,) = load_losses(tmp_path)
    assert (read.target, read.losses, read.outside) == ("nftables", found.losses, found.outside)
    assert load_losses(tmp_path / "nftables") == (read,)
    keys = {"level", "reason", "kind", "ids", "subjects", "category", "required", "scenario"}
    assert all(keys <= loss.keys() for loss in json.loads(content)["losses"])


def test_a_folder_of_several_organizations_has_their_names(tmp_path: Path) -> None:
    for name in ("contoso", "fabrikam"):
        (tmp_path / name / "pac").mkdir(parents=True)
        put(tmp_path / name / "pac", {"target": "pac", "losses": []})
    assert [each.target for each in load_losses(tmp_path)] == ["contoso/pac", "fabrikam/pac"]


OLD = {"id": "row/6/x", "cloud": "worldwide", "kind": "dropped", "subject": "all", "reason": "no \x1b[2J", "proposal": "do"}
"""A loss of version 2.1."""


def put(folder: Path, value: object) -> Path:
    (folder / "losses.json").write_text(value if isinstance(value, str) else json.dumps(value))
    return folder


def test_losses_of_earlier_versions_are_read(tmp_path: Path) -> None:
    (read,) = load_losses(put(tmp_path, {"target": "nftables", "losses": [OLD]}))
    (loss,) = read.losses
    assert (loss.level, loss.kind, loss.ids, loss.subjects) == ("decide", "dropped", ("row/6/x",), ("all",))
    assert "\x1b" not in loss.message


GOOD = Loss(
    code="family", level="known", kind="narrowed", message="m", ids=("row/6/x",), subjects=("ipv6",), clouds=("dod",)
).to_dict()


@pytest.mark.parametrize(
    "value",
    [
        "",
        "[]",
        "{" * 100_000,
        {"target": "x"},
        {"target": 1, "losses": []},
        {"target": "x", "losses": [1]},
        {"target": "x", "losses": [OLD | {"kind": "gone"}]},
        {"target": "x", "losses": [GOOD | {"level": "note"}]},
        {"target": "x", "losses": [GOOD | {"ids": [1]}]},
        {"target": "x", "losses": [GOOD | {"required": "many"}]},
        {"target": "x", "losses": [], "outside": {"sites": "x"}},
    ],
    ids=range(11),
)
def test_another_file_is_an_error_of_the_input(tmp_path: Path, value: object) -> None:
    with pytest.raises(InputError, match="losses"):
        load_losses(put(tmp_path, value))


def test_a_folder_without_losses_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no losses\.json"):
        load_losses(tmp_path)
