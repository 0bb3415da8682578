"""Pages made up by code: our own words in many languages, the page's tokens, and one hazard of writing or layout at a time.

    >>> page = made("host: star as an entity", "html", "pl")
    >>> page.text[:15], sorted(page.tokens)[0]
    ('<!DOCTYPE html>', (2, 'api.diagnostics.office.com'))

The oracle is the generator: it knows which token it put into which row. A hazard changes how tokens are written (a
function from text to text), how cells are joined, or the finished page. None changes what a careful reader would take
from the page. `SAID` names hazards that leave a reader in doubt: there a token may be missing if it is said to be unreadable.

It is over 400 lines because the languages and hazards are tables, which read best in one piece.
"""

# ruff: noqa: E501 (one hazard a line)

import html
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

FORMS = ("markdown", "html", "text")


@dataclass(frozen=True)
class Language:
    """Words of a language; the prose is ours, not the page's."""

    ports: Sequence[str]
    """Ways to write ports: `{p}` is TCP or UDP, `{n}` the numbers."""
    both: str
    """Between two things: " and "."""
    prose: Sequence[str]
    tenant: str
    domain: str
    number: Callable[[str], str] = str
    """How a range is written: thousands."""
    stop: str = ". "


def _comma(text: str) -> str:
    return re.sub(r"(\d\d)(\d{3})", r"\1,\2", text)


def _dot(text: str) -> str:
    return re.sub(r"(\d\d)(\d{3})", r"\1.\2", text)


def _gap(text: str) -> str:
    return re.sub(r"(\d\d)(\d{3})", "\\1\u202f\\2", text)


LANGUAGES: Mapping[str, Language] = {
    "en": Language(("{p} port {n}", "{p} ports {n}", "ports {n} ({p})"), " and ", ("Needed by the servers of the tenant.", "Only for hybrid use."), "tenant", "email_domain", _comma),
    "fr": Language(("Ports {p} {n}", "Port {p} {n}", "{p} sur les ports {n}"), " et ", ("Utilisé par les serveurs de l’organisation.", "Voir aussi : remarques."), "locataire", "domaine de messagerie", _gap),
    "de": Language(("{p}-Ports {n}", "{p}-Port {n}", "Port {n} ({p})"), " und ", ("Wird von Servern der Organisation benötigt.", "Nur für Hybridbetrieb."), "Mandant", "E-Mail-Domäne", _dot),
    "es": Language(("Puertos {p} {n}", "Puerto {p} {n}", "{p} en los puertos {n}"), " y ", ("Lo necesitan los servidores de la organización.", "Solo para uso híbrido."), "inquilino", "dominio_de_correo", _dot),
    "pt": Language(("Portas {p} {n}", "Porta {p} {n}", "{p} na porta {n}"), " e ", ("Necessário para os servidores.", "Também é usado por clientes."), "locatário", "domínio de email", _dot),
    "it": Language(("Porte {p} {n}", "Porta {p} {n}"), " e ", ("Serve ai server dell'organizzazione.", "Solo per l'uso ibrido."), "tenant", "dominio di posta", _dot),
    "nl": Language(("{p}-poorten {n}", "{p}-poort {n}"), " en ", ("Nodig voor de servers van de organisatie.",), "tenant", "e-maildomein", _dot),
    "sv": Language(("{p}-portarna {n}", "{p}-port {n}"), " och ", ("Behövs av organisationens servrar.",), "klientorganisation", "e-postdomän", _gap),
    "fi": Language(("{p}-portit {n}", "{p}-portti {n}"), " ja ", ("Organisaation palvelimet tarvitsevat tätä.",), "vuokraaja", "sähköpostitoimialue", _gap),
    "pl": Language(("Porty {p} {n}", "Port {p} {n}"), " oraz ", ("Potrzebne serwerom organizacji.", "Tylko w trybie hybrydowym."), "dzierżawa", "domena_e-mail", _gap),
    "cs": Language(("Porty {p} {n}", "Port {p} {n}"), " a ", ("Potřebují to servery organizace.",), "tenant", "e-mailová doména", _gap),
    "hu": Language(("{n} {p}-portok", "{p}-portok: {n}"), " és ", ("A szervezet kiszolgálóinak kell.",), "bérlő", "e-mail-tartomány", _gap),
    "ro": Language(("Porturile {p} {n}", "Portul {p} {n}"), " și ", ("Necesar serverelor organizației.",), "entitate găzduită", "domeniu de e-mail", _dot),
    "tr": Language(("{n} {p} bağlantı noktaları", "{p} bağlantı noktası {n}"), " ve ", ("Kuruluşun sunucuları için gerekir.",), "kiracı", "e-posta etki alanı", _dot),
    "ru": Language(("Порты {p} {n}", "{p}-порты {n}", "порт {n} ({p})"), " и ", ("Нужно серверам организации.", "Только для гибридной среды."), "клиент", "домен_почты", _gap),
    "uk": Language(("Порти {p} {n}", "порт {p} {n}"), " та ", ("Потрібно серверам організації.",), "клієнт", "домен пошти", _gap),
    "el": Language(("Θύρες {p} {n}", "Θύρα {p} {n}"), " και ", ("Χρειάζεται στους διακομιστές.",), "μισθωτής", "τομέας", _dot),
    "ja": Language(("{p} ポート {n}", "{p}ポート{n}"), "と", ("組織のサーバーで必要です。", "ハイブリッド専用です。"), "テナント", "メール ドメイン", _comma, "。"),
    "zh": Language(("{p} 端口 {n}", "{p}端口{n}", "端口 {n}（{p}）"), "和", ("组织的服务器需要它。", "仅用于混合部署。"), "租户", "电子邮件域", _comma, "。"),
    "ko": Language(("{p} 포트 {n}", "{p} 포트({n})"), " 및 ", ("조직의 서버에 필요합니다.",), "테넌트", "전자 메일 도메인", _comma),
    "ar": Language(("منافذ {p} {n}", "منفذ {p} {n}", "المنفذ {n} ({p})"), " و", ("تحتاج إليه خوادم المؤسسة.",), "المستأجر", "مجال البريد", _comma),
    "he": Language(("יציאות {p} {n}", "יציאת {p} {n}"), " ו-", ("דרוש לשרתי הארגון.",), "דייר", "תחום דואר", _comma),
    "th": Language(("พอร์ต {p} {n}", "พอร์ต{p} {n}"), "และ", ("เซิร์ฟเวอร์ขององค์กรต้องใช้",), "ผู้เช่า", "โดเมนอีเมล", _comma),
    "vi": Language(("Cổng {p} {n}", "các cổng {p} {n}"), " và ", ("Máy chủ của tổ chức cần đến.",), "đối tượng thuê", "miền email", _dot),
    "hi": Language(("{p} पोर्ट {n}", "पोर्ट {n} ({p})"), " और ", ("संगठन के सर्वर को चाहिए।",), "किरायेदार", "ईमेल डोमेन", _comma),
    "id": Language(("Port {p} {n}", "port {n} ({p})"), " dan ", ("Diperlukan oleh server organisasi.",), "penyewa", "domain email", _dot),
}  # fmt: skip

