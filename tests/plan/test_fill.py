"""Templates: filled from the profile, with warnings for missing values."""

import pytest

from perimeter365.errors import HostPatternError
from perimeter365.plan._fill import TemplateFiller
from perimeter365.plan.profile import Profile
from tests.model.samples import flow, hosts
from tests.plan.samples import profile, role

FULL = profile(
    tenant="contoso",
    email_domains=("contoso.com", "fabrikam.example"),
    roles={"adfs-proxy": role("sts.contoso.com", "sts2.contoso.com"), "sbc": role("192.0.2.1")},
)


def filled(wanted: Profile, *texts: str) -> tuple[list[str], set[tuple[str, str, str]]]:
    warned: set[tuple[str, str, str]] = set()
    filler = TemplateFiller(wanted, lambda code, about, message, *_: warned.add((code, about, message)))
    return sorted(h.text for h in filler.hosts(flow(), hosts(*texts))), warned


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("aka.ms", ["aka.ms"]),
        ("*.sharepoint.com", ["*.sharepoint.com"]),
        ("<tenant>-my.sharepoint.com", ["contoso-my.sharepoint.com"]),
        ("autodiscover.<email_domain>", ["autodiscover.contoso.com", "autodiscover.fabrikam.example"]),
        ("certauth.<adfs-proxy>", ["certauth.sts.contoso.com", "certauth.sts2.contoso.com"]),
        ("<adfs-proxy>", ["sts.contoso.com", "sts2.contoso.com"]),
    ],
)
def test_a_template_becomes_one_host_for_each_value(text: str, result: list[str]) -> None:
    assert filled(FULL, text) == (result, set())


@pytest.mark.parametrize(
    ("text", "code", "about", "says"),
    [
        ("<tenant>.sharepoint.com", "template-unfilled", "row/1/upload", "organization.tenant is not set"),
        ("autodiscover.<email_domain>", "template-unfilled", "row/1/upload", "organization.email_domains is not set"),
        ("certauth.<adfs-proxy>", "role-name-unset", "adfs-proxy", "[roles] adfs-proxy has no host name"),
        ("<mx-token>.example.com", "template-unfilled", "row/1/upload", "no profile can fill <mx-token>"),
    ],
)
def test_unfilled_templates_are_left_out_with_a_warning(text: str, code: str, about: str, says: str) -> None:
    result, warned = filled(profile(), text, "aka.ms")
    assert result == ["aka.ms"]
    ((found_code, found_about, message),) = warned
    assert (found_code, found_about) == (code, about)
    assert says in message
    assert text in message


def test_a_role_with_addresses_only_has_no_name() -> None:
    assert filled(FULL, "<sbc>")[1] == {
        ("role-name-unset", "sbc", "[roles] sbc has no host name; needed for <sbc> of row/1/upload")
    }


def test_a_value_that_does_not_fit_is_an_error_with_its_place() -> None:
    domain = ".".join(["x" * 60] * 4)
    with pytest.raises(HostPatternError, match=r"row/1/upload: autodiscover\.<email_domain>: "):
        filled(profile(email_domains=(domain,)), "autodiscover.<email_domain>")


def test_inside_of_a_zone_the_mail_domain_is_fixed() -> None:
    filler = TemplateFiller(FULL, lambda *_: None)
    assert filler.texts("x.<email_domain>", "contoso.com") == ["x.contoso.com"]
    assert filler.texts("x.<email_domain>") == ["x.contoso.com", "x.fabrikam.example"]
    assert filler.texts("<mx-token>.<tenant>.example") == ["<mx-token>.contoso.example"]
