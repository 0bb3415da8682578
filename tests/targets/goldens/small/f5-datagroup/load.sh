# F5 data groups for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 0 of 13 requirements, and parts of 2. losses.json says which, and why.
set -e
put() {
    if tmsh -q list sys file data-group "$1" > /dev/null 2>&1; then
        tmsh modify sys file data-group "$1" source-path "file:$PWD/$1.class"
    else
        tmsh create sys file data-group "$1" type "$2" source-path "file:$PWD/$1.class"
    fi
    tmsh -q list ltm data-group external "$1" > /dev/null 2>&1 ||
        tmsh create ltm data-group external "$1" external-file-name "$1"
}
put m365-worldwide-exchange-outbound-default-tcp-80-443-suffix string
put m365-worldwide-exchange-outbound-optimize-tcp-80-443-udp-443-address ip
put m365-worldwide-exchange-outbound-optimize-tcp-80-443-udp-443-exact string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-443-exact string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-443-suffix string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-80-443-exact string
put m365-worldwide-mailbox-migration-inbound-other-tcp-443-address ip
put m365-worldwide-ncsi-outbound-other-tcp-80-exact string
put m365-worldwide-teams-outbound-optimize-udp-3478to3481-address ip
tmsh save sys config