Item = tuple[str, str]
"""(kind, value): host, url, path, hostport, prefix, TCP, UDP, template, word (kept as it is), prose, bare."""


def _items(kind: str, values: str) -> list[Item]:
    return [(kind, value) for value in values.split()]


CONTENT: Mapping[int, tuple[str, list[Item], list[Item]]] = {
    1: ("PST", [("prose", "")], [("prose", "")]),
    2: ("Support and Recovery Assistant", [("prose", "")], _items("url", "autodiscover.outlook.com officecdn.microsoft.com api.diagnostics.office.com apibasic.diagnostics.office.com autodiscover-s.outlook.com cloudcheckenabler.azurewebsites.net login.live.com login.windows.net o365diagtelemetry.trafficmanager.net odc.officeapps.live.com officeapps.live.com outlook.office365.com sara.api.support.microsoft.com")),
    3: ("Microsoft Entra Connect, WinRM", [("prose", "")], [("TCP", "80,443")]),
    4: ("STS, AD FS", [("prose", "")], [("TCP", "443"), ("word", "ClientTLS"), ("TCP", "49443")]),
    5: ("Exchange Online, SBC", [("prose", "")], [("host", "*.um.outlook.com")]),
    6: ("MRS, EWS", [("prose", ""), ("prose", "")], [("TCP", "443")]),
    7: ("Exchange Hybrid, Free/Busy", [("prose", "")], [("prose", "")]),
    8: ("Exchange Hybrid", [("prose", "")], [("word", "STS")]),
    9: ("Exchange Hybrid Configuration Wizard", [("prose", "")], [("host", "domains.live.com"), ("TCP", "80,443"), ("prefix", "40.118.209.192/32"), ("prefix", "168.62.190.41/32"), *_items("host", "*.store.core.windows.net asl.configure.office.com tds.configure.office.com mshybridservice.trafficmanager.net"), ("path", "aka.ms/hybridwizard"), ("path", "shcwreleaseprod.blob.core.windows.net/shcw/*")]),
    10: ("AutoDetect, Exchange Hybrid, iOS, Android", [("prose", ""), ("template", "email_domain|.outlookmobile.com"), ("template", "email_domain|.outlookmobile.us"), *_items("prefix", "52.125.128.0/20 52.127.96.0/23")], [("TCP", "443")]),
    11: ("Exchange, Microsoft Entra", [("prose", "")], [("host", "*.msappproxy.net")]),
    12: ("Skype for Business, Office 2016, Office 2013, RDP", [("prose", "")], [("TCP", "443"), ("prefix", "52.112.0.0/14")]),
    13: ("Skype for Business", [("prose", "")], [*_items("prefix", "13.107.64.0/18 52.112.0.0/14"), ("UDP", "50000-59999"), ("TCP", "50000-59999,5061")]),
    14: ("PSTN", [("prose", "")], [("prose", "")]),
    15: ("IE, Edge, FQDN", [("prose", ""), ("host", "secure.aadcdn.microsoftonline-p.com"), ("prose", "")], []),
    16: ("Microsoft Teams, FQDN", [("prose", "")], []),
    17: ("SharePoint Online, OneDrive, FQDN", [("prose", ""), ("bare", "tenant|.sharepoint.com")], []),
    18: ("Yammer", [("prose", "")], []),
    19: ("Microsoft Entra Connect", [("prose", "")], [("prose", "")]),
    20: ("Microsoft Entra Connect, 21 ViaNet", [("prose", "")], _items("hostport", "*.digicert.com:80 *.entrust.net:80 *.chinacloudapi.cn:443 secure.aadcdn.partner.microsoftonline-p.cn:443 *.partner.microsoftonline.cn:443")),
    21: ("Microsoft Stream", [("prose", "")], [*_items("host", "*.cloudapp.net *.api.microsoftstream.com *.notification.api.microsoftstream.com amp.azure.net api.microsoftstream.com az416426.vo.msecnd.net s0.assets-yammer.com vortex.data.microsoft.com web.microsoftstream.com"), ("TCP", "443")]),
    22: ("MFA", [("prose", "")], [("prose", "")]),
    23: ("Microsoft Graph", [("prose", "")], [*_items("prefix", "52.159.23.209/32 70.37.95.92/32 20.20.32.0/19 20.190.128.0/18 20.231.128.0/19 40.126.0.0/18 2603:1006:2000::/48 2603:1017::/48 2603:1057:2::/48 20.140.232.0/23 52.126.194.0/23 2001:489a:3500::/50 40.72.70.0/23 52.130.2.32/27 52.243.148.19/32 2406:e500:5500::/48"), ("TCP", "443")]),
    24: ("Windows 10, Windows 11", [("prose", "")], [("host", "www.msftconnecttest.com")]),
    25: ("Teams, Android, Apple, FCM", [("prose", "")], [("prose", "")]),
}  # fmt: skip
"""Row: words that no translation changes, what stands in the purpose cell, what in the destination cell."""


