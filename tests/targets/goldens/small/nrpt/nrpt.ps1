# Windows name resolution policy for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
$comment = 'perimeter365'
$servers = @('192.0.2.53')
$spaces = @(
    '.outlook.com'
    '.store.core.windows.net'
    'aka.ms'
    'asl.configure.office.com'
    'domains.live.com'
    'ipv6.msftconnecttest.com'
    'ipv6.msftncsi.com'
    'mshybridservice.trafficmanager.net'
    'outlook.cloud.microsoft'
    'outlook.office.com'
    'outlook.office365.com'
    'shcwreleaseprod.blob.core.windows.net'
    'tds.configure.office.com'
    'www.msftconnecttest.com'
    'www.msftncsi.com'
)
Get-DnsClientNrptRule | Where-Object Comment -eq $comment | Remove-DnsClientNrptRule -Force
foreach ($space in $spaces) {
    Add-DnsClientNrptRule -Namespace $space -NameServers $servers -Comment $comment
}
