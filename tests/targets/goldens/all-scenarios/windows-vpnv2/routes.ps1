# Windows VPN exclusion routes for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
$ErrorActionPreference = 'Stop'
$connection = 'Contoso VPN'
$wanted = @(
    '13.107.6.152/31'
    '13.107.18.10/31'
    '13.107.128.0/22'
    '13.107.136.0/22'
    '23.103.160.0/20'
    '40.96.0.0/13'
    '40.104.0.0/15'
    '40.108.128.0/17'
    '52.96.0.0/14'
    '52.104.0.0/14'
    '52.112.0.0/14'
    '52.122.0.0/15'
    '104.146.128.0/17'
    '131.253.33.215/32'
    '132.245.0.0/16'
    '150.171.32.0/22'
    '150.171.40.0/22'
    '204.79.197.215/32'
    '2603:1006::/40'
    '2603:1016::/36'
    '2603:1026::/36'
    '2603:1036::/36'
    '2603:1046::/36'
    '2603:1056::/36'
    '2603:1061:1300::/40'
    '2603:1063::/38'
    '2603:1063:6000::/35'
    '2620:1ec:4::152/127'
    '2620:1ec:c::10/127'
    '2620:1ec:d::10/127'
    '2620:1ec:8f0::/46'
    '2620:1ec:8f8::/46'
    '2620:1ec:900::/46'
    '2620:1ec:908::/46'
    '2620:1ec:a92::152/127'
    '2a01:111:f402::/48'
)
$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)
foreach ($p in $wanted) {
    if ($present -notcontains $p) {
        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute
    }
}