def _same(text: str) -> str:
    return text


@dataclass(frozen=True)
class Style:
    """How a page is written. Functions get and give plain text, before the form escapes it; `raw` ones after."""

    host: Callable[[str], str] = _same
    """A host, URL, path or host:port."""
    raw: Callable[[str], str] = _same
    """The same, escaped and marked as code, in the form's own writing (not in text)."""
    prefix: Callable[[str], str] = _same
    ports: Callable[[str], str] = _same
    """The whole phrase of ports."""
    numbers: Callable[[str], str] | None = None
    """The list of numbers, before the phrase; None: the language's."""
    template: Callable[[str], str] = _same
    code: bool = True
    between: str = "\n"
    """Between items: a line break, or other text."""
    page: Callable[[str], str] = _same
    """The finished page."""
    cells: Callable[[list[list[str]]], list[list[str]]] = _same  # type: ignore[assignment]
    """All rows of cells, the head first, escaped."""
    forms: Sequence[str] = FORMS
    row: Callable[[int], str] = str
    """The number in front of a row."""
    drop: frozenset[int] = frozenset()
    """Tokens of these rows do not count."""
    layout: str = "table"


@dataclass(frozen=True)
class Made:
    text: str
    form: str
    tokens: frozenset[tuple[int, str]] = field(repr=False)


def _written(item: Item, style: Style, words: Language, ports: str, rng: random.Random) -> tuple[str, list[str], bool]:
    """An item's text, its tokens, and whether it is marked as code."""
    kind, value = item
    if kind == "prose":
        return rng.choice(words.prose), [], False
    if kind == "word":
        return value, [], False
    if kind in ("TCP", "UDP"):
        parts = [
            (style.numbers or words.number)(part) if "-" in part or style.numbers else part for part in value.split(",")
        ]
        phrase = ports.format(p=kind, n=words.both.join(parts))
        return style.ports(phrase), [f"{kind.lower()}/{part}" for part in value.split(",")], False
    if kind == "prefix":
        return style.prefix(value.removesuffix("/32") if not value.startswith(("40.118", "168.")) else value), [value], False
    if kind in ("template", "bare"):
        variable, domain = value.split("|")
        name = words.tenant if variable == "tenant" else words.domain
        shown = f"'{domain}' – '<{name}>'" if kind == "bare" else f"<{name}>{domain}"
        return style.template(shown), [f"<{variable}>{domain}"], kind == "template"
    if kind == "url":
        return style.host(f"https://{value}"), [value], True
    if kind == "hostport":
        host, _, port = value.partition(":")
        return style.host(value), [host, f"tcp/{port}"], True
    if kind == "path":
        return style.host(value), [value.partition("/")[0], value], True
    return style.host(value), [value], True


def _escaped(text: str, form: str) -> str:
    if form == "html":
        return html.escape(text, quote=False)
    if form == "markdown":
        return text.replace("<", "\\<").replace(">", "\\>").replace("|", "\\|")
    return text


def _cell(items: Sequence[Item], style: Style, words: Language, form: str, rng: random.Random) -> tuple[str, list[str]]:
    pieces, tokens = [], []
    ports = rng.choice(words.ports)  # one cell is written in one way
    for item in items:
        text, found, code = _written(item, style, words, ports, rng)
        tokens += found
        if form == "text":
            pieces.append(text)
            continue
        text = text if code and style.code and form == "markdown" else _escaped(text, form)
        if code and style.code:
            text = f"<code>{text}</code>" if form == "html" else f"`{text}`"
        pieces.append(style.raw(text) if code else text)
    joined = style.between.join(pieces)
    return joined if form == "text" else joined.replace("\n", "<br>"), tokens


