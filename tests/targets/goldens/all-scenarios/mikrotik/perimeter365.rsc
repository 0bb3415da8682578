# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: /import perimeter365.rsc
:foreach i in=[/ip firewall address-list find dynamic=no comment~"^m365 "] do={ /ip firewall address-list set $i comment=("old " . [/ip firewall address-list get $i comment]) }
:foreach i in=[/ipv6 firewall address-list find dynamic=no comment~"^m365 "] do={ /ipv6 firewall address-list set $i comment=("old " . [/ipv6 firewall address-list get $i comment]) }
:foreach i in=[/ip firewall filter find dynamic=no comment~"^m365 "] do={ /ip firewall filter set $i comment=("old " . [/ip firewall filter get $i comment]) }
:foreach i in=[/ipv6 firewall filter find dynamic=no comment~"^m365 "] do={ /ipv6 firewall filter set $i comment=("old " . [/ipv6 firewall filter get $i comment]) }
:local entry4 do={
  :local f [/ip firewall address-list find list=$l comment="old m365 $a"]
  :if ([:len $f] > 0) do={ /ip firewall address-list set $f comment="m365 $a" }
  :if ([:len $f] = 0) do={ /ip firewall address-list add list=$l comment="m365 $a" address=$a }
}
:local missing4 do={
  :local f [/ip firewall filter find chain=m365 comment="old m365 $c"]
  :if ([:len $f] > 0) do={ /ip firewall filter set $f comment="m365 $c" }
  :return ([:len $f] = 0)
}
:local entry6 do={
  :local f [/ipv6 firewall address-list find list=$l comment="old m365 $a"]
  :if ([:len $f] > 0) do={ /ipv6 firewall address-list set $f comment="m365 $a" }
  :if ([:len $f] = 0) do={ /ipv6 firewall address-list add list=$l comment="m365 $a" address=$a }
}
:local missing6 do={
  :local f [/ipv6 firewall filter find chain=m365 comment="old m365 $c"]
  :if ([:len $f] > 0) do={ /ipv6 firewall filter set $f comment="m365 $c" }
  :return ([:len $f] = 0)
}
$entry4 l="m365-client-v4" a="10.0.0.0/8"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.6.152/31"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.18.10/31"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.128.0/22"
$entry4 l="m365-ws-worldwide-1-v4" a="23.103.160.0/20"
$entry4 l="m365-ws-worldwide-1-v4" a="40.96.0.0/13"
$entry4 l="m365-ws-worldwide-1-v4" a="40.104.0.0/15"
$entry4 l="m365-ws-worldwide-1-v4" a="52.96.0.0/14"
$entry4 l="m365-ws-worldwide-1-v4" a="131.253.33.215"
$entry4 l="m365-ws-worldwide-1-v4" a="132.245.0.0/16"
$entry4 l="m365-ws-worldwide-1-v4" a="150.171.32.0/22"
$entry4 l="m365-ws-worldwide-1-v4" a="204.79.197.215"
$entry4 l="m365-ws-worldwide-9-v4" a="40.92.0.0/15"
$entry4 l="m365-ws-worldwide-9-v4" a="40.107.0.0/16"
$entry4 l="m365-ws-worldwide-9-v4" a="52.100.0.0/14"
$entry4 l="m365-ws-worldwide-9-v4" a="52.238.78.88"
$entry4 l="m365-ws-worldwide-9-v4" a="104.47.0.0/17"
$entry4 l="m365-exchange-server-v4" a="203.0.113.10"
$entry4 l="m365-ws-worldwide-10-v4" a="40.92.0.0/15"
$entry4 l="m365-ws-worldwide-10-v4" a="40.107.0.0/16"
$entry4 l="m365-ws-worldwide-10-v4" a="52.100.0.0/14"
$entry4 l="m365-ws-worldwide-10-v4" a="104.47.0.0/17"
$entry4 l="m365-ws-worldwide-11-v4" a="52.112.0.0/14"
$entry4 l="m365-ws-worldwide-11-v4" a="52.122.0.0/15"
$entry4 l="m365-ws-worldwide-31-v4" a="13.107.136.0/22"
$entry4 l="m365-ws-worldwide-31-v4" a="40.108.128.0/17"
$entry4 l="m365-ws-worldwide-31-v4" a="52.104.0.0/14"
$entry4 l="m365-ws-worldwide-31-v4" a="104.146.128.0/17"
$entry4 l="m365-ws-worldwide-31-v4" a="150.171.40.0/22"
$entry4 l="m365-ws-worldwide-46-v4" a="13.107.6.171"
$entry4 l="m365-ws-worldwide-46-v4" a="13.107.18.15"
$entry4 l="m365-ws-worldwide-46-v4" a="13.107.140.6"
$entry4 l="m365-ws-worldwide-46-v4" a="52.108.0.0/14"
$entry4 l="m365-ws-worldwide-46-v4" a="52.244.37.168"
$entry4 l="m365-ws-worldwide-56-v4" a="20.20.32.0/19"
$entry4 l="m365-ws-worldwide-56-v4" a="20.190.128.0/18"
$entry4 l="m365-ws-worldwide-56-v4" a="20.231.128.0/19"
$entry4 l="m365-ws-worldwide-56-v4" a="40.126.0.0/18"
$entry4 l="m365-ws-worldwide-64-v4" a="13.107.6.192"
$entry4 l="m365-ws-worldwide-64-v4" a="13.107.9.192"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.145.74.224/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.150.254.64/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.154.145.224/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.200.254.32/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.207.244.0/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.213.25.64/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.213.86.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.216.205.32/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="4.237.143.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.67.13.176/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.67.15.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.69.67.224/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.69.231.128/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.70.78.128/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.70.79.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.74.111.192/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.77.53.176/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.86.221.176/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.89.174.240/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.89.175.192/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.107.219.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.107.227.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="13.107.228.0/23"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.37.153.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.37.192.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.38.81.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.41.1.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.42.1.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.42.130.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.42.224.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.43.129.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.44.19.224/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.91.147.72/29"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.168.189.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.189.172.160/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.189.229.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.191.167.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.192.159.40/29"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.192.174.216/29"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.199.207.192/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.204.193.10/31"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.204.193.12/30"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.204.194.128/31"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.208.149.192/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.208.157.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="20.214.131.176/29"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.67.121.224/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.70.151.32/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.71.14.96/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.74.25.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.78.245.240/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.78.247.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.79.197.64/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.79.197.96/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.80.180.208/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.80.180.224/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.80.184.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.82.248.224/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.82.249.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.84.70.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="40.119.8.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="48.218.252.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.150.137.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.162.111.96/28"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.168.116.128/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.182.141.192/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.236.189.96/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="52.240.244.160/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="57.151.0.192/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="57.153.235.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="57.154.140.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="57.154.195.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="57.155.45.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="68.218.134.96/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="74.224.214.64/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="74.241.231.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="74.242.35.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="74.242.184.128/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="104.46.162.96/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="104.208.197.64/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="150.171.97.0/24"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.160.217.160/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.201.237.160/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.202.86.192/27"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.205.63.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.208.170.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.212.214.0/25"
$entry4 l="m365-ws-worldwide-9000-v4" a="172.215.131.0/27"
$entry4 l="m365-resolver-v4" a="10.0.0.53"
$entry4 l="m365-admin-workstation-v4" a="10.0.9.0/24"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.6.152/31"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.6.171"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.18.10/31"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.18.15"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.128.0/22"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="13.107.140.6"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="20.20.32.0/19"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="20.190.128.0/18"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="20.231.128.0/19"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="23.103.160.0/20"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="40.96.0.0/13"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="40.104.0.0/15"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="40.126.0.0/18"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="52.96.0.0/14"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="52.108.0.0/14"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="52.244.37.168"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="131.253.33.215"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="132.245.0.0/16"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="150.171.32.0/22"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4" a="204.79.197.215"
$entry4 l="m365-entra-connect-v4" a="203.0.113.17"
$entry4 l="m365-adfs-proxy-v4" a="203.0.113.15"
$entry4 l="m365-adfs-server-v4" a="203.0.113.16"
$entry4 l="m365-load-balancer-v4" a="203.0.113.21"
$entry4 l="m365-mrs-proxy-v4" a="203.0.113.11"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="13.107.6.152/31"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="13.107.18.10/31"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="13.107.128.0/22"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="20.20.32.0/19"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="20.190.128.0/18"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="20.231.128.0/19"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="23.103.160.0/20"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="40.96.0.0/13"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="40.104.0.0/15"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="40.126.0.0/18"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="52.96.0.0/14"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="131.253.33.215"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="132.245.0.0/16"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="150.171.32.0/22"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4" a="204.79.197.215"
$entry4 l="m365-hybrid-wizard-host-v4" a="203.0.113.12"
$entry4 l="m365-row-10-autodetect-to-exchange-worldwide-v4" a="52.125.128.0/20"
$entry4 l="m365-row-10-autodetect-to-exchange-worldwide-v4" a="52.127.96.0/23"
$entry4 l="m365-hybrid-agent-v4" a="203.0.113.13"
$entry4 l="m365-proxy-connector-v4" a="203.0.113.14"
$entry4 l="m365-row-12-screen-sharing-worldwide-v4" a="52.112.0.0/14"
$entry4 l="m365-sfb-edge-v4" a="203.0.113.26"
$entry4 l="m365-row-13-edge-to-skype-online-worldwide-v4" a="13.107.64.0/18"
$entry4 l="m365-row-13-edge-to-skype-online-worldwide-v4" a="52.112.0.0/14"
$entry4 l="m365-sbc-v4" a="203.0.113.25"
$entry4 l="m365-domain-controller-v4" a="203.0.113.20"
$entry4 l="m365-health-agent-v4" a="203.0.113.18"
$entry4 l="m365-pass-through-agent-v4" a="203.0.113.19"
$entry4 l="m365-mfa-server-v4" a="203.0.113.22"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.159.5.240/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.159.7.16/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.247.73.160/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.250.84.176/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.250.85.96/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="52.251.8.48/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="70.37.154.128/25"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="134.170.116.0/25"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4" a="134.170.165.0/25"
$entry4 l="m365-notification-receiver-v4" a="203.0.113.23"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="13.78.204.0"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="13.87.81.35"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="13.87.81.123"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="13.87.81.133"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="13.87.81.141"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.9.35.166"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.9.36.45"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.9.36.128"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.9.37.73"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.9.37.76"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.25.189.138"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.44.210.83"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.44.210.146"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.48.11.201"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.48.12.75"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.48.14.35"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.48.15.147"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.69.245.215"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.89.108.161"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.89.240.165"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.90.99.1"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.91.208.88"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.91.209.147"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.91.212.136"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.91.212.211"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.91.213.57"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.96.21.67"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.96.21.98"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.96.21.115"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.98.68.57"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.98.68.182"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.98.68.200"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.98.68.203"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.98.68.218"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.111.9.46"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.111.9.77"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.127.53.125"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.171.81.121"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.171.82.192"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.171.83.146"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.171.83.157"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.199.102.73"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.199.102.157"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.212.153.162"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.216.150.67"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.223.139.245"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="20.253.156.113"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.76.162.42"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.76.162.99"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.80.232.118"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.80.232.177"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.80.233.14"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="40.80.239.196"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.104.159.181"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.104.159.213"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.124.73.177"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.124.75.43"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.138.90.7"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="51.138.90.52"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.142.114.29"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.142.115.31"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.147.213.181"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.147.213.251"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.148.24.136"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.148.27.39"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.148.114.238"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.148.115.48"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.17.84"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.23.209"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.102.72"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.107.4"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.107.50"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.109.205"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.159.124.33"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="52.231.196.24"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="70.37.90.219"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="70.37.92.195"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="70.37.93.191"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="70.37.95.11"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="70.37.95.92"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.40.209.182"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.46.117.15"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.215.6.169"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.215.12.254"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.215.13.23"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="104.215.18.55"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="137.135.11.116"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="137.135.11.161"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="137.135.11.222"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" a="137.135.11.250"
$entry4 l="m365-mobile-device-v4" a="10.200.0.0/16"
$entry4 l="m365-row-25-apple-devices-to-apple-worldwide-v4" a="17.0.0.0/8"
$entry4 l="m365-row-1-azcopy-download-worldwide-hosts-v4" a="aka.ms"
$entry4 l="m365-row-1-azcopy-download-worldwide-hosts-v4" a="go.microsoft.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="api.diagnostics.office.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="apibasic.diagnostics.office.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="autodiscover-s.outlook.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="autodiscover.outlook.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="cloudcheckenabler.azurewebsites.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="login.live.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="o365diagtelemetry.trafficmanager.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="offcatedge.azureedge.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="officeapps.live.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="officecdn.microsoft.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="outlookdiagnostics.azureedge.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4" a="sara.api.support.microsoft.com"
$entry4 l="m365-row-7-autodiscover-of-exchange-online-worldwide-hosts-v4" a="autodiscover-s.outlook.com"
$entry4 l="m365-row-7-federation-delegation-worldwide-hosts-v4" a="domains.live.com"
$entry4 l="m365-row-9-agent-installer-short-links-worldwide-hosts-v4" a="aka.ms"
$entry4 l="m365-row-9-wizard-download-worldwide-hosts-v4" a="shcwreleaseprod.blob.core.windows.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="asl.configure.office.com"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="mshybridservice.trafficmanager.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="tds.configure.office.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="crl.microsoft.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="crl3.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="crl4.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="ctldl.windowsupdate.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="ocsp.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="ocsp.msocsp.com"
$entry4 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" a="oneocsp.microsoft.com"
$entry4 l="m365-row-11-connector-certificates-worldwide-hosts-v4" a="www.microsoft.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4" a="ctldl.windowsupdate.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4" a="enterpriseregistration.windows.net"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4" a="management.azure.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="crl.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="crl3.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="crl4.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="mscrl.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="ocsp.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="ocsp.msocsp.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="oneocsp.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4" a="www.d-trust.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="aadcdn.msauth.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="aadcdn.msftauth.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="autoupdate.msappproxy.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="management.azure.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="www.microsoft.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4" a="www.office.com"
$entry4 l="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" a="enterpriseregistration.windows.net"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="crl.microsoft.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="crl3.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="crl4.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="ocsp.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="ocsp.msocsp.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="oneocsp.microsoft.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry4 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" a="www.d-trust.net"
$entry4 l="m365-row-19-synchronization-by-name-worldwide-hosts-v4" a="management.core.windows.net"
$entry4 l="m365-row-19-synchronization-by-name-worldwide-hosts-v4" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="amp.azure.net"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="api.microsoftstream.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="az416426.vo.msecnd.net"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="s0.assets-yammer.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="vortex.data.microsoft.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4" a="web.microsoftstream.com"
$entry4 l="m365-row-24-web-probe-worldwide-hosts-v4" a="www.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" a="www.msftncsi.com"
$entry4 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" a="ipv6.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" a="ipv6.msftncsi.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt1-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt2-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt3-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt4-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt5-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt6-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt7-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="alt8-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="android.apis.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="device-provisioning.googleapis.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="firebaseinstallations.googleapis.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="mtalk-dev.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="mtalk-staging.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4" a="mtalk4.google.com"
$entry4 l="m365-ws-worldwide-19-hosts-v4" a="adl.windows.com"
$entry4 l="m365-ws-worldwide-27-hosts-v4" a="join.secure.skypeassets.com"
$entry4 l="m365-ws-worldwide-27-hosts-v4" a="mlccdnprod.azureedge.net"
$entry4 l="m365-ws-worldwide-32-hosts-v4" a="storage.live.com"
$entry4 l="m365-ws-worldwide-35-hosts-v4" a="admin.onedrive.com"
$entry4 l="m365-ws-worldwide-35-hosts-v4" a="officeclient.microsoft.com"
$entry4 l="m365-ws-worldwide-36-hosts-v4" a="g.live.com"
$entry4 l="m365-ws-worldwide-36-hosts-v4" a="oneclient.sfx.ms"
$entry4 l="m365-ws-worldwide-37-hosts-v4" a="spoprod-a.akamaihd.net"
$entry4 l="m365-ws-worldwide-53-hosts-v4" a="ajax.aspnetcdn.com"
$entry4 l="m365-ws-worldwide-53-hosts-v4" a="apis.live.net"
$entry4 l="m365-ws-worldwide-53-hosts-v4" a="officeapps.live.com"
$entry4 l="m365-ws-worldwide-53-hosts-v4" a="www.onedrive.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="amp.azure.net"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="appsforoffice.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="assets.onestore.ms"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="auth.gfx.ms"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="c1.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="dgps.support.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="docs.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="msdn.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="platform.linkedin.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="prod.msocdn.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="shellprod.msocdn.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="support.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4" a="technet.microsoft.com"
$entry4 l="m365-ws-worldwide-73-hosts-v4" a="ecn.dev.virtualearth.net"
$entry4 l="m365-ws-worldwide-73-hosts-v4" a="informationprotection.hosting.portal.azure.net"
$entry4 l="m365-ws-worldwide-75-hosts-v4" a="dc.services.visualstudio.com"
$entry4 l="m365-ws-worldwide-75-hosts-v4" a="mem.gfx.ms"
$entry4 l="m365-ws-worldwide-79-hosts-v4" a="o15.officeredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4" a="officepreviewredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4" a="officeredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4" a="r.office.microsoft.com"
$entry4 l="m365-ws-worldwide-83-hosts-v4" a="activation.sls.microsoft.com"
$entry4 l="m365-ws-worldwide-84-hosts-v4" a="crl.microsoft.com"
$entry4 l="m365-ws-worldwide-86-hosts-v4" a="office15client.microsoft.com"
$entry4 l="m365-ws-worldwide-86-hosts-v4" a="officeclient.microsoft.com"
$entry4 l="m365-ws-worldwide-89-hosts-v4" a="go.microsoft.com"
$entry4 l="m365-ws-worldwide-91-hosts-v4" a="ajax.aspnetcdn.com"
$entry4 l="m365-ws-worldwide-91-hosts-v4" a="cdn.odc.officeapps.live.com"
$entry4 l="m365-ws-worldwide-92-hosts-v4" a="officecdn.microsoft.com"
$entry4 l="m365-ws-worldwide-92-hosts-v4" a="otelrules.azureedge.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4" a="c.bing.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4" a="ocos-office365-s2s.msedge.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4" a="tse1.mm.bing.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4" a="www.bing.com"
$entry4 l="m365-ws-worldwide-96-hosts-v4" a="login.windows-ppe.net"
$entry4 l="m365-ws-worldwide-97-hosts-v4" a="account.live.com"
$entry4 l="m365-ws-worldwide-97-hosts-v4" a="login.live.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4" a="c.bing.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4" a="c.live.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4" a="partnerservices.getmicrosoftkey.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4" a="signup.live.com"
$entry4 l="m365-ws-worldwide-116-hosts-v4" a="account.live.com"
$entry4 l="m365-ws-worldwide-116-hosts-v4" a="auth.gfx.ms"
$entry4 l="m365-ws-worldwide-116-hosts-v4" a="login.live.com"
$entry4 l="m365-ws-worldwide-121-hosts-v4" a="www.outlook.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4" a="eus-www.sway-cdn.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4" a="eus-www.sway-extensions.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4" a="wus-www.sway-cdn.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4" a="wus-www.sway-extensions.com"
$entry4 l="m365-ws-worldwide-124-hosts-v4" a="sway.com"
$entry4 l="m365-ws-worldwide-124-hosts-v4" a="www.sway.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="cacerts.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="cert.int-x3.letsencrypt.org"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="crl.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="crl.globalsign.net"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="crl.identrust.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="crl3.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="crl4.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="isrg.trustid.ocsp.identrust.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="mscrl.microsoft.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="ocsp.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="ocsp.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="ocsp.msocsp.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="ocsp2.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="ocspx.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="oneocsp.microsoft.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="secure.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="www.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4" a="www.microsoft.com"
$entry4 l="m365-ws-worldwide-126-hosts-v4" a="officespeech.platform.bing.com"
$entry4 l="m365-ws-worldwide-147-hosts-v4" a="www.microsoft365.com"
$entry4 l="m365-ws-worldwide-156-hosts-v4" a="activity.windows.com"
$entry4 l="m365-ws-worldwide-159-hosts-v4" a="admin.microsoft.com"
$entry4 l="m365-ws-worldwide-160-hosts-v4" a="cdn.odc.officeapps.live.com"
$entry4 l="m365-ws-worldwide-160-hosts-v4" a="cdn.uci.officeapps.live.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="aadcdn.msauth.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="aadcdn.msftauth.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="adl.windows.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="cdn.storeedgefd.dsx.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="certauth.enterpriseregistration.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="displaycatalog.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="dl.delivery.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="enterpriseregistration.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="go.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="graph.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="licensing.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="login.microsoftonline.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="purchase.md.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="storeedgefd.dsx.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swda01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swda02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdb01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdb02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdc01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdc02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdd01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdd02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdin01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="swdin02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4" a="tsfe.trafficshaping.dsp.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="aka.ms"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="api.flightproxy.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="approdimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="approdimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="approdimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="browser.pipe.aria.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="cdn.oneget.org"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="clientconfig.passport.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="config.edge.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="config.office.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ecs.communication.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ecs.office.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="edge.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="edge.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ekcert.spserv.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ekop.intel.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="euprodimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="euprodimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="euprodimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="fd.api.orgmsg.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ftpm.amd.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="go-amer.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="go-apac.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="go-eu.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="has.spserv.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunecdnpeasd.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape1.eus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape10.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape11.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape12.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape13.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape17.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape18.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape19.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape2.eus2.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape3.cus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape4.wus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape5.scus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape6.ncus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape7.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape8.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="intunemaape9.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapeaus.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapeind.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapesea.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapeswiss.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapeweu.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="lgmsapewus2.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="login.live.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="naprodimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="naprodimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="naprodimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="remoteassistanceprodacs.communication.azure.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="remoteassistanceprodacseu.communication.azure.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="remoteassistanceweb.usgov.communication.azure.us"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="ris.prod.api.personalization.ideas.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="teams.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="wcpstatic.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4" a="windowsphone.com"
$entry4 l="m365-ws-worldwide-9003-hosts-v4" a="time.windows.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4" a="gcc.relay.remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4" a="gcc.remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4" a="remoteassistanceweb-gcc.usgov.communication.azure.us"
$entry6 l="m365-client-v6" a="2001:db8:c::/48"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1006::/40"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1016::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1026::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1036::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1046::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1056::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:4::152/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:c::10/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:d::10/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:8f0::/46"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:900::/46"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:a92::152/127"
$entry6 l="m365-ws-worldwide-9-v6" a="2a01:111:f400::/48"
$entry6 l="m365-ws-worldwide-9-v6" a="2a01:111:f403::/48"
$entry6 l="m365-exchange-server-v6" a="2001:db8:e::10/128"
$entry6 l="m365-ws-worldwide-11-v6" a="2603:1063::/38"
$entry6 l="m365-ws-worldwide-12-v6" a="2603:1027::/48"
$entry6 l="m365-ws-worldwide-12-v6" a="2603:1037::/48"
$entry6 l="m365-ws-worldwide-12-v6" a="2603:1047::/48"
$entry6 l="m365-ws-worldwide-12-v6" a="2603:1057::/48"
$entry6 l="m365-ws-worldwide-12-v6" a="2603:1063::/38"
$entry6 l="m365-ws-worldwide-12-v6" a="2620:1ec:6::/48"
$entry6 l="m365-ws-worldwide-12-v6" a="2620:1ec:40::/42"
$entry6 l="m365-ws-worldwide-31-v6" a="2603:1061:1300::/40"
$entry6 l="m365-ws-worldwide-31-v6" a="2603:1063:6000::/35"
$entry6 l="m365-ws-worldwide-31-v6" a="2620:1ec:8f8::/46"
$entry6 l="m365-ws-worldwide-31-v6" a="2620:1ec:908::/46"
$entry6 l="m365-ws-worldwide-31-v6" a="2a01:111:f402::/48"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1006:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1016:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1026:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1036:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1046:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1056:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6" a="2603:1063:2000::/38"
$entry6 l="m365-ws-worldwide-46-v6" a="2620:1ec:c::15/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2620:1ec:8fc::6/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2620:1ec:a92::171/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2a01:111:f100:2000::a83e:3019/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2a01:111:f100:2002::8975:2d79/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2a01:111:f100:2002::8975:2da8/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2a01:111:f100:7000::6fdd:6cd5/128"
$entry6 l="m365-ws-worldwide-46-v6" a="2a01:111:f100:a004::bfeb:88cf/128"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1006:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1007:200::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1016:1400::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1017::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1026:3000::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1027:1::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1036:3000::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1037:1::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1046:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1047:1::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1056:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6" a="2603:1057:2::/48"
$entry6 l="m365-ws-worldwide-64-v6" a="2620:1ec:4::192/128"
$entry6 l="m365-ws-worldwide-64-v6" a="2620:1ec:a92::192/128"
$entry6 l="m365-ws-worldwide-9000-v6" a="2620:1ec:40::/48"
$entry6 l="m365-ws-worldwide-9000-v6" a="2620:1ec:49::/48"
$entry6 l="m365-ws-worldwide-9000-v6" a="2620:1ec:4a::/47"
$entry6 l="m365-resolver-v6" a="2001:db8:c::53/128"
$entry6 l="m365-admin-workstation-v6" a="2001:db8:c:9::/64"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1006::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1006:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1006:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1007:200::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1016::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1016:1400::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1016:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1017::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1026::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1026:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1026:3000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1027:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1036::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1036:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1036:3000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1037:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1046::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1046:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1046:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1047:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1056::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1056:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1056:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1057:2::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2603:1063:2000::/38"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:4::152/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:c::10/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:c::15/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:d::10/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:8f0::/46"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:8fc::6/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:900::/46"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:a92::152/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2620:1ec:a92::171/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2a01:111:f100:2000::a83e:3019/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2a01:111:f100:2002::8975:2d79/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2a01:111:f100:2002::8975:2da8/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2a01:111:f100:7000::6fdd:6cd5/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6" a="2a01:111:f100:a004::bfeb:88cf/128"
$entry6 l="m365-entra-connect-v6" a="2001:db8:e::17/128"
$entry6 l="m365-adfs-proxy-v6" a="2001:db8:e::15/128"
$entry6 l="m365-adfs-server-v6" a="2001:db8:e::16/128"
$entry6 l="m365-load-balancer-v6" a="2001:db8:e::21/128"
$entry6 l="m365-mrs-proxy-v6" a="2001:db8:e::11/128"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1006::/40"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1006:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1007:200::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1016::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1016:1400::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1017::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1026::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1026:3000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1027:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1036::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1036:3000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1037:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1046::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1046:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1047:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1056::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1056:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2603:1057:2::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:4::152/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:c::10/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:d::10/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:8f0::/46"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:900::/46"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6" a="2620:1ec:a92::152/127"
$entry6 l="m365-hybrid-wizard-host-v6" a="2001:db8:e::12/128"
$entry6 l="m365-hybrid-agent-v6" a="2001:db8:e::13/128"
$entry6 l="m365-proxy-connector-v6" a="2001:db8:e::14/128"
$entry6 l="m365-sfb-edge-v6" a="2001:db8:e::26/128"
$entry6 l="m365-domain-controller-v6" a="2001:db8:e::20/128"
$entry6 l="m365-health-agent-v6" a="2001:db8:e::18/128"
$entry6 l="m365-pass-through-agent-v6" a="2001:db8:e::19/128"
$entry6 l="m365-notification-receiver-v6" a="2001:db8:e::23/128"
$entry6 l="m365-mobile-device-v6" a="2001:db8:d::/48"
$entry6 l="m365-row-1-azcopy-download-worldwide-hosts-v6" a="aka.ms"
$entry6 l="m365-row-1-azcopy-download-worldwide-hosts-v6" a="go.microsoft.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="api.diagnostics.office.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="apibasic.diagnostics.office.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="autodiscover-s.outlook.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="autodiscover.outlook.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="cloudcheckenabler.azurewebsites.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="login.live.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="o365diagtelemetry.trafficmanager.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="offcatedge.azureedge.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="officeapps.live.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="officecdn.microsoft.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="outlookdiagnostics.azureedge.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6" a="sara.api.support.microsoft.com"
$entry6 l="m365-row-7-autodiscover-of-exchange-online-worldwide-hosts-v6" a="autodiscover-s.outlook.com"
$entry6 l="m365-row-7-federation-delegation-worldwide-hosts-v6" a="domains.live.com"
$entry6 l="m365-row-9-agent-installer-short-links-worldwide-hosts-v6" a="aka.ms"
$entry6 l="m365-row-9-wizard-download-worldwide-hosts-v6" a="shcwreleaseprod.blob.core.windows.net"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6" a="asl.configure.office.com"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6" a="mshybridservice.trafficmanager.net"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6" a="tds.configure.office.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="crl.microsoft.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="crl3.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="crl4.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="ctldl.windowsupdate.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="ocsp.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="ocsp.msocsp.com"
$entry6 l="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" a="oneocsp.microsoft.com"
$entry6 l="m365-row-11-connector-certificates-worldwide-hosts-v6" a="www.microsoft.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6" a="ctldl.windowsupdate.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6" a="enterpriseregistration.windows.net"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6" a="management.azure.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="crl.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="crl3.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="crl4.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="mscrl.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="ocsp.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="ocsp.msocsp.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="oneocsp.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6" a="www.d-trust.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="aadcdn.msauth.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="aadcdn.msftauth.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="autoupdate.msappproxy.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="management.azure.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="www.microsoft.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6" a="www.office.com"
$entry6 l="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" a="enterpriseregistration.windows.net"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="crl.microsoft.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="crl3.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="crl4.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="ocsp.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="ocsp.msocsp.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="oneocsp.microsoft.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry6 l="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" a="www.d-trust.net"
$entry6 l="m365-row-19-synchronization-by-name-worldwide-hosts-v6" a="management.core.windows.net"
$entry6 l="m365-row-19-synchronization-by-name-worldwide-hosts-v6" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="amp.azure.net"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="api.microsoftstream.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="az416426.vo.msecnd.net"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="s0.assets-yammer.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="vortex.data.microsoft.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6" a="web.microsoftstream.com"
$entry6 l="m365-row-24-web-probe-worldwide-hosts-v6" a="www.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v6" a="www.msftncsi.com"
$entry6 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v6" a="ipv6.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v6" a="ipv6.msftncsi.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt1-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt2-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt3-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt4-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt5-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt6-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt7-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="alt8-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="android.apis.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="device-provisioning.googleapis.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="firebaseinstallations.googleapis.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="mtalk-dev.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="mtalk-staging.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6" a="mtalk4.google.com"
$entry6 l="m365-ws-worldwide-19-hosts-v6" a="adl.windows.com"
$entry6 l="m365-ws-worldwide-27-hosts-v6" a="join.secure.skypeassets.com"
$entry6 l="m365-ws-worldwide-27-hosts-v6" a="mlccdnprod.azureedge.net"
$entry6 l="m365-ws-worldwide-32-hosts-v6" a="storage.live.com"
$entry6 l="m365-ws-worldwide-35-hosts-v6" a="admin.onedrive.com"
$entry6 l="m365-ws-worldwide-35-hosts-v6" a="officeclient.microsoft.com"
$entry6 l="m365-ws-worldwide-36-hosts-v6" a="g.live.com"
$entry6 l="m365-ws-worldwide-36-hosts-v6" a="oneclient.sfx.ms"
$entry6 l="m365-ws-worldwide-37-hosts-v6" a="spoprod-a.akamaihd.net"
$entry6 l="m365-ws-worldwide-53-hosts-v6" a="ajax.aspnetcdn.com"
$entry6 l="m365-ws-worldwide-53-hosts-v6" a="apis.live.net"
$entry6 l="m365-ws-worldwide-53-hosts-v6" a="officeapps.live.com"
$entry6 l="m365-ws-worldwide-53-hosts-v6" a="www.onedrive.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="amp.azure.net"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="appsforoffice.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="assets.onestore.ms"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="auth.gfx.ms"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="c1.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="dgps.support.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="docs.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="msdn.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="platform.linkedin.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="prod.msocdn.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="shellprod.msocdn.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="support.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6" a="technet.microsoft.com"
$entry6 l="m365-ws-worldwide-73-hosts-v6" a="ecn.dev.virtualearth.net"
$entry6 l="m365-ws-worldwide-73-hosts-v6" a="informationprotection.hosting.portal.azure.net"
$entry6 l="m365-ws-worldwide-75-hosts-v6" a="dc.services.visualstudio.com"
$entry6 l="m365-ws-worldwide-75-hosts-v6" a="mem.gfx.ms"
$entry6 l="m365-ws-worldwide-79-hosts-v6" a="o15.officeredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6" a="officepreviewredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6" a="officeredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6" a="r.office.microsoft.com"
$entry6 l="m365-ws-worldwide-83-hosts-v6" a="activation.sls.microsoft.com"
$entry6 l="m365-ws-worldwide-84-hosts-v6" a="crl.microsoft.com"
$entry6 l="m365-ws-worldwide-86-hosts-v6" a="office15client.microsoft.com"
$entry6 l="m365-ws-worldwide-86-hosts-v6" a="officeclient.microsoft.com"
$entry6 l="m365-ws-worldwide-89-hosts-v6" a="go.microsoft.com"
$entry6 l="m365-ws-worldwide-91-hosts-v6" a="ajax.aspnetcdn.com"
$entry6 l="m365-ws-worldwide-91-hosts-v6" a="cdn.odc.officeapps.live.com"
$entry6 l="m365-ws-worldwide-92-hosts-v6" a="officecdn.microsoft.com"
$entry6 l="m365-ws-worldwide-92-hosts-v6" a="otelrules.azureedge.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6" a="c.bing.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6" a="ocos-office365-s2s.msedge.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6" a="tse1.mm.bing.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6" a="www.bing.com"
$entry6 l="m365-ws-worldwide-96-hosts-v6" a="login.windows-ppe.net"
$entry6 l="m365-ws-worldwide-97-hosts-v6" a="account.live.com"
$entry6 l="m365-ws-worldwide-97-hosts-v6" a="login.live.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6" a="c.bing.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6" a="c.live.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6" a="partnerservices.getmicrosoftkey.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6" a="signup.live.com"
$entry6 l="m365-ws-worldwide-116-hosts-v6" a="account.live.com"
$entry6 l="m365-ws-worldwide-116-hosts-v6" a="auth.gfx.ms"
$entry6 l="m365-ws-worldwide-116-hosts-v6" a="login.live.com"
$entry6 l="m365-ws-worldwide-121-hosts-v6" a="www.outlook.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6" a="eus-www.sway-cdn.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6" a="eus-www.sway-extensions.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6" a="wus-www.sway-cdn.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6" a="wus-www.sway-extensions.com"
$entry6 l="m365-ws-worldwide-124-hosts-v6" a="sway.com"
$entry6 l="m365-ws-worldwide-124-hosts-v6" a="www.sway.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="cacerts.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="cert.int-x3.letsencrypt.org"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="crl.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="crl.globalsign.net"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="crl.identrust.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="crl3.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="crl4.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="isrg.trustid.ocsp.identrust.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="mscrl.microsoft.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="ocsp.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="ocsp.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="ocsp.msocsp.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="ocsp2.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="ocspx.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="oneocsp.microsoft.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="secure.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="www.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6" a="www.microsoft.com"
$entry6 l="m365-ws-worldwide-126-hosts-v6" a="officespeech.platform.bing.com"
$entry6 l="m365-ws-worldwide-147-hosts-v6" a="www.microsoft365.com"
$entry6 l="m365-ws-worldwide-156-hosts-v6" a="activity.windows.com"
$entry6 l="m365-ws-worldwide-159-hosts-v6" a="admin.microsoft.com"
$entry6 l="m365-ws-worldwide-160-hosts-v6" a="cdn.odc.officeapps.live.com"
$entry6 l="m365-ws-worldwide-160-hosts-v6" a="cdn.uci.officeapps.live.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="aadcdn.msauth.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="aadcdn.msftauth.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="adl.windows.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="cdn.storeedgefd.dsx.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="certauth.enterpriseregistration.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="displaycatalog.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="dl.delivery.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="enterpriseregistration.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="go.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="graph.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="licensing.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="login.microsoftonline.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="purchase.md.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="storeedgefd.dsx.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swda01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swda02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdb01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdb02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdc01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdc02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdd01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdd02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdin01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="swdin02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6" a="tsfe.trafficshaping.dsp.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="aka.ms"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="api.flightproxy.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="approdimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="approdimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="approdimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="browser.pipe.aria.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="cdn.oneget.org"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="clientconfig.passport.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="config.edge.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="config.office.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ecs.communication.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ecs.office.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="edge.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="edge.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ekcert.spserv.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ekop.intel.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="euprodimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="euprodimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="euprodimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="fd.api.orgmsg.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ftpm.amd.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="go-amer.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="go-apac.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="go-eu.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="has.spserv.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunecdnpeasd.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape1.eus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape10.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape11.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape12.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape13.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape17.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape18.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape19.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape2.eus2.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape3.cus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape4.wus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape5.scus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape6.ncus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape7.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape8.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="intunemaape9.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapeaus.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapeind.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapesea.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapeswiss.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapeweu.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="lgmsapewus2.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="login.live.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="naprodimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="naprodimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="naprodimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="remoteassistanceprodacs.communication.azure.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="remoteassistanceprodacseu.communication.azure.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="remoteassistanceweb.usgov.communication.azure.us"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="ris.prod.api.personalization.ideas.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="teams.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="wcpstatic.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6" a="windowsphone.com"
$entry6 l="m365-ws-worldwide-9003-hosts-v6" a="time.windows.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6" a="gcc.relay.remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6" a="gcc.remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6" a="remoteassistanceweb-gcc.usgov.communication.azure.us"
:if ([$missing4 c="df5144af dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 df5144af dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-resolver-v4" }
:if ([$missing4 c="3f1af669 dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 3f1af669 dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-resolver-v4" }
:if ([$missing6 c="ed67262d dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ed67262d dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-resolver-v6" }
:if ([$missing6 c="0d2c94eb dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0d2c94eb dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-resolver-v6" }
:if ([$missing4 c="4f50a335 row/1/azcopy-download worldwide pst-import outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 4f50a335 row/1/azcopy-download worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v4" dst-address-list="m365-row-1-azcopy-download-worldwide-hosts-v4" }
:if ([$missing6 c="bc940f46 row/1/azcopy-download worldwide pst-import outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 bc940f46 row/1/azcopy-download worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v6" dst-address-list="m365-row-1-azcopy-download-worldwide-hosts-v6" }
:if ([$missing4 c="038ff1ab row/1/import-portal worldwide pst-import outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 038ff1ab row/1/import-portal worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v4" dst-address-list="m365-ws-worldwide-64-v4" }
:if ([$missing6 c="ade4c5f0 row/1/import-portal worldwide pst-import outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ade4c5f0 row/1/import-portal worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v6" dst-address-list="m365-ws-worldwide-64-v6" }
:if ([$missing4 c="95ba1c8b row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 95ba1c8b row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-2-assistant-to-services-worldwide-v4" }
:if ([$missing4 c="42f17b74 row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 42f17b74 row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-2-assistant-to-services-worldwide-hosts-v4" }
:if ([$missing6 c="667eb0f8 row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 667eb0f8 row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-row-2-assistant-to-services-worldwide-v6" }
:if ([$missing6 c="442ea7ab row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 442ea7ab row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-row-2-assistant-to-services-worldwide-hosts-v6" }
:if ([$missing4 c="3d3ac2e5 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 3d3ac2e5 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="8af482a8 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 8af482a8 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="fef5b760 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 fef5b760 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="c79df2e1 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 c79df2e1 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="7ad72a4e row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 7ad72a4e row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="cd196a03 row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 cd196a03 row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="bfb620e8 row/3/https-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 bfb620e8 row/3/https-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="86de6569 row/3/https-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 86de6569 row/3/https-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="be838101 row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 be838101 row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="094dc14c row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 094dc14c row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="59112842 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="m365 59112842 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="60796dc3 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 60796dc3 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="9c70865b row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 9c70865b row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="ae46e4d9 row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ae46e4d9 row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="9c70865b row/4/device-registration worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 9c70865b row/4/device-registration worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="ae46e4d9 row/4/device-registration worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ae46e4d9 row/4/device-registration worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="b96fb956 row/4/probe-of-adfs-proxy worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="m365 b96fb956 row/4/probe-of-adfs-proxy worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="0ea1f91b row/4/probe-of-adfs-proxy worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0ea1f91b row/4/probe-of-adfs-proxy worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="ac19002d row/4/probe-of-adfs-server worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="m365 ac19002d row/4/probe-of-adfs-server worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="957145ac row/4/probe-of-adfs-server worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 957145ac row/4/probe-of-adfs-server worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="4a54d2fa row/4/proxy-to-adfs worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="m365 4a54d2fa row/4/proxy-to-adfs worldwide federation-sts internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="733c977b row/4/proxy-to-adfs worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 733c977b row/4/proxy-to-adfs worldwide federation-sts internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="9c70865b row/4/sign-in worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 9c70865b row/4/sign-in worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="ae46e4d9 row/4/sign-in worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ae46e4d9 row/4/sign-in worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="95cf46bc row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 95cf46bc row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4" dst-address-list="m365-mrs-proxy-v4" }
:if ([$missing6 c="3aeb336c row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 3aeb336c row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6" dst-address-list="m365-mrs-proxy-v6" }
:if ([$missing4 c="f0275862 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 f0275862 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing4 c="5243227b row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5243227b row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-row-7-autodiscover-of-exchange-online-worldwide-hosts-v4" }
:if ([$missing6 c="96414a24 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 96414a24 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing6 c="6c8ae905 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 6c8ae905 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-row-7-autodiscover-of-exchange-online-worldwide-hosts-v6" }
:if ([$missing4 c="f0275862 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 f0275862 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing6 c="96414a24 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 96414a24 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing4 c="8a6d7b7e row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8a6d7b7e row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing6 c="24064f25 row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 24064f25 row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6" dst-address-list="m365-exchange-server-v6" }
:if ([$missing4 c="8a6d7b7e row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8a6d7b7e row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing6 c="24064f25 row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 24064f25 row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6" dst-address-list="m365-exchange-server-v6" }
:if ([$missing4 c="8a6d7b7e row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8a6d7b7e row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing6 c="24064f25 row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 24064f25 row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6" dst-address-list="m365-exchange-server-v6" }
:if ([$missing4 c="ae21e16b row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 ae21e16b row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v4" }
:if ([$missing6 c="a8fe3db4 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a8fe3db4 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v6" }
:if ([$missing4 c="5b05091a row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5b05091a row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="f56e3d41 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f56e3d41 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="5b05091a row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5b05091a row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="f56e3d41 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f56e3d41 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="5a85bcac row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5a85bcac row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-ws-worldwide-10-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing6 c="5a853fd8 row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5a853fd8 row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-ws-worldwide-9-v6" dst-address-list="m365-exchange-server-v6" }
:if ([$missing4 c="2d41de63 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 2d41de63 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-10-v4" }
:if ([$missing6 c="ee4c11b9 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ee4c11b9 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-9-v6" }
:if ([$missing4 c="5b05091a row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5b05091a row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="f56e3d41 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f56e3d41 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="5b05091a row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5b05091a row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="f56e3d41 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f56e3d41 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="5b05091a row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5b05091a row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="f56e3d41 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f56e3d41 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="ea82f64e row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 ea82f64e row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-8-exchange-online-to-sts-worldwide-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="5d4cb603 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5d4cb603 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-8-exchange-online-to-sts-worldwide-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="1e4211b7 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 1e4211b7 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v4" }
:if ([$missing6 c="bb869d97 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 bb869d97 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v6" }
:if ([$missing4 c="68607943 row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 68607943 row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v4" }
:if ([$missing6 c="9ba4d530 row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 9ba4d530 row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v6" }
:if ([$missing4 c="b8d6d20c row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 b8d6d20c row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v4" }
:if ([$missing6 c="be090ed3 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 be090ed3 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v6" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v6" }
:if ([$missing4 c="1e4211b7 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 1e4211b7 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v4" }
:if ([$missing6 c="bb869d97 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 bb869d97 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v6" }
:if ([$missing4 c="7210be6b row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 7210be6b row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v4" }
:if ([$missing6 c="f2eaac3f row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f2eaac3f row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v6" }
:if ([$missing4 c="1a97b734 row/10/autodetect-to-exchange worldwide outlook-mobile-autodetect inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 1a97b734 row/10/autodetect-to-exchange worldwide outlook-mobile-autodetect inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-10-autodetect-to-exchange-worldwide-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing4 c="4f2bfa64 row/11/agent-to-exchange worldwide exchange-hybrid-agent internal"]) do={ /ip firewall filter add chain=m365 comment="m365 4f2bfa64 row/11/agent-to-exchange worldwide exchange-hybrid-agent internal" action=accept protocol=tcp dst-port=80,443,5985-5986 src-address-list="m365-hybrid-agent-v4" dst-address-list="m365-exchange-server-v4" }
:if ([$missing6 c="e140ce3f row/11/agent-to-exchange worldwide exchange-hybrid-agent internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e140ce3f row/11/agent-to-exchange worldwide exchange-hybrid-agent internal" action=accept protocol=tcp dst-port=80,443,5985-5986 src-address-list="m365-hybrid-agent-v6" dst-address-list="m365-exchange-server-v6" }
:if ([$missing4 c="bb3c253a row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 bb3c253a row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-proxy-connector-v4" dst-address-list="m365-row-11-connector-certificate-checks-worldwide-hosts-v4" }
:if ([$missing6 c="5289c15e row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5289c15e row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-proxy-connector-v6" dst-address-list="m365-row-11-connector-certificate-checks-worldwide-hosts-v6" }
:if ([$missing4 c="0131c294 row/11/connector-certificates worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 0131c294 row/11/connector-certificates worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-proxy-connector-v4" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v4" }
:if ([$missing6 c="10cb296d row/11/connector-certificates worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 10cb296d row/11/connector-certificates worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-proxy-connector-v6" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v6" }
:if ([$missing4 c="8385fabf row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8385fabf row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="f55b3843 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 f55b3843 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v4" dst-address-list="m365-row-11-connector-registration-worldwide-hosts-v4" }
:if ([$missing6 c="2deecee4 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 2deecee4 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="e4a1d3ba row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e4a1d3ba row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v6" dst-address-list="m365-row-11-connector-registration-worldwide-hosts-v6" }
:if ([$missing4 c="c1ab8323 row/12/screen-sharing worldwide skype-legacy-client outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 c1ab8323 row/12/screen-sharing worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-12-screen-sharing-worldwide-v4" }
:if ([$missing4 c="a59bf1ea row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a59bf1ea row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing6 c="0bf0c5b1 row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0bf0c5b1 row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-11-v6" }
:if ([$missing4 c="aaa61cae row/13/edge-to-skype-online worldwide skype-hybrid outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 aaa61cae row/13/edge-to-skype-online worldwide skype-hybrid outbound" action=accept protocol=tcp dst-port=5061,50000-59999 src-address-list="m365-sfb-edge-v4" dst-address-list="m365-row-13-edge-to-skype-online-worldwide-v4" }
:if ([$missing4 c="913c46b2 row/13/edge-to-skype-online worldwide skype-hybrid outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 913c46b2 row/13/edge-to-skype-online worldwide skype-hybrid outbound" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4" dst-address-list="m365-row-13-edge-to-skype-online-worldwide-v4" }
:if ([$missing4 c="ae20169c row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 ae20169c row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=80 src-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="9c16741e row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 9c16741e row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=80 src-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="9518d3c3 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 9518d3c3 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-sfb-edge-v4" }
:if ([$missing4 c="75536105 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 75536105 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="a72eb141 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a72eb141 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-sfb-edge-v6" }
:if ([$missing6 c="47650387 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 47650387 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="05f8af6f row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 05f8af6f row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="37cecded row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 37cecded row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="a2a933da row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 a2a933da row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4" }
:if ([$missing4 c="adefa2c3 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 adefa2c3 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="909f5158 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 909f5158 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=50000-59999 src-address-list="m365-sfb-edge-v6" }
:if ([$missing6 c="9fd9c041 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 9fd9c041 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="4256be3a row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 4256be3a row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4" }
:if ([$missing4 c="e9e26a97 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 e9e26a97 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=udp dst-port=3478 dst-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="7060dcb8 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 7060dcb8 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6" }
:if ([$missing6 c="dbd40815 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 dbd40815 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=udp dst-port=3478 dst-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="73713797 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 73713797 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=443 src-address-list="m365-sfb-edge-v4" }
:if ([$missing4 c="d8c5e33a row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 d8c5e33a row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=3478 src-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="41475515 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 41475515 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=443 src-address-list="m365-sfb-edge-v6" }
:if ([$missing6 c="eaf381b8 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 eaf381b8 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=3478 src-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="5cb4429c row/14/direct-routing-media-out worldwide teams-direct-routing outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 5cb4429c row/14/direct-routing-media-out worldwide teams-direct-routing outbound" action=accept protocol=udp dst-port=3478-3481,49152-53247 src-address-list="m365-sbc-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing4 c="cfad4548 row/14/direct-routing-signaling-out worldwide teams-direct-routing outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 cfad4548 row/14/direct-routing-signaling-out worldwide teams-direct-routing outbound" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sbc-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing4 c="34df26c2 row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 34df26c2 row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=5061 dst-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="06e94440 row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 06e94440 row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=5061 dst-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="4256be3a row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 4256be3a row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="7060dcb8 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 7060dcb8 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="4256be3a row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 4256be3a row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4" }
:if ([$missing6 c="7060dcb8 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 7060dcb8 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6" }
:if ([$missing4 c="4115333c row/19/certificate-checks worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 4115333c row/19/certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4" dst-address-list="m365-row-19-certificate-checks-worldwide-hosts-v4" }
:if ([$missing6 c="1c21ea2f row/19/certificate-checks worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1c21ea2f row/19/certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6" dst-address-list="m365-row-19-certificate-checks-worldwide-hosts-v6" }
:if ([$missing4 c="1c191a44 row/19/connect-to-adfs-proxy worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 1c191a44 row/19/connect-to-adfs-proxy worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="abd75a09 row/19/connect-to-adfs-proxy worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 abd75a09 row/19/connect-to-adfs-proxy worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="5f0507c6 row/19/connect-to-adfs-server worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 5f0507c6 row/19/connect-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="666d4247 row/19/connect-to-adfs-server worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 666d4247 row/19/connect-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="fe1bb13d row/19/directory-dns worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 fe1bb13d row/19/directory-dns worldwide entra-connect internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing4 c="e37e9690 row/19/directory-dns worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 e37e9690 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=udp dst-port=53 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="1edfc575 row/19/directory-dns worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1edfc575 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing6 c="03bae2d8 row/19/directory-dns worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 03bae2d8 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=udp dst-port=53 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="b3dafa26 row/19/directory-global-catalog worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 b3dafa26 row/19/directory-global-catalog worldwide entra-connect internal" action=accept protocol=tcp dst-port=3268 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="531e8e6e row/19/directory-global-catalog worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 531e8e6e row/19/directory-global-catalog worldwide entra-connect internal" action=accept protocol=tcp dst-port=3268 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="bccb27b0 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 bccb27b0 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=tcp dst-port=88 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing4 c="a1ae001d row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 a1ae001d row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=udp dst-port=88 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="5c0f53f8 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5c0f53f8 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=tcp dst-port=88 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing6 c="416a7455 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 416a7455 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=udp dst-port=88 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="e5654e5f row/19/directory-ldap worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 e5654e5f row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=tcp dst-port=389 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing4 c="4d1ff42d row/19/directory-ldap worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 4d1ff42d row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=udp dst-port=389 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="05a13a17 row/19/directory-ldap worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 05a13a17 row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=tcp dst-port=389 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing6 c="addb8065 row/19/directory-ldap worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 addb8065 row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=udp dst-port=389 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="7980483f row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 7980483f row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=tcp dst-port=636 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing4 c="d1faf24d row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 d1faf24d row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=udp dst-port=636 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="99443c77 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 99443c77 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=tcp dst-port=636 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing6 c="313e8605 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 313e8605 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=udp dst-port=636 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="6e4ec8d8 row/19/directory-rpc worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 6e4ec8d8 row/19/directory-rpc worldwide entra-connect internal" action=accept protocol=tcp dst-port=49152-65535 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="8e8abc90 row/19/directory-rpc worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 8e8abc90 row/19/directory-rpc worldwide entra-connect internal" action=accept protocol=tcp dst-port=49152-65535 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="b3320c1b row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 b3320c1b row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal" action=accept protocol=tcp dst-port=135 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="53f67853 row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 53f67853 row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal" action=accept protocol=tcp dst-port=135 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="e0a52ffc row/19/directory-smb worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 e0a52ffc row/19/directory-smb worldwide entra-connect internal" action=accept protocol=tcp dst-port=445 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="00615bb4 row/19/directory-smb worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 00615bb4 row/19/directory-smb worldwide entra-connect internal" action=accept protocol=tcp dst-port=445 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="eace9d85 row/19/directory-web-services worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 eace9d85 row/19/directory-web-services worldwide entra-connect internal" action=accept protocol=tcp dst-port=9389 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="0a0ae9cd row/19/directory-web-services worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0a0ae9cd row/19/directory-web-services worldwide entra-connect internal" action=accept protocol=tcp dst-port=9389 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="4f6d5ea1 row/19/directory-winrm worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 4f6d5ea1 row/19/directory-winrm worldwide entra-connect internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4" dst-address-list="m365-domain-controller-v4" }
:if ([$missing6 c="afa92ae9 row/19/directory-winrm worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 afa92ae9 row/19/directory-winrm worldwide entra-connect internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6" dst-address-list="m365-domain-controller-v6" }
:if ([$missing4 c="4592fb84 row/19/health-agent-plain-http worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 4592fb84 row/19/health-agent-plain-http worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-health-agent-v4" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v4" }
:if ([$missing6 c="5468107d row/19/health-agent-plain-http worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5468107d row/19/health-agent-plain-http worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-health-agent-v6" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v6" }
:if ([$missing4 c="3facc52c row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 3facc52c row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="a6357e28 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a6357e28 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v4" dst-address-list="m365-row-19-health-agent-to-service-worldwide-hosts-v4" }
:if ([$missing6 c="91c7f177 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 91c7f177 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="53f77897 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 53f77897 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v6" dst-address-list="m365-row-19-health-agent-to-service-worldwide-hosts-v6" }
:if ([$missing4 c="8c2a6fec row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8c2a6fec row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="14d51435 row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 14d51435 row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" }
:if ([$missing6 c="22415bb7 row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 22415bb7 row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="7e4ccec2 row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 7e4ccec2 row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" }
:if ([$missing4 c="8c2a6fec row/19/hybrid-join-sign-in worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8c2a6fec row/19/hybrid-join-sign-in worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="22415bb7 row/19/hybrid-join-sign-in worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 22415bb7 row/19/hybrid-join-sign-in worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="3a4186db row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 3a4186db row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-pass-through-agent-v4" dst-address-list="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v4" }
:if ([$missing6 c="1f745d5b row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1f745d5b row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-pass-through-agent-v6" dst-address-list="m365-row-19-pass-through-agent-certificate-checks-worl-hosts-v6" }
:if ([$missing4 c="627293ad row/19/pass-through-agent-registration worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 627293ad row/19/pass-through-agent-registration worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-pass-through-agent-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="cc19a7f6 row/19/pass-through-agent-registration worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 cc19a7f6 row/19/pass-through-agent-registration worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-pass-through-agent-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="08f5dddd row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 08f5dddd row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="461f1d6c row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 461f1d6c row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" }
:if ([$missing6 c="a69ee986 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a69ee986 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="2c86c79b row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 2c86c79b row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" }
:if ([$missing4 c="e83f363f row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e83f363f row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="8db3b663 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8db3b663 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" }
:if ([$missing6 c="46540264 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 46540264 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="e72a6c94 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e72a6c94 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" }
:if ([$missing4 c="4a54d2fa row/19/proxy-to-adfs-server worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="m365 4a54d2fa row/19/proxy-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v4" dst-address-list="m365-adfs-server-v4" }
:if ([$missing6 c="733c977b row/19/proxy-to-adfs-server worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 733c977b row/19/proxy-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v6" dst-address-list="m365-adfs-server-v6" }
:if ([$missing4 c="8c2a6fec row/19/seamless-sso-clients worldwide seamless-sso outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8c2a6fec row/19/seamless-sso-clients worldwide seamless-sso outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="22415bb7 row/19/seamless-sso-clients worldwide seamless-sso outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 22415bb7 row/19/seamless-sso-clients worldwide seamless-sso outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="e83f363f row/19/synchronization worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e83f363f row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="8db3b663 row/19/synchronization worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 8db3b663 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" }
:if ([$missing6 c="46540264 row/19/synchronization worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 46540264 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="e72a6c94 row/19/synchronization worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e72a6c94 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" }
:if ([$missing4 c="e83f363f row/19/synchronization-by-graph worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e83f363f row/19/synchronization-by-graph worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="46540264 row/19/synchronization-by-graph worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 46540264 row/19/synchronization-by-graph worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="e83f363f row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e83f363f row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing4 c="e62197bf row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e62197bf row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-row-19-synchronization-by-name-worldwide-hosts-v4" }
:if ([$missing6 c="46540264 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 46540264 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing6 c="13e39100 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 13e39100 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-row-19-synchronization-by-name-worldwide-hosts-v6" }
:if ([$missing4 c="e83f363f row/19/synchronization-hosts-in-use worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e83f363f row/19/synchronization-hosts-in-use worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="46540264 row/19/synchronization-hosts-in-use worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 46540264 row/19/synchronization-hosts-in-use worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="9c70865b row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="m365 9c70865b row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4" }
:if ([$missing6 c="ae46e4d9 row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ae46e4d9 row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6" }
:if ([$missing4 c="d22a22f7 row/21/client-to-stream worldwide stream-classic outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 d22a22f7 row/21/client-to-stream worldwide stream-classic outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-21-client-to-stream-worldwide-hosts-v4" }
:if ([$missing6 c="9167becc row/21/client-to-stream worldwide stream-classic outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 9167becc row/21/client-to-stream worldwide stream-classic outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-row-21-client-to-stream-worldwide-hosts-v6" }
:if ([$missing4 c="e5db5fc3 row/22/mfa-server-to-service worldwide mfa-server outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 e5db5fc3 row/22/mfa-server-to-service worldwide mfa-server outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-mfa-server-v4" dst-address-list="m365-row-22-mfa-server-to-service-worldwide-v4" }
:if ([$missing4 c="61b196f7 row/23/graph-to-receiver worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 61b196f7 row/23/graph-to-receiver worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v4" dst-address-list="m365-notification-receiver-v4" }
:if ([$missing4 c="61b196f7 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 61b196f7 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v4" dst-address-list="m365-notification-receiver-v4" }
:if ([$missing6 c="1c8b1512 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1c8b1512 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v6" dst-address-list="m365-notification-receiver-v6" }
:if ([$missing4 c="c2615368 row/23/graph-to-receiver-single-addresses worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 c2615368 row/23/graph-to-receiver-single-addresses worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-23-graph-to-receiver-single-addresses-worldwide-v4" dst-address-list="m365-notification-receiver-v4" }
:if ([$missing4 c="0f5f2912 row/23/receiver-to-graph worldwide graph-change-notifications outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 0f5f2912 row/23/receiver-to-graph worldwide graph-change-notifications outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-notification-receiver-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="a1341d49 row/23/receiver-to-graph worldwide graph-change-notifications outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a1341d49 row/23/receiver-to-graph worldwide graph-change-notifications outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-notification-receiver-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="534441d3 row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="m365 534441d3 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v4" dst-address-list="m365-resolver-v4" }
:if ([$missing4 c="05bef97e row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="m365 05bef97e row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v4" dst-address-list="m365-resolver-v4" }
:if ([$missing6 c="a112ded4 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a112ded4 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v6" dst-address-list="m365-resolver-v6" }
:if ([$missing6 c="f7e86679 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f7e86679 row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v6" dst-address-list="m365-resolver-v6" }
:if ([$missing4 c="a18f63f0 row/24/web-probe worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a18f63f0 row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v4" }
:if ([$missing6 c="24ffc7d3 row/24/web-probe worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 24ffc7d3 row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v6" }
:if ([$missing4 c="a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" }
:if ([$missing6 c="8326d887 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 8326d887 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v6" }
:if ([$missing4 c="fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" }
:if ([$missing6 c="0d50ce88 row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0d50ce88 row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v6" }
:if ([$missing4 c="6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" }
:if ([$missing6 c="c3837da4 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 c3837da4 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v6" }
:if ([$missing4 c="62708d24 row/25/android-to-google worldwide teams-mobile-push outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 62708d24 row/25/android-to-google worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5228-5230 src-address-list="m365-mobile-device-v4" dst-address-list="m365-row-25-android-to-google-worldwide-hosts-v4" }
:if ([$missing6 c="e28a9f70 row/25/android-to-google worldwide teams-mobile-push outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e28a9f70 row/25/android-to-google worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5228-5230 src-address-list="m365-mobile-device-v6" dst-address-list="m365-row-25-android-to-google-worldwide-hosts-v6" }
:if ([$missing4 c="32e35339 row/25/apple-devices-to-apple worldwide teams-mobile-push outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 32e35339 row/25/apple-devices-to-apple worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5223 src-address-list="m365-mobile-device-v4" dst-address-list="m365-row-25-apple-devices-to-apple-worldwide-v4" }
:if ([$missing4 c="d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing4 c="ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing6 c="b2fd82b1 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 b2fd82b1 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing6 c="88f269f1 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 88f269f1 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing4 c="5e58e2b6 ws/worldwide/2 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 5e58e2b6 ws/worldwide/2 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=143,587,993,995 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing6 c="383ef0f0 ws/worldwide/2 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 383ef0f0 ws/worldwide/2 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=143,587,993,995 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing4 c="e2e30b42 ws/worldwide/9 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 e2e30b42 ws/worldwide/9 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9-v4" }
:if ([$missing6 c="84851904 ws/worldwide/9 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 84851904 ws/worldwide/9 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9-v6" }
:if ([$missing4 c="2d41de63 ws/worldwide/10 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 2d41de63 ws/worldwide/10 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v4" dst-address-list="m365-ws-worldwide-10-v4" }
:if ([$missing6 c="ee4c11b9 ws/worldwide/10 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 ee4c11b9 ws/worldwide/10 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v6" dst-address-list="m365-ws-worldwide-9-v6" }
:if ([$missing4 c="2e2cbb18 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 2e2cbb18 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing6 c="80478f43 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 80478f43 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-11-v6" }
:if ([$missing4 c="f2f54c1f ws/worldwide/12 worldwide teams outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 f2f54c1f ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing4 c="84130264 ws/worldwide/12 worldwide teams outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 84130264 ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing6 c="1b3e0294 ws/worldwide/12 worldwide teams outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1b3e0294 ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-12-v6" }
:if ([$missing6 c="6dd84cef ws/worldwide/12 worldwide teams outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 6dd84cef ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-12-v6" }
:if ([$missing4 c="133a3238 ws/worldwide/17 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 133a3238 ws/worldwide/17 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v4" }
:if ([$missing6 c="b6febe18 ws/worldwide/17 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 b6febe18 ws/worldwide/17 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-row-9-agent-installer-short-links-worldwide-hosts-v6" }
:if ([$missing4 c="c8399461 ws/worldwide/19 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 c8399461 ws/worldwide/19 worldwide teams outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-19-hosts-v4" }
:if ([$missing6 c="b5031784 ws/worldwide/19 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 b5031784 ws/worldwide/19 worldwide teams outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-19-hosts-v6" }
:if ([$missing4 c="f2d3919d ws/worldwide/27 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 f2d3919d ws/worldwide/27 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-27-hosts-v4" }
:if ([$missing6 c="8fe91278 ws/worldwide/27 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 8fe91278 ws/worldwide/27 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-27-hosts-v6" }
:if ([$missing4 c="bf3ded14 ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 bf3ded14 ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-31-v4" }
:if ([$missing4 c="c9dba36f ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 c9dba36f ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-31-v4" }
:if ([$missing6 c="1156d94f ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 1156d94f ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-31-v6" }
:if ([$missing6 c="67b09734 ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 67b09734 ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-31-v6" }
:if ([$missing4 c="182171b0 ws/worldwide/32 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 182171b0 ws/worldwide/32 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-32-hosts-v4" }
:if ([$missing6 c="651bf255 ws/worldwide/32 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 651bf255 ws/worldwide/32 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-32-hosts-v6" }
:if ([$missing4 c="2e189839 ws/worldwide/35 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 2e189839 ws/worldwide/35 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-35-hosts-v4" }
:if ([$missing6 c="53221bdc ws/worldwide/35 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 53221bdc ws/worldwide/35 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-35-hosts-v6" }
:if ([$missing4 c="b7fafe38 ws/worldwide/36 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 b7fafe38 ws/worldwide/36 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-36-hosts-v4" }
:if ([$missing6 c="cac07ddd ws/worldwide/36 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 cac07ddd ws/worldwide/36 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-36-hosts-v6" }
:if ([$missing4 c="767421f8 ws/worldwide/37 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 767421f8 ws/worldwide/37 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-37-hosts-v4" }
:if ([$missing6 c="0b4ea21d ws/worldwide/37 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0b4ea21d ws/worldwide/37 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-37-hosts-v6" }
:if ([$missing4 c="101801bc ws/worldwide/46 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 101801bc ws/worldwide/46 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-46-v4" }
:if ([$missing6 c="be7335e7 ws/worldwide/46 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 be7335e7 ws/worldwide/46 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-46-v6" }
:if ([$missing4 c="36920b90 ws/worldwide/53 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 36920b90 ws/worldwide/53 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-53-hosts-v4" }
:if ([$missing6 c="4ba88875 ws/worldwide/53 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 4ba88875 ws/worldwide/53 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-53-hosts-v6" }
:if ([$missing4 c="db44d219 ws/worldwide/56 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 db44d219 ws/worldwide/56 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-56-v4" }
:if ([$missing6 c="752fe642 ws/worldwide/56 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 752fe642 ws/worldwide/56 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-56-v6" }
:if ([$missing4 c="d377f999 ws/worldwide/59 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 d377f999 ws/worldwide/59 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v4" }
:if ([$missing6 c="b9ee236e ws/worldwide/59 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 b9ee236e ws/worldwide/59 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-row-19-hybrid-join-registration-worldwide-hosts-v6" }
:if ([$missing4 c="707e4e22 ws/worldwide/64 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 707e4e22 ws/worldwide/64 worldwide common outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-64-v4" }
:if ([$missing6 c="de157a79 ws/worldwide/64 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 de157a79 ws/worldwide/64 worldwide common outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-64-v6" }
:if ([$missing4 c="434bf30e ws/worldwide/70 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 434bf30e ws/worldwide/70 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-70-hosts-v4" }
:if ([$missing6 c="3e7170eb ws/worldwide/70 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 3e7170eb ws/worldwide/70 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-70-hosts-v6" }
:if ([$missing4 c="daa9950f ws/worldwide/73 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 daa9950f ws/worldwide/73 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-73-hosts-v4" }
:if ([$missing6 c="a79316ea ws/worldwide/73 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a79316ea ws/worldwide/73 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-73-hosts-v6" }
:if ([$missing4 c="321c5f4c ws/worldwide/75 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 321c5f4c ws/worldwide/75 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-75-hosts-v4" }
:if ([$missing6 c="4f26dca9 ws/worldwide/75 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 4f26dca9 ws/worldwide/75 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-75-hosts-v6" }
:if ([$missing4 c="27043181 ws/worldwide/79 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 27043181 ws/worldwide/79 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-79-hosts-v4" }
:if ([$missing6 c="5a3eb264 ws/worldwide/79 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 5a3eb264 ws/worldwide/79 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-79-hosts-v6" }
:if ([$missing4 c="a83d0a7e ws/worldwide/83 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 a83d0a7e ws/worldwide/83 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-83-hosts-v4" }
:if ([$missing6 c="d507899b ws/worldwide/83 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 d507899b ws/worldwide/83 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-83-hosts-v6" }
:if ([$missing4 c="9e04e3f7 ws/worldwide/84 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 9e04e3f7 ws/worldwide/84 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-84-hosts-v4" }
:if ([$missing6 c="e33e6012 ws/worldwide/84 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 e33e6012 ws/worldwide/84 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-84-hosts-v6" }
:if ([$missing4 c="d96aa63c ws/worldwide/86 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 d96aa63c ws/worldwide/86 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-86-hosts-v4" }
:if ([$missing6 c="a45025d9 ws/worldwide/86 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a45025d9 ws/worldwide/86 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-86-hosts-v6" }
:if ([$missing4 c="5590aef0 ws/worldwide/89 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 5590aef0 ws/worldwide/89 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-89-hosts-v4" }
:if ([$missing6 c="28aa2d15 ws/worldwide/89 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 28aa2d15 ws/worldwide/89 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-89-hosts-v6" }
:if ([$missing4 c="74f603da ws/worldwide/91 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 74f603da ws/worldwide/91 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-91-hosts-v4" }
:if ([$missing6 c="09cc803f ws/worldwide/91 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 09cc803f ws/worldwide/91 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-91-hosts-v6" }
:if ([$missing4 c="ed1465db ws/worldwide/92 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 ed1465db ws/worldwide/92 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-92-hosts-v4" }
:if ([$missing6 c="902ee63e ws/worldwide/92 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 902ee63e ws/worldwide/92 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-92-hosts-v6" }
:if ([$missing4 c="2c9aba1b ws/worldwide/93 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 2c9aba1b ws/worldwide/93 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-93-hosts-v4" }
:if ([$missing6 c="51a039fe ws/worldwide/93 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 51a039fe ws/worldwide/93 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-93-hosts-v6" }
:if ([$missing4 c="42cfea53 ws/worldwide/96 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 42cfea53 ws/worldwide/96 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-96-hosts-v4" }
:if ([$missing6 c="3ff569b6 ws/worldwide/96 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 3ff569b6 ws/worldwide/96 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-96-hosts-v6" }
:if ([$missing4 c="83413593 ws/worldwide/97 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 83413593 ws/worldwide/97 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-97-hosts-v4" }
:if ([$missing6 c="fe7bb676 ws/worldwide/97 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 fe7bb676 ws/worldwide/97 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-97-hosts-v6" }
:if ([$missing4 c="f545d48c ws/worldwide/114 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 f545d48c ws/worldwide/114 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-114-hosts-v4" }
:if ([$missing6 c="14ea4e14 ws/worldwide/114 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 14ea4e14 ws/worldwide/114 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-114-hosts-v6" }
:if ([$missing4 c="ad296d4d ws/worldwide/116 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 ad296d4d ws/worldwide/116 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-116-hosts-v4" }
:if ([$missing6 c="4c86f7d5 ws/worldwide/116 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 4c86f7d5 ws/worldwide/116 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-116-hosts-v6" }
:if ([$missing4 c="f38caa3e ws/worldwide/121 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 f38caa3e ws/worldwide/121 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-121-hosts-v4" }
:if ([$missing6 c="122330a6 ws/worldwide/121 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 122330a6 ws/worldwide/121 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-121-hosts-v6" }
:if ([$missing4 c="8aa427dd ws/worldwide/122 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 8aa427dd ws/worldwide/122 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-122-hosts-v4" }
:if ([$missing6 c="6b0bbd45 ws/worldwide/122 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 6b0bbd45 ws/worldwide/122 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-122-hosts-v6" }
:if ([$missing4 c="6211ed9e ws/worldwide/124 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 6211ed9e ws/worldwide/124 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-124-hosts-v4" }
:if ([$missing6 c="83be7706 ws/worldwide/124 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 83be7706 ws/worldwide/124 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-124-hosts-v6" }
:if ([$missing4 c="4355d9bc ws/worldwide/125 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 4355d9bc ws/worldwide/125 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-125-hosts-v4" }
:if ([$missing6 c="a2fa4324 ws/worldwide/125 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a2fa4324 ws/worldwide/125 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-125-hosts-v6" }
:if ([$missing4 c="3a7d545f ws/worldwide/126 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 3a7d545f ws/worldwide/126 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-126-hosts-v4" }
:if ([$missing6 c="dbd2cec7 ws/worldwide/126 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 dbd2cec7 ws/worldwide/126 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-126-hosts-v6" }
:if ([$missing4 c="f404c59d ws/worldwide/147 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 f404c59d ws/worldwide/147 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-147-hosts-v4" }
:if ([$missing6 c="15ab5f05 ws/worldwide/147 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 15ab5f05 ws/worldwide/147 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-147-hosts-v6" }
:if ([$missing4 c="4ee5bdd0 ws/worldwide/156 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 4ee5bdd0 ws/worldwide/156 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-156-hosts-v4" }
:if ([$missing6 c="af4a2748 ws/worldwide/156 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 af4a2748 ws/worldwide/156 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-156-hosts-v6" }
:if ([$missing4 c="3dd7a2f4 ws/worldwide/159 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 3dd7a2f4 ws/worldwide/159 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-159-hosts-v4" }
:if ([$missing6 c="dc78386c ws/worldwide/159 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 dc78386c ws/worldwide/159 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-159-hosts-v6" }
:if ([$missing4 c="31044e81 ws/worldwide/160 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 31044e81 ws/worldwide/160 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-160-hosts-v4" }
:if ([$missing6 c="d0abd419 ws/worldwide/160 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 d0abd419 ws/worldwide/160 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-160-hosts-v6" }
:if ([$missing4 c="c66e63e8 ws/worldwide/9000 worldwide intune outbound allow"]) do={ /ip firewall filter add chain=m365 comment="m365 c66e63e8 ws/worldwide/9000 worldwide intune outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9000-v4" }
:if ([$missing6 c="26aa17a0 ws/worldwide/9000 worldwide intune outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 26aa17a0 ws/worldwide/9000 worldwide intune outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9000-v6" }
:if ([$missing4 c="b1511079 ws/worldwide/9001 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 b1511079 ws/worldwide/9001 worldwide intune outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9001-hosts-v4" }
:if ([$missing6 c="7ed61279 ws/worldwide/9001 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 7ed61279 ws/worldwide/9001 worldwide intune outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9001-hosts-v6" }
:if ([$missing4 c="66573fc7 ws/worldwide/9002 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 66573fc7 ws/worldwide/9002 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9002-hosts-v4" }
:if ([$missing6 c="a9d03dc7 ws/worldwide/9002 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a9d03dc7 ws/worldwide/9002 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9002-hosts-v6" }
:if ([$missing4 c="33f12c2c ws/worldwide/9003 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 33f12c2c ws/worldwide/9003 worldwide intune outbound default" action=accept protocol=udp dst-port=123 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9003-hosts-v4" }
:if ([$missing6 c="fc762e2c ws/worldwide/9003 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 fc762e2c ws/worldwide/9003 worldwide intune outbound default" action=accept protocol=udp dst-port=123 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9003-hosts-v6" }
:if ([$missing4 c="8ee2f584 ws/worldwide/9004 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="m365 8ee2f584 ws/worldwide/9004 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-9004-hosts-v4" }
:if ([$missing6 c="4165f784 ws/worldwide/9004 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 4165f784 ws/worldwide/9004 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-9004-hosts-v6" }
/ipv6 firewall filter remove [find comment~"^old m365 "]
/ip firewall filter remove [find comment~"^old m365 "]
/ipv6 firewall address-list remove [find comment~"^old m365 "]
/ip firewall address-list remove [find comment~"^old m365 "]
