"""What a file says besides its selection: read, or refused with its place."""

from datetime import date

import pytest

from perimeter365.errors import ProfileError
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan.choices import Acceptance, Adjustment, DnsSettings, Exclusion, TargetSettings
from perimeter365.plan.profile import Profile, parse_profile

FULL = """
[organization]
email_domains = ["contoso.com", "contoso.cn"]
clouds = ["worldwide", "china"]

[organization.domains]
"contoso.com" = "worldwide"
"Contoso.CN" = "china"

[roles.mrs-proxy]
inside = ["10.1.2.10"]
public = ["203.0.113.10", "203.0.113.11"]
names = ["mrs.contoso.com"]

[dns]
autodiscover = "on-premises"
spf_senders = ["ip4:203.0.113.20", "ip6:2001:db8::/32", "include:mail.example.net", "a", "mx:contoso.com"]

[dns."contoso.cn"]
mx_token = "contoso-cn"
verification = "MS=ms12345678"
spf_senders = []

[[exclude]]
id = "ws/worldwide/10"
hosts = ["*.a.example.com"]
prefixes = ["192.0.2.0/24"]
tcp = "25"
reason = "mail leaves by the Exchange servers"

[[adjust]]
id = "ws/worldwide/10"
source = "exchange-server"

[[accept]]
code = "role-unset"
id = "row/23/*"
reason = "no subscriptions yet"
expires = 2027-03-31

[[accept]]
loss = "nftables/unaddressed-hosts"
id = "ws/worldwide/*"
reason = "the proxy has them"

[targets.pac]
proxy = "PROXY proxy.contoso.com:8080"
direct = ["*.corp.contoso.com"]
entries = 500
"""


def test_everything_that_an_organization_can_say_is_read() -> None:
    found = parse_profile(FULL)
    assert found.domains == {"contoso.com": Cloud.WORLDWIDE, "contoso.cn": Cloud.CHINA}
    own = found.roles["mrs-proxy"]
    assert (own.prefixes, own.inside) == (PrefixSet.parse(["203.0.113.10/31"]), PrefixSet.parse(["10.1.2.10"]))
    assert [p.address for p in own.addresses] == ["203.0.113.10", "203.0.113.11"]
    assert own.hosts == (HostPattern("mrs.contoso.com"),)
    senders = ("ip4:203.0.113.20", "ip6:2001:db8::/32", "include:mail.example.net", "a", "mx:contoso.com")
    assert found.dns == {
        "": DnsSettings(autodiscover="on-premises", spf_senders=senders),
        "contoso.cn": DnsSettings(mx_token="contoso-cn", verification="MS=ms12345678", spf_senders=()),
    }
    assert found.exclude == (
        Exclusion(
            id="ws/worldwide/10",
            hosts=(HostPattern("*.a.example.com"),),
            prefixes=PrefixSet.parse(["192.0.2.0/24"]),
            tcp=PortSet.parse("25"),
            reason="mail leaves by the Exchange servers",
        ),
    )
    assert found.adjust == (Adjustment(id="ws/worldwide/10", source="exchange-server"),)
    assert found.accept == (
        Acceptance(code="role-unset", id="row/23/*", reason="no subscriptions yet", expires=date(2027, 3, 31)),
        Acceptance(loss="nftables/unaddressed-hosts", id="ws/worldwide/*", reason="the proxy has them"),
    )
    pac: dict[str, str | int | tuple[str, ...]] = {
        "proxy": "PROXY proxy.contoso.com:8080",
        "direct": ("*.corp.contoso.com",),
        "entries": 500,
    }
    assert found.targets == {"pac": TargetSettings(values=pac)}
    assert (found.targets["pac"].places["direct"].line, found.targets["pac"].places[""].line) == (48, 46)


def test_the_value_of_a_domain_precedes_that_of_all() -> None:
    found = parse_profile(FULL)
    assert found.dns_value("spf_senders", "contoso.cn") == ""
    assert (found.dns_value("spf_senders", "contoso.com") or "").startswith("ip4:203.0.113.20 ip6:2001:db8::/32 ")
    assert found.dns_value("mx_token", "contoso.com") is None
    assert found.dns_value("autodiscover", "contoso.cn") == "on-premises"