def made(hazard: str, form: str, language: str) -> Made:
    """A page with one hazard."""
    return written(HAZARDS[hazard], form, language, hazard)


def written(style: Style, form: str, language: str, seed: str = "") -> Made:
    """A page of a style."""
    words = LANGUAGES[language]
    rng = random.Random(f"{seed}/{form}/{language}")
    table = [["#", "Purpose", "Destination", "Type"]]
    tokens: set[tuple[int, str]] = set()
    for number, (title, purpose, destination) in CONTENT.items():
        if number in style.drop:
            continue
        first, found = _cell([("word", title), *purpose], style, words, form, rng)
        second, more = _cell(destination, style, words, form, rng)
        tokens |= {(number, token) for token in (*found, *more)}
        if form == "text":
            first = re.sub(r"\n", "\n\n", first, count=1)
        table.append([style.row(number), first, second, rng.choice(words.prose)])
    table = style.cells(table)
    text = {"markdown": _markdown, "html": _html, "text": _text}[form](table, words, style.layout)
    return Made(text=style.page(text), form=form, tokens=frozenset(tokens))


def _markdown(table: list[list[str]], words: Language, layout: str) -> str:
    intro = f"---\ntitle: x\nms.date: 01/08/2025\n---\n\n# {words.prose[0]}\n\n1. {words.prose[0]}\n2. {words.prose[-1]}\n\n"
    if layout == "list":
        body = [
            f"{n}. **{a}**\n   - {b}\n   - {c}\n"
            for n, a, b, c in ([c.replace("<br>", "\n     ") for c in r] for r in table[1:])
        ]
    else:
        rows = ["|" + "|".join(cells) + "|" for cells in table]
        body = [rows[0], "|---|---|---|---|", *rows[1:]]
    return intro + "\n".join(body) + f"\n\n## {words.prose[-1]}\n\n[x](https://learn.microsoft.com/y)\n"


def _html(table: list[list[str]], words: Language, layout: str) -> str:
    head = '<!DOCTYPE html><html><head><title>x</title><style>td{}</style><script>var h="a.evil.com";</script></head><body>'
    if layout == "list":
        items = "".join(f"<li><b>{a}</b><ul><li>{b}</li><li>{c}</li></ul></li>\n" for _, a, b, c in table[1:])
        return f"{head}<h1>{words.prose[0]}</h1><ol>{items}</ol></body></html>"
    top = "".join(f"<th>{c}</th>" for c in table[0])
    rows = "".join(
        "<tr>" + "".join(c if c.startswith("<td") else f"<td>{c}</td>\n" for c in row) + "</tr>\n" for row in table[1:]
    )
    return f"{head}<h1>{words.prose[0]}</h1><table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></body></html>"


def _text(table: list[list[str]], words: Language, layout: str) -> str:
    mark = "." if layout == "list" else ""
    lines = [f"{words.prose[0]}\n\n  1. {words.prose[0]}\n  2. {words.prose[-1]}\n\n", " ".join(table[0])]
    lines += [
        f"{n}{mark} {a} {b}\n{c}".strip() if "\n" not in a else f"{n}{mark} {a}\n\n{b}\n\n{c}".strip()
        for n, a, b, c in table[1:]
    ]
    return "\n".join(lines) + f"\n\n{words.prose[-1]}\n"


def _sub(pattern: str, to: str, count: int = 0) -> Callable[[str], str]:
    return lambda text: re.sub(pattern, to, text, count=count)


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _digits(zero: int) -> Callable[[str], str]:
    return lambda text: "".join(chr(zero + int(c)) if c.isascii() and c.isdigit() else c for c in text)


def _row_html(extra: str, before: bool = False) -> Callable[[str], str]:
    def change(page: str) -> str:
        if "<tbody>" in page:
            return page.replace("<tbody>", "<tbody>" + extra) if before else page.replace("</tbody>", extra + "</tbody>")
        return page

    return change


def _all_cells(change: Callable[[str], str]) -> Callable[[list[list[str]]], list[list[str]]]:
    return lambda table: [table[0], *[[row[0], *map(change, row[1:])] for row in table[1:]]]


def _rows(change: Callable[[list[str]], list[str]]) -> Callable[[list[list[str]]], list[list[str]]]:
    return lambda table: [table[0], *map(change, table[1:])]


def _order(*places: int) -> Callable[[list[list[str]]], list[list[str]]]:
    return lambda table: [[row[i] for i in places] for row in table]


def _span_number(table: list[list[str]]) -> list[list[str]]:
    """Each row as two: the number cell spans both, the type moves to the second."""
    made = [table[0]]
    for n, a, b, c in table[1:]:
        made += [[f'<td rowspan="2">{n}</td>', a, f'<td colspan="2">{b}</td>'], [f'<td colspan="3">{c}</td>']]
    return made


