"""Windows: Name Resolution Policy Table (NRPT) rules for local name resolution.

With them, VPN clients resolve Microsoft 365 names without the tunnel.
Output: `nrpt.ps1`, a PowerShell script with a rule for each namespace.
Vendor page: https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule
Supported: an exact name as an FQDN namespace, a wildcard as a suffix namespace with a leading dot, resolved by the option
`servers`. A suffix includes its apex, which is a loss unless the plan has it.
Not supported: a wildcard inside a label.
The script adds missing rules, changes the servers of rules that stay, then removes its rules that are not in the plan: those
with its comment. Other rules stay, and an interrupted run is completed by the next one. Windows ignores the rules of the
machine while a group policy has any, or an empty table ("The NRPT", learn.microsoft.com); the script then prints a warning.
With -GpoName NAME it writes to that group policy object. To deploy it, use Intune or a startup script. Programs with a DNS
client of their own do not use the table, nor does nslookup.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType

from perimeter365.model.host import SUFFIX
from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.dns import SERVERS, DnsTarget
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact


class Nrpt(DnsTarget):
    """Name resolution policy rules of Windows."""

    name = "nrpt"
    title = "Windows name resolution policy"
    vendor_page = "https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule"
    proof = "by eye"
    proof_detail = "a sample compared with the cmdlet's page; the namespaces are parsed back to the plan's names"
    own_names = True
    options = MappingProxyType({"servers": SERVERS})
    manual = Manual(
        where="Windows PowerShell of each client, as administrator",
        install=("powershell -ExecutionPolicy Bypass -File nrpt.ps1",),
        remove=("Get-DnsClientNrptRule | Where-Object Comment -eq '{comment}' | Remove-DnsClientNrptRule -Force",),
        besides="without effect while a group policy has name resolution rules: run it with -GpoName NAME then",
        first="run it on one client, and compare the answers of Resolve-DnsName, which uses the rules",
    )
    tried = tried(model("Windows PowerShell 5.1"))

    def words(self) -> Mapping[str, str]:
        """Return the options, and the comment of the rules."""
        return {**super().words(), "comment": self.own_name("perimeter365")}

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield the script."""
        names = self.names(plan)
        spaces = [f".{host.apex}" if host.kind == SUFFIX else host.text for host in names]
        own: dict[tuple[str, str], set[str]] = {}
        for space, flows in zip(spaces, names.values(), strict=True):
            for flow in flows:
                own.setdefault((flow.id, str(flow.cloud)), set()).add(space)
        for host, flows in names.items():
            for flow in flows if host.kind == SUFFIX else ():
                if not _is_planned(host.apex, own[flow.id, str(flow.cloud)]):
                    self.report_widened(flow, host, "the suffix rule also includes the domain itself")
        addresses = ", ".join(f"'{server}'" for server in self.option("servers").split(","))
        lines = [
            *self.header(plan),
            "#Requires -RunAsAdministrator",
            "param([string] $GpoName = '')",
            "$ErrorActionPreference = 'Stop'",
            "if ($GpoName) { $place = @{ GpoName = $GpoName } } else { $place = @{} }",
            f"$comment = '{self.own_name('perimeter365')}'",
            f"$servers = @({addresses})",
            "$spaces = @(",
            *(f"    '{space}'" for space in spaces),
            ")",
            *_STEPS,
        ]
        yield self.text("nrpt.ps1", lines, entries=len(spaces))


def _is_planned(name: str, spaces: Collection[str]) -> bool:
    """Return whether the namespaces of a flow include a name.

    Such a namespace is the name's own, or that of a domain above it.
    """
    labels = name.split(".")
    return name in spaces or any(f".{'.'.join(labels[n:])}" in spaces for n in range(1, len(labels)))


_STEPS = r"""
$policy = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient\DnsPolicyConfig'
if (-not $GpoName -and (Test-Path $policy)) {
    Write-Warning 'A group policy has name resolution rules: Windows ignores those of this machine. Use -GpoName.'
}
$mine = @(Get-DnsClientNrptRule @place | Where-Object { $_.Comment -eq $comment })
foreach ($space in $spaces) {
    $rules = @($mine | Where-Object { $_.Namespace -contains $space })
    if ($rules.Count -eq 0) {
        Add-DnsClientNrptRule @place -Namespace $space -NameServers $servers -Comment $comment
    }
    foreach ($rule in $rules) {
        if ("$($rule.NameServers)" -ne "$servers") {
            Set-DnsClientNrptRule @place -Name $rule.Name -NameServers $servers
        }
    }
}
foreach ($rule in $mine) {
    if ($spaces -notcontains @($rule.Namespace)[0]) {
        Remove-DnsClientNrptRule @place -Name $rule.Name -Force
    }
}
""".strip().splitlines()
