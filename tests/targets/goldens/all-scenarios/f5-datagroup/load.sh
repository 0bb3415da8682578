# F5 data groups for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 1 of 151 requirements, and parts of 1. losses.json says which, and why.
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
put m365-worldwide-cloud-sync-outbound-other-tcp-443-address ip
put m365-worldwide-cloud-sync-outbound-other-tcp-443-exact string
put m365-worldwide-cloud-sync-outbound-other-tcp-443-suffix string
put m365-worldwide-cloud-sync-outbound-other-tcp-80-exact string
put m365-worldwide-common-outbound-allow-tcp-443-address ip
put m365-worldwide-common-outbound-allow-tcp-443-exact string
put m365-worldwide-common-outbound-allow-tcp-443-suffix string
put m365-worldwide-common-outbound-allow-tcp-80-443-address ip
put m365-worldwide-common-outbound-allow-tcp-80-443-exact string
put m365-worldwide-common-outbound-allow-tcp-80-443-suffix string
put m365-worldwide-common-outbound-default-tcp-443-exact string
put m365-worldwide-common-outbound-default-tcp-443-suffix string
put m365-worldwide-common-outbound-default-tcp-443-udp-443-suffix string
put m365-worldwide-common-outbound-default-tcp-80-443-exact string
put m365-worldwide-common-outbound-default-tcp-80-443-suffix string
put m365-worldwide-common-outbound-default-tcp-80-443-udp-443-suffix string
put m365-worldwide-entra-connect-outbound-other-tcp-443-address ip
put m365-worldwide-entra-connect-outbound-other-tcp-443-exact string
put m365-worldwide-entra-connect-outbound-other-tcp-443-suffix string
put m365-worldwide-entra-connect-outbound-other-tcp-5671-suffix string
put m365-worldwide-entra-connect-outbound-other-tcp-80-exact string
put m365-worldwide-entra-connect-outbound-other-tcp-80-suffix string
put m365-worldwide-entra-connect-outbound-other-tcp-80-443-address ip
put m365-worldwide-entra-connect-outbound-other-tcp-80-443-exact string
put m365-worldwide-entra-connect-outbound-other-tcp-80-443-suffix string
put m365-worldwide-exchange-outbound-allow-tcp-143-587-993-995-address ip
put m365-worldwide-exchange-outbound-allow-tcp-143-587-993-995-exact string
put m365-worldwide-exchange-outbound-allow-tcp-25-address ip
put m365-worldwide-exchange-outbound-allow-tcp-25-suffix string
put m365-worldwide-exchange-outbound-allow-tcp-443-address ip
put m365-worldwide-exchange-outbound-allow-tcp-443-suffix string
put m365-worldwide-exchange-outbound-default-tcp-80-443-suffix string
put m365-worldwide-exchange-outbound-optimize-tcp-80-443-udp-443-address ip
put m365-worldwide-exchange-outbound-optimize-tcp-80-443-udp-443-exact string
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-443-address ip
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-443-exact string
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-443-suffix string
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-80-exact string
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-80-443-exact string
put m365-worldwide-exchange-hybrid-agent-outbound-other-tcp-80-443-suffix string
put m365-worldwide-exchange-hybrid-coexistence-inbound-other-tcp-25-address ip
put m365-worldwide-exchange-hybrid-coexistence-inbound-other-tcp-443-address ip
put m365-worldwide-exchange-hybrid-coexistence-outbound-other-tcp-25-address ip
put m365-worldwide-exchange-hybrid-coexistence-outbound-other-tcp-25-suffix string
put m365-worldwide-exchange-hybrid-coexistence-outbound-other-tcp-443-address ip
put m365-worldwide-exchange-hybrid-coexistence-outbound-other-tcp-443-exact string
put m365-worldwide-exchange-hybrid-sts-inbound-other-tcp-443-address ip
put m365-worldwide-graph-change-notifications-inbound-other-tcp-443-address ip
put m365-worldwide-graph-change-notifications-outbound-other-tcp-443-address ip
put m365-worldwide-graph-change-notifications-outbound-other-tcp-443-exact string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-443-exact string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-443-suffix string
put m365-worldwide-hybrid-configuration-wizard-outbound-other-tcp-80-443-exact string
put m365-worldwide-hybrid-join-outbound-other-tcp-443-address ip
put m365-worldwide-hybrid-join-outbound-other-tcp-443-exact string
put m365-worldwide-intune-outbound-allow-tcp-80-443-address ip
put m365-worldwide-intune-outbound-allow-tcp-80-443-exact string
put m365-worldwide-intune-outbound-allow-tcp-80-443-suffix string
put m365-worldwide-intune-outbound-default-tcp-443-exact string
put m365-worldwide-intune-outbound-default-tcp-443-suffix string
put m365-worldwide-intune-outbound-default-tcp-80-443-exact string
put m365-worldwide-intune-outbound-default-tcp-80-443-suffix string
put m365-worldwide-intune-outbound-default-udp-123-exact string
put m365-worldwide-mailbox-migration-inbound-other-tcp-443-address ip
put m365-worldwide-mfa-server-outbound-other-tcp-443-address ip
put m365-worldwide-mfa-server-outbound-other-tcp-443-exact string
put m365-worldwide-ncsi-outbound-other-tcp-80-exact string
put m365-worldwide-outlook-mobile-autodetect-inbound-other-tcp-443-address ip
put m365-worldwide-pst-import-outbound-other-tcp-443-address ip
put m365-worldwide-pst-import-outbound-other-tcp-443-exact string
put m365-worldwide-pst-import-outbound-other-tcp-443-suffix string
put m365-worldwide-seamless-sso-outbound-other-tcp-443-address ip
put m365-worldwide-seamless-sso-outbound-other-tcp-443-exact string
put m365-worldwide-sharepoint-outbound-default-tcp-443-exact string
put m365-worldwide-sharepoint-outbound-default-tcp-80-443-exact string
put m365-worldwide-sharepoint-outbound-default-tcp-80-443-suffix string
put m365-worldwide-sharepoint-outbound-optimize-tcp-80-443-udp-443-address ip
put m365-worldwide-sharepoint-outbound-optimize-tcp-80-443-udp-443-suffix string
put m365-worldwide-skype-hybrid-outbound-other-tcp-5061-50000to59999-udp-50000to59999-address ip
put m365-worldwide-skype-legacy-client-outbound-other-tcp-443-address ip
put m365-worldwide-stream-classic-outbound-other-tcp-443-exact string
put m365-worldwide-stream-classic-outbound-other-tcp-443-suffix string
put m365-worldwide-support-recovery-assistant-outbound-other-tcp-443-address ip
put m365-worldwide-support-recovery-assistant-outbound-other-tcp-443-exact string
put m365-worldwide-teams-outbound-allow-tcp-80-443-udp-443-address ip
put m365-worldwide-teams-outbound-allow-tcp-80-443-udp-443-exact string
put m365-worldwide-teams-outbound-allow-tcp-80-443-udp-443-suffix string
put m365-worldwide-teams-outbound-default-tcp-443-exact string
put m365-worldwide-teams-outbound-default-tcp-443-suffix string
put m365-worldwide-teams-outbound-default-tcp-80-443-exact string
put m365-worldwide-teams-outbound-default-tcp-80-443-suffix string
put m365-worldwide-teams-outbound-optimize-udp-3478to3481-address ip
put m365-worldwide-teams-direct-routing-inbound-other-no-ports-address ip
put m365-worldwide-teams-direct-routing-outbound-other-tcp-5061-address ip
put m365-worldwide-teams-direct-routing-outbound-other-tcp-5061-exact string
put m365-worldwide-teams-direct-routing-outbound-other-udp-3478to3481-49152to53247-address ip
put m365-worldwide-teams-mobile-push-outbound-other-tcp-443-5223-address ip
put m365-worldwide-teams-mobile-push-outbound-other-tcp-443-5223-suffix string
put m365-worldwide-teams-mobile-push-outbound-other-tcp-443-5228to5230-exact string
put m365-worldwide-unified-messaging-sbc-outbound-other-tcp-5061-suffix string
tmsh save sys config
