# Windows name resolution policy for Contoso
# Made by perimeter365 for profile 245e3f65aa93; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
$comment = 'perimeter365'
$servers = @('192.0.2.53')
$spaces = @(
    '.keydelivery.mediaservices.windows.net'
    '.lync.com'
    '.skype.com'
    '.streaming.mediaservices.windows.net'
    '.teams.cloud.microsoft'
    '.teams.microsoft.com'
    'adl.windows.com'
    'aka.ms'
    'join.secure.skypeassets.com'
    'mlccdnprod.azureedge.net'
    'teams.cloud.microsoft'
    'teams.microsoft.com'
)
Get-DnsClientNrptRule | Where-Object Comment -eq $comment | Remove-DnsClientNrptRule -Force
foreach ($space in $spaces) {
    Add-DnsClientNrptRule -Namespace $space -NameServers $servers -Comment $comment
}