def _span_type(table: list[list[str]]) -> list[list[str]]:
    """The type cell spans two rows."""
    made = [table[0]]
    for i, (n, a, b, c) in enumerate(table[1:]):
        made.append([n, a, b, f"<td rowspan=2>{c}</td>"] if i % 2 == 0 else [n, a, b])
    return made


def _renumbered(table: list[list[str]]) -> list[list[str]]:
    return [table[0], *[[str(i + 3), *row[1:]] for i, row in enumerate(table[1:])]]


def _extra(table: list[list[str]]) -> list[list[str]]:
    return [*table, ["26", "A new need", "new.contoso-cdn.com", "x"]]


def _inner_table(cell: str) -> str:
    return f"<table><tr><td>x</td><td>{cell}</td></tr><tr><td>y</td><td>z</td></tr></table>"


def _split_cell(row: list[str]) -> list[str]:
    """In Markdown, a real line break behind the first <br> of the destination."""
    return [row[0], row[1], row[2].replace("<br>", "<br>\n", 1), row[3]]


HIDDEN = "{open}<td>99</td><td>x</td><td>131.107.113.0/24 evil.contoso.com</td><td>TCP 22</td></tr>"
HAZARDS: Mapping[str, Style] = {
    "none": Style(),
    # how a host is written
    "host: zero-width spaces": Style(host=_sub(r"\.", ".\u200b")),
    "host: zero-width joiners": Style(host=_sub(r"(?<=[a-z])\.", "\u200d.")),
    "host: soft hyphens": Style(host=_sub(r"(?<=[a-z]{3})(?=[a-z]{3})", "\u00ad")),
    "host: direction marks": Style(host=lambda t: f"\u200e{t}\u200f", ports=lambda t: f"\u061c{t}\u202c"),
    "host: isolates": Style(host=lambda t: f"\u2066{t}\u2069"),
    "host: no-break hyphens": Style(host=_sub("-", "\u2011")),
    "host: full-width dots": Style(host=_sub(r"\.", "\uff0e")),
    "host: full-width colons and slashes": Style(host=lambda t: t.replace(":", "\uff1a").replace("/", "\uff0f")),
    "host: all full-width": Style(host=_wide),
    "host: ideographic dots": Style(host=_sub(r"(?<=[a-z0-9])\.(?=[a-z])", "\u3002")),
    "host: full-width stars": Style(host=_sub(r"\*", "\uff0a")),
    "host: other stars": Style(host=_sub(r"\*", "\u2217")),
    "host: Arabic stars": Style(host=_sub(r"\*", "\u066d")),
    "host: escaped stars": Style(raw=_sub(r"\*", r"\\*"), code=False, forms=("markdown",)),
    "host: escaped dots and hyphens": Style(raw=_sub(r"([.-])", r"\\\1"), code=False, forms=("markdown",)),
    "host: star as an entity": Style(raw=_sub(r"\*", "&#42;"), code=False, forms=("markdown", "html")),
    "host: star as a named entity": Style(raw=_sub(r"\*", "&ast;"), code=False, forms=("markdown", "html")),
    "host: dots as entities": Style(raw=_sub(r"\.", "&#x2E;"), code=False, forms=("markdown", "html")),
    "host: double-escaped entities": Style(raw=_sub(r"\*", "&amp;#42;"), code=False, forms=("markdown", "html")),
    "host: entities in text": Style(host=_sub(r"\*", "&#42;"), forms=("text",)),
    "host: percent-encoded star": Style(host=_sub(r"\*", "%2A")),
    "host: percent-encoded path": Style(host=lambda t: t.replace("aka.ms/", "aka.ms%2F").replace("https://", "https%3A%2F%2F")),
    "host: split star": Style(host=_sub(r"\*\.", "*. ")),
    "host: split star before the dot": Style(host=_sub(r"\*\.", "* .")),
    "host: star glued": Style(host=_sub(r"\*\.", "*")),
    "host: star lost in emphasis": Style(raw=_sub(r"\*\.", "."), code=False, forms=("markdown", "html")),
    "host: moved star of a path": Style(host=lambda t: f"*{t[:-1]}" if t.endswith("/*") else t),
    "host: space behind the first dot": Style(host=lambda t: t.replace(".", ". ", 1) if t.count(".") > 1 and "/" not in t else t),
    "host: space before the port": Style(host=_sub(r":(\d)", " : \\1")),
    "host: no-break space before the port": Style(host=_sub(r":(\d)", "\u00a0:\u00a0\\1")),
    "host: upper case": Style(host=lambda t: t.upper() if "/" not in t.replace("//", "") else t),
    "host: capital at the beginning": Style(host=lambda t: t[0].upper() + t[1:]),
    "host: trailing dots": Style(host=lambda t: t + "."),
    "host: trailing semicolons": Style(host=lambda t: t + " ;"),
    "host: in quotes": Style(host=lambda t: f"«{t}»"),
    "host: in low quotes": Style(host=lambda t: f"„{t}“"),
    "host: in corner brackets": Style(host=lambda t: f"「{t}」", code=False),
    "host: in parentheses": Style(host=lambda t: f"({t})", code=False),
    "host: with footnotes": Style(raw=lambda t: f"{t}<sup>1</sup>", code=False, ports=lambda t: f"{t}\u00b9", forms=("markdown", "html")),
    "host: with footnotes in brackets": Style(host=lambda t: f"{t} [1]", ports=lambda t: f"{t} [2]", code=False),
    "host: with superscript digits": Style(host=lambda t: f"{t}\u00b2", code=False),
    "host: word break tags": Style(raw=_sub(r"(?<=[a-z])\.(?=[a-z])", ".<wbr>"), code=False, forms=("html", "markdown")),
    "host: bold inside": Style(raw=lambda t: t.replace("microsoft", "<strong>microsoft</strong>"), code=False, forms=("html", "markdown")),
    "host: comments inside": Style(raw=lambda t: t.replace(".", ".<!-- a.evil.com -->", 1), code=False, forms=("html", "markdown")),
    "host: spans around": Style(raw=lambda t: f'<span class="no-loc" dir="ltr">{t}</span>', code=False, forms=("html", "markdown")),
    "host: samp and kbd": Style(raw=lambda t: f"<samp><kbd>{t}</kbd></samp>", code=False, forms=("html", "markdown")),
    "host: links to themselves": Style(raw=lambda t: f'<a href="https://{re.sub("<.*?>", "", t)}">{t}</a>', forms=("html",)),
    "host: links to documents": Style(raw=lambda t: f'<a href="https://learn.evil.com/{len(t)}?a=1&amp;b=2" title="c > d.evil.com">{t}</a>', forms=("html",)),
    "host: Markdown links to documents": Style(raw=lambda t: f'[{t}](https://docs.evil.com/x_(y)?a=1 "b")', forms=("markdown",)),
    "host: Markdown autolinks": Style(host=lambda t: t, raw=lambda t: f"<{t.strip('`')}>" if "https:" in t else t, forms=("markdown",)),
    "host: bold Markdown": Style(raw=lambda t: f"**{t}**", forms=("markdown",)),
    "host: underscores of emphasis": Style(raw=lambda t: f"_{t}_", code=False, forms=("markdown",)),
    "host: one after the other with commas": Style(between=", ", code=False),
    "host: with the word for and": Style(between=" & ", code=False),
    "host: with a semicolon and no space": Style(between=";", code=False),
    "host: with ideographic commas": Style(between="\u3001", code=False),
    "host: with Arabic commas": Style(between="\u060c ", code=False),
    "host: with bullets": Style(between="\n• ", code=False),
    "host: URL with a slash": Style(host=lambda t: t + "/" if t.startswith("https://") else t),
    "host: URL with a port": Style(host=lambda t: t + ":443" if t.startswith("https://") else t, drop=frozenset((2,))),
    "host: scheme in parentheses": Style(host=lambda t: t.replace("https://", "http(s)://")),
    "host: space in the scheme": Style(host=lambda t: t.replace("https://", "https: //")),
    # addresses
    "prefix: no-break spaces before colons": Style(prefix=_sub(":+", "\u00a0\\g<0>")),
    "prefix: space inside": Style(prefix=_sub(r"(\d)\.(\d+)\.(\d+)", r"\1.\2. \3", 1)),
    "prefix: space in the last number": Style(prefix=_sub(r"\.(\d)(\d+)$", r".\1 \2")),
    "prefix: space before the slash": Style(prefix=_sub("/", " /")),
    "prefix: spaces around the slash": Style(prefix=_sub("/", " / ")),
    "prefix: full-width dots and slashes": Style(prefix=lambda t: t.replace(".", "\uff0e").replace("/", "\uff0f").replace(":", "\uff1a")),
    "prefix: full-width digits": Style(prefix=_wide),
    "prefix: Arabic-Indic digits": Style(prefix=lambda t: t if ":" in t else _digits(0x660)(t)),
    "prefix: Devanagari digits": Style(prefix=lambda t: t if ":" in t else _digits(0x966)(t)),
    "prefix: fraction slash": Style(prefix=_sub("/", "\u2044")),
    "prefix: zero-width spaces": Style(prefix=_sub(r"\.", ".\u200b")),
    "prefix: upper case": Style(prefix=str.upper),
    "prefix: zeros written out": Style(prefix=_sub(r"::/", ":0000::/")),
    "prefix: with footnotes": Style(prefix=lambda t: f"{t}\u00b9"),
    "prefix: in parentheses": Style(prefix=lambda t: f"({t})"),
    "prefix: in one line with commas": Style(between=", "),
    "prefix: in one line with spaces": Style(between=" ", host=_same, drop=frozenset((9, 21))),
    "prefix: direction marks": Style(prefix=lambda t: f"\u200e{t}\u200e"),
    # ports
    "ports: commas for thousands": Style(numbers=_comma),
    "ports: dots for thousands": Style(numbers=_dot),
    "ports: thin spaces for thousands": Style(numbers=lambda t: _gap(t).replace("\u202f", "\u2009")),
    "ports: apostrophes for thousands": Style(numbers=lambda t: _comma(t).replace(",", "\u2019")),
    "ports: Arabic thousands": Style(numbers=lambda t: _comma(t).replace(",", "\u066c")),
    "ports: en dash": Style(numbers=lambda t: t.replace("-", "\u2013")),
    "ports: em dash with spaces": Style(numbers=lambda t: t.replace("-", " \u2014 ")),
    "ports: wave dash": Style(numbers=lambda t: t.replace("-", "\uff5e")),
    "ports: ideographic range": Style(numbers=lambda t: t.replace("-", "\u81f3")),
    "ports: dots of a range": Style(numbers=lambda t: t.replace("-", "\u2026")),
    "ports: to": Style(numbers=lambda t: t.replace("-", " to ")),
    "ports: bis": Style(numbers=lambda t: _dot(t).replace("-", " bis ")),
    "ports: à": Style(numbers=lambda t: _gap(t).replace("-", " à ")),
    "ports: a": Style(numbers=lambda t: _dot(t).replace("-", " a ")),
    "ports: до": Style(numbers=lambda t: _gap(t).replace("-", " до ")),
    "ports: から": Style(numbers=lambda t: t.replace("-", "から")),
    "ports: إلى": Style(numbers=lambda t: t.replace("-", " إلى ")),
    "ports: full-width digits": Style(ports=_wide),
    "ports: Arabic-Indic digits": Style(ports=_digits(0x660)),
    "ports: Persian digits": Style(ports=_digits(0x6F0)),
    "ports: no-break spaces": Style(ports=_sub(" ", "\u00a0")),
    "ports: colon": Style(ports=_sub(r"(TCP|UDP)(?=[^\d)]*\d)", r"\1:")),
    "ports: lower case": Style(ports=lambda t: t.replace("TCP", "tcp").replace("UDP", "udp")),
    "ports: slashes": Style(ports=lambda t: re.sub(r".*?(TCP|UDP).*?([\d][\d ,.;\u202f-]*\d).*", r"\1/\2", t) if len(re.findall(r"\d{2,}", t)) == 1 else t),
    "ports: protocol behind": Style(ports=lambda t: re.sub(r".*?(TCP|UDP).*?(\d+)\D*$", r"\2/\1", t) if len(re.findall(r"\d{2,}", t)) == 1 else t),
    # templates
    "template: angle quotes": Style(template=lambda t: t.replace("<", "«< ").replace(">", "> »")),
    "template: full-width": Style(template=lambda t: t.replace("<", "\uff1c").replace(">", "\uff1e")),
    "template: ideographic brackets": Style(template=lambda t: t.replace("<", "\u3008").replace(">", "\u3009")),
    "template: double brackets": Style(template=lambda t: t.replace("<", "\u300a").replace(">", "\u300b")),
    "template: braces": Style(template=lambda t: t.replace("<", "{").replace(">", "}")),
    "template: brackets": Style(template=lambda t: t.replace("<", "[").replace(">", "]"), code=False),
    "template: spaces": Style(template=lambda t: t.replace("<", "< ").replace(">.", "> .").replace(".sharepoint", ". sharepoint")),
    "template: space in the domain": Style(template=lambda t: t.replace("outlookmobile.", "outlookmobile. ")),
    "template: double-escaped": Style(template=lambda t: t.replace("<", "&lt;").replace(">", "&gt;")),
    "template: gone as a tag": Style(template=lambda t: re.sub(r"<[^>]*>", "", t)),
    # layout
    "layout: row numbers as words": Style(row=lambda n: f"mot{'abcdefghijklmnopqrstuvwxyz'[n]}"),
    "layout: row numbers gone": Style(row=lambda n: ""),
    "layout: row numbers with a word": Style(row=lambda n: f"Row {n}", forms=("markdown", "html")),
    "layout: Arabic row numbers": Style(row=lambda n: _digits(0x660)(str(n))),
    "layout: full-width row numbers": Style(row=lambda n: _wide(str(n))),
    "layout: row numbers with a stop": Style(row=lambda n: f"{n}."),
    "layout: rows renumbered": Style(cells=_renumbered),
    "layout: an extra row 26": Style(cells=_extra),
    "layout: rows missing": Style(drop=frozenset((1, 2, 3, 7, 8, 11, 17, 18, 19, 22, 25))),
    "layout: only the last rows": Style(drop=frozenset(range(1, 16))),
    "layout: columns reversed": Style(cells=_order(3, 2, 1, 0), forms=("markdown", "html")),
    "layout: destination before purpose": Style(cells=_order(0, 2, 1, 3), forms=("markdown", "html")),
    "layout: no number column": Style(cells=_order(1, 2, 3), forms=("markdown", "html")),
    "layout: type before destination": Style(cells=_order(0, 1, 3, 2), forms=("markdown", "html")),
    "layout: number cell spans two rows": Style(cells=_span_number, forms=("html",)),
    "layout: type cell spans two rows": Style(cells=_span_type, forms=("html",)),
    "layout: tables inside of cells": Style(cells=_all_cells(_inner_table), forms=("html",)),
    "layout: the table in a table": Style(page=lambda p: p.replace("<table>", "<table><tr><td>menu</td><td><table>").replace("</table>", "</table></td></tr></table>"), forms=("html",)),
    "layout: paragraphs in cells": Style(cells=_all_cells(lambda c: "<p>" + c.replace("<br>", "</p><p>") + "</p>"), forms=("html", "markdown")),
    "layout: lists in cells": Style(cells=_all_cells(lambda c: "<ul><li>" + c.replace("<br>", "</li><li>") + "</li></ul>"), forms=("html", "markdown")),
    "layout: capital tags": Style(page=lambda p: re.sub(r"</?[a-z]+", lambda m: m[0].upper(), p), forms=("html", "markdown")),
    "layout: tags with spaces": Style(cells=_all_cells(lambda c: c.replace("<br>", "< BR / >")), forms=("html", "markdown")),
    "layout: escaped line breaks": Style(cells=_all_cells(lambda c: c.replace("<br>", "&lt;br&gt;")), forms=("html", "markdown")),
    "layout: unclosed cells": Style(page=lambda p: p.replace("</td>", "").replace("</tr>", ""), forms=("html",)),
    "layout: no line ends": Style(page=lambda p: p.replace("\n", ""), forms=("html",)),
    "layout: attributes with angles": Style(page=lambda p: p.replace("<td>", '<td data-x="1 > 0 a.evil.com" title=\'<td>\'>'), forms=("html",)),
    "layout: hidden rows": Style(page=_row_html(HIDDEN.format(open="<tr hidden>") + HIDDEN.format(open='<tr style="display:none">') + HIDDEN.format(open="<tr class='visually-hidden'>")), forms=("html",)),
    "layout: a hidden body of rows": Style(page=_row_html(f"</tbody><tbody hidden>{HIDDEN.format(open='<tr>')}"), forms=("html",)),
    "layout: hidden rows first": Style(page=_row_html(HIDDEN.format(open='<tr aria-hidden="true">'), before=True), forms=("html",)),
    "layout: a row in a comment": Style(page=lambda p: p.replace("</tbody>", f"<!-- {HIDDEN.format(open='<tr>')} --></tbody>").replace("|---|---|---|---|", "|---|---|---|---|\n<!--\n|99|x|131.107.113.0/24 evil.contoso.com|TCP 22|\n-->"), forms=("html", "markdown")),
    "layout: scripts, styles and templates": Style(page=_row_html(f"<script>{HIDDEN.format(open='<tr>')}</script><style>a.evil.com</style><template>{HIDDEN.format(open='<tr>')}</template>"), forms=("html",)),
    "layout: hidden parts of cells": Style(cells=_rows(lambda r: [r[0], r[1] + '<span style="display: none">b.evil.com 131.107.113.9</span>', r[2] + "<i hidden>c.evil.com</i>", r[3]]), forms=("html", "markdown")),
    "layout: a cell over two lines": Style(cells=_rows(_split_cell), forms=("markdown",)),
    "layout: no outer bars": Style(page=lambda p: "\n".join(line.strip("|") if line.startswith("|") and not line.startswith("|-") else line for line in p.split("\n")), forms=("markdown",)),
    "layout: bars with spaces": Style(page=lambda p: re.sub(r"(?<!\\)\|", " | ", p), forms=("markdown",)),
    "layout: Windows line ends": Style(page=lambda p: p.replace("\n", "\r\n")),
    "layout: old Macintosh line ends": Style(page=lambda p: p.replace("\n", "\r"), forms=("text", "markdown")),
    "layout: blank lines between all lines": Style(page=lambda p: p.replace("\n", "\n\n"), forms=("text",)),
    "layout: tabs between columns": Style(page=lambda p: re.sub(r"(?m)^(\d{1,2}) ", "\\1\t", p), forms=("text",)),
    "layout: numbers on lines of their own": Style(row=lambda n: f"{n}\n", forms=("text",)),
    "layout: a list": Style(layout="list"),
    "layout: code beside code": Style(page=lambda p: re.sub(r"` *<br> *`", "``", re.sub(r"</code> *<br> *<code>", "</code><code>", p)), forms=("markdown", "html")),
    "layout: parts of cells that are as good as hidden": Style(cells=_rows(lambda r: [r[0], r[1], '<i style="opacity: 0.0">b.evil.com</i>' + r[2] + '<i style="font-size:0.00px">c.evil.com</i>', r[3]]), forms=("html",)),
    "layout: bare names that are documents": Style(page=lambda p: p + "\nMore: www.microsoft.com\n", forms=("text",)),
    "layout: a byte order mark": Style(page=lambda p: "\ufeff" + p),
    "layout: footnotes below": Style(page=lambda p: p + "\n\n[^1]: https://note.evil.example/x\n", forms=("markdown",)),
}  # fmt: skip
"""Name -> how the page is written."""

LOOK_ALIKES = ("\u0435", "\u043e", "\u0430", "\u03bf", "\u0131", "\u217c", "\U0001d41e", "\u00e9", "\u0301", "\ufffd")
"""Characters that stand in for Latin letters: a name with one is no name of Microsoft's, nor is a part of it."""


def with_look_alike(char: str, form: str) -> Made:
    """A page whose hosts all end their second label with such a character: it has no token that is a host."""
    style = Style(host=lambda text: re.sub(r"(?<=[a-z0-9])(?=\.(?:com|net|cn|ms)\b)", char, text))
    return written(style, form, "en")
