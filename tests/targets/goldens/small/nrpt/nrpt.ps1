# Windows name resolution policy for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 1 of 12 requirements, and parts of 2. losses.json says which, and why.
# Besides: without effect while a group policy has name resolution rules: run it with -GpoName NAME then
# First: run it on one client, and compare the answers of Resolve-DnsName, which uses the rules
# Install (Windows PowerShell of each client, as administrator):
#   powershell -ExecutionPolicy Bypass -File nrpt.ps1
#Requires -RunAsAdministrator
param([string] $GpoName = '')
$ErrorActionPreference = 'Stop'
if ($GpoName) { $place = @{ GpoName = $GpoName } } else { $place = @{} }
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