def test_the_hash_has_the_meaning_of_all_of_it() -> None:
    whole = parse_profile(FULL)
    assert parse_profile(FULL.replace("# ", "#  ") + "\n# a comment\n").hash == whole.hash
    for old, new in (
        ("on-premises", "cloud"),
        ('"25"', '"26"'),
        ("2027", "2028"),
        ("500", "501"),
        ("10.1.2.10", "10.1.2.11"),
    ):
        assert parse_profile(FULL.replace(old, new, 1)).hash != whole.hash


BASE = '[organization]\nemail_domains = ["a.example", "b.example"]\nclouds = ["worldwide"]\n'


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ('[organization.domains]\n"a.example" = "worldwid"', "5:15", "did you mean 'worldwide'"),
        ('[organization.domains]\n"a.exampel" = "worldwide"', "5:1", "did you mean 'a.example'"),
        ('[organization.domains]\n"a.example" = "china"', "5:15", "which is not in organization.clouds"),
        ('[organization.domains]\n"a.example" = "worldwide"\n"A.EXAMPLE" = "worldwide"', "6:15", "listed twice"),
        ("[roles.sbc]\noutside = []", "5:1", "allowed: inside, public, names"),
        ('[roles.sbc]\ninside = ["sbc.a.example"]', "5:11", "host names belong to names"),
        ('[roles.sbc]\nnames = ["192.0.2.1"]', "5:10", "addresses belong to inside or public"),
        ('[roles.sbc]\npublic = ["127.0.0.1"]', "5:11", "loopback"),
        ('[dns]\nautodiscovr = "cloud"', "5:1", "did you mean 'autodiscover'"),
        ('[dns]\nautodiscover = "on premises"', "5:16", "did you mean 'on-premises'"),
        ('[dns]\nautodiscover = 1', "5:16", "1 is not a string"),
        ('[dns]\nmx_token = "x"', "5:12", r'write it in \[dns."a.example"\]'),
        ('[dns]\nfederation_proof = "Y29udG9zbyBleGFtcGxl"', "5:20", "is of one mail domain"),
        ('[dns."a.example"]\nmx_token = "x.y"', "5:12", "not the first label"),
        ('[dns."a.example"]\nverification = "ms1"', "5:16", "MS=ms12345678"),
        ('[dns."c.example"]\nsip = "cloud"', "4:6", "unknown mail domain 'c.example'"),
        ('[dns]\nspf_senders = ["all"]', "5:16", "not an SPF mechanism"),
        ('[dns]\nspf_senders = ["ip4:2001:db8::1"]', "5:16", "not an SPF mechanism"),
        ('[dns]\nspf_senders = ["ip4:0.0.0.0/0"]', "5:16", "not an SPF mechanism"),
        ('[dns]\nspf_senders = ["include:*.a.example"]', "5:16", "is not a host name"),
        ('[dns]\nspf_senders = ["include:a b"]', "5:16", "include:a b"),
        ("[dns]\nspf_senders = [" + ",".join(f'"include:{n}.a.example"' for n in range(10)) + "]", "5:15", "10 mechanisms"),
        ('[[exclude]]\nreason = "x"', "4:3", "has no id"),
        ('[[exclude]]\nid = "ws/worldwide/1"', "4:3", "has no reason"),
        ('[[exclude]]\nid = "*"\nreason = "x"', "5:6", r"start of ids with '/\*'"),
        ('[[exclude]]\nid = "row/1/*"\nhost = []\nreason = "x"', "6:1", "did you mean 'hosts'"),
        ('[[exclude]]\nid = "row/1/*"\nhosts = []\nreason = "x"', "6:9", "the list is empty"),
        ('[[exclude]]\nid = "row/1/*"\nhosts = "a"\nreason = "x"', "6:9", "not a list of strings"),
        ('[[exclude]]\nid = "row/1/*"\ntcp = "70000"\nreason = "x"', "6:7", "70000"),
        ('[exclude]\nid = "row/1/*"', "4:2", r"write \[\[exclude\]\]"),
        ('[[adjust]]\nid = "row/1/*"', "4:3", "changes nothing"),
        ('[[adjust]]\nid = "row/1/*"\nsource = "exchange-online"', "6:10", "not a role of your own hosts"),
        ('[[adjust]]\nid = "row/1/*"\ntcp = "1-65535"', "6:7", "is nearly all ports"),
        ('[[accept]]\nid = "row/1/*"\nreason = "x"', "4:3", "needs a code or a loss"),
        ('[[accept]]\nid = "row/1/*"\nreason = "x"\ncode = "no-ports"\nloss = "a/b"', "4:3", "needs a code or a loss"),
        ('[[accept]]\nid = "row/1/*"\nreason = "x"\ncode = "no-port"', "7:8", "did you mean 'no-ports'"),
        ('[[accept]]\nid = "row/1/*"\nreason = "x"\nloss = "nftables"', "7:8", "write nftables/unaddressed-hosts"),
        ('[[accept]]\nid = "row/1/*"\nreason = " "\ncode = "no-ports"', "6:10", "reason is empty"),
        ('[[accept]]\nid = "row/1/*"\nreason = "x"\ncode = "no-ports"\nexpires = "2027-01-01"', "8:11", "without quotes"),
        ("[[accept]]\nid = 'row/1/*'\nreason = 'x'\ncode = 'no-ports'\nexpires = 2027-01-01T00:00:00", "8:11", "not a day"),
        ("[targets]\npac = 1", "5:7", r"write \[targets.pac\]"),
        ("[targets.pac]\nproxy = 1.5", "5:9", "not a string, a whole number or a list"),
        ("[targets.pac]\nproxy = [1]", "5:9", "not a string, a whole number or a list"),
        ('[select]\nscenarios = ["chnia:row/6"]', "5:14", "did you mean 'china'"),
        ('[select]\nscenarios = [":row/6"]', "5:14", "write 'row/6', or a cloud before the colon"),
        ('[select]\nscenarios = ["china:row/26"]', "5:14", "rows are"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_place(text: str, place: str, says: str) -> None:
    with pytest.raises(ProfileError, match=rf"(?s)^profile.toml:{place}: .*{says}"):
        parse_profile(BASE + text)


def test_all_problems_are_reported_together() -> None:
    text = '[dns]\nsip = "x"\n[[accept]]\nid = "*"\n[targets.pac]\nx = 1.5\n[roles.sbc]\ninside = ["x"]\n'
    with pytest.raises(ProfileError) as caught:
        parse_profile(BASE + text)
    assert [getattr(p, "line", 0) for p in caught.value.problems] == [5, 6, 6, 7, 9, 11]


@pytest.mark.parametrize(
    ("long", "public", "inside"),
    [
        ('inside = ["10.0.0.1"]', ["10.0.0.1/32"], []),
        ('public = ["192.0.2.1"]', ["192.0.2.1/32"], []),
        ('inside = ["10.0.0.1"]\npublic = ["192.0.2.1"]', ["192.0.2.1/32"], ["10.0.0.1/32"]),
        ('names = ["a.example"]', [], []),
    ],
)
def test_one_side_of_a_nat_alone_is_both_sides(long: str, public: list[str], inside: list[str]) -> None:
    own = parse_profile(f'organization.clouds = ["worldwide"]\n[roles.sbc]\n{long}').roles["sbc"]
    assert ([str(p) for p in own.prefixes], [str(p) for p in own.inside]) == (public, inside)
    assert own.only_side == ("" if inside or not public else long.split(maxsplit=1)[0])


def test_a_profile_made_in_python_is_checked_too() -> None:
    with pytest.raises(ProfileError, match="is not one of the mail domains"):
        Profile(clouds=(Cloud.WORLDWIDE,), dns={"a.example": DnsSettings()})
    with pytest.raises(ProfileError, match="is not one of the clouds"):
        Profile(clouds=(Cloud.WORLDWIDE,), email_domains=("a.example",), domains={"a.example": Cloud.CHINA})
