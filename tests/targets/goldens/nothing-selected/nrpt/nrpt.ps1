# Windows name resolution policy for Contoso
# Made by perimeter365 for profile eaec43c40c7d; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
$comment = 'perimeter365'
$servers = @('192.0.2.53')
$spaces = @(
)
Get-DnsClientNrptRule | Where-Object Comment -eq $comment | Remove-DnsClientNrptRule -Force
foreach ($space in $spaces) {
    Add-DnsClientNrptRule -Namespace $space -NameServers $servers -Comment $comment
}
