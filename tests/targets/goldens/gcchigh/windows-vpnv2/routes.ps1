# Windows VPN exclusion routes for Contoso Defense
# Made by perimeter365 for profile 66b88bb863e1; do not edit, render it again.
# Catalog: gcchigh 2026033100 (recorded)
$ErrorActionPreference = 'Stop'
$connection = 'Contoso VPN'
$wanted = @(
    '13.72.144.0/20'
    '20.34.8.0/22'
    '20.35.208.0/20'
    '20.35.240.0/21'
    '40.66.16.0/21'
    '52.127.88.0/21'
    '57.16.0.0/17'
    '104.212.44.0/22'
    '2001:489a:2200:100::/56'
    '2001:489a:2200:400::/56'
    '2001:489a:2200:600::/56'
    '2001:489a:2200:8000::/50'
    '2001:489a:2204:800::/63'
    '2001:489a:2204:900::/63'
    '2001:489a:2240::/44'
)
$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)
foreach ($p in $wanted) {
    if ($present -notcontains $p) {
        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute
    }
}
