# Windows VPN exclusion routes for Contoso (China)
# Made by perimeter365 for profile a76443ef8ff4; do not edit, render it again.
# Catalog: china 2024032900 (recorded)
$ErrorActionPreference = 'Stop'
$connection = 'Contoso VPN'
$wanted = @(
    '40.73.132.0/24'
    '40.73.164.128/25'
    '40.73.165.0/26'
    '42.159.34.32/27'
    '42.159.34.64/27'
    '42.159.34.96/28'
    '42.159.40.0/24'
    '42.159.44.0/22'
    '42.159.162.32/27'
    '42.159.162.64/27'
    '42.159.162.96/28'
    '42.159.163.128/25'
    '42.159.165.0/24'
    '42.159.172.0/22'
    '159.27.160.0/21'
    '2406:e500:4010::/48'
    '2406:e500:4030::/53'
    '2406:e500:4030:800::/54'
    '2406:e500:4040::/53'
    '2406:e500:4040:800::/54'
    '2406:e500:4040:1000::/53'
    '2406:e500:4110::/48'
    '2406:e500:4210::/48'
    '2406:e500:4310::/48'
    '2406:e500:4a00::/39'
)
$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)
foreach ($p in $wanted) {
    if ($present -notcontains $p) {
        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute
    }
}
