# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 32 of 176 requirements, and parts of 24. losses.json says which, and why.
# Besides: a rule for a name also permits the other sites at the addresses of that name
# First: nothing is permitted before the last line of the installation, the jump; print the rules before it
# Install (terminal of the router, with the files uploaded to it):
#   /import perimeter365.rsc
#   /import jump.rsc
:foreach i in=[/ip firewall address-list find dynamic=no list~"^m365-" comment~"^p365: "] do={ /ip firewall address-list set $i comment=("old " . [/ip firewall address-list get $i comment]) }
:foreach i in=[/ipv6 firewall address-list find dynamic=no list~"^m365-" comment~"^p365: "] do={ /ipv6 firewall address-list set $i comment=("old " . [/ipv6 firewall address-list get $i comment]) }
:foreach i in=[/ip firewall filter find chain=m365 comment~"^p365: "] do={ /ip firewall filter set $i comment=("old " . [/ip firewall filter get $i comment]) }
:foreach i in=[/ipv6 firewall filter find chain=m365 comment~"^p365: "] do={ /ipv6 firewall filter set $i comment=("old " . [/ipv6 firewall filter get $i comment]) }
:local entry4 do={
  :local f [/ip firewall address-list find list=$l comment="old p365: $a"]
  :if ([:len $f] > 0) do={ /ip firewall address-list set $f comment="p365: $a" }
  :if ([:len $f] = 0) do={ /ip firewall address-list add list=$l comment="p365: $a" address=$a }
}
:local missing4 do={
  :local f [/ip firewall filter find chain=m365 comment="old p365: $c"]
  :if ([:len $f] > 0) do={ /ip firewall filter set $f comment="p365: $c" }
  :return ([:len $f] = 0)
}
:local entry6 do={
  :local f [/ipv6 firewall address-list find list=$l comment="old p365: $a"]
  :if ([:len $f] > 0) do={ /ipv6 firewall address-list set $f comment="p365: $a" }
  :if ([:len $f] = 0) do={ /ipv6 firewall address-list add list=$l comment="p365: $a" address=$a }
}
:local missing6 do={
  :local f [/ipv6 firewall filter find chain=m365 comment="old p365: $c"]
  :if ([:len $f] > 0) do={ /ipv6 firewall filter set $f comment="p365: $c" }
  :return ([:len $f] = 0)
}
$entry4 l="m365-client-v4-93997fe8" a="10.0.0.0/8"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.6.152/31"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.18.10/31"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.128.0/22"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="23.103.160.0/20"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="40.96.0.0/13"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="40.104.0.0/15"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="52.96.0.0/14"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="131.253.33.215"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="132.245.0.0/16"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="150.171.32.0/22"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="204.79.197.215"
$entry4 l="m365-ws-worldwide-9-v4-116219af" a="40.92.0.0/15"
$entry4 l="m365-ws-worldwide-9-v4-116219af" a="40.107.0.0/16"
$entry4 l="m365-ws-worldwide-9-v4-116219af" a="52.100.0.0/14"
$entry4 l="m365-ws-worldwide-9-v4-116219af" a="52.238.78.88"
$entry4 l="m365-ws-worldwide-9-v4-116219af" a="104.47.0.0/17"
$entry4 l="m365-exchange-server-v4-631f0814" a="203.0.113.10"
$entry4 l="m365-ws-worldwide-10-v4-dfa4486d" a="40.92.0.0/15"
$entry4 l="m365-ws-worldwide-10-v4-dfa4486d" a="40.107.0.0/16"
$entry4 l="m365-ws-worldwide-10-v4-dfa4486d" a="52.100.0.0/14"
$entry4 l="m365-ws-worldwide-10-v4-dfa4486d" a="104.47.0.0/17"
$entry4 l="m365-ws-worldwide-11-v4-36bc972e" a="52.112.0.0/14"
$entry4 l="m365-ws-worldwide-11-v4-36bc972e" a="52.122.0.0/15"
$entry4 l="m365-ws-worldwide-31-v4-1a35da27" a="13.107.136.0/22"
$entry4 l="m365-ws-worldwide-31-v4-1a35da27" a="40.108.128.0/17"
$entry4 l="m365-ws-worldwide-31-v4-1a35da27" a="52.104.0.0/14"
$entry4 l="m365-ws-worldwide-31-v4-1a35da27" a="104.146.128.0/17"
$entry4 l="m365-ws-worldwide-31-v4-1a35da27" a="150.171.40.0/22"
$entry4 l="m365-ws-worldwide-46-v4-c83a80f5" a="13.107.6.171"
$entry4 l="m365-ws-worldwide-46-v4-c83a80f5" a="13.107.18.15"
$entry4 l="m365-ws-worldwide-46-v4-c83a80f5" a="13.107.140.6"
$entry4 l="m365-ws-worldwide-46-v4-c83a80f5" a="52.108.0.0/14"
$entry4 l="m365-ws-worldwide-46-v4-c83a80f5" a="52.244.37.168"
$entry4 l="m365-ws-worldwide-56-v4-bfa050b9" a="20.20.32.0/19"
$entry4 l="m365-ws-worldwide-56-v4-bfa050b9" a="20.190.128.0/18"
$entry4 l="m365-ws-worldwide-56-v4-bfa050b9" a="20.231.128.0/19"
$entry4 l="m365-ws-worldwide-56-v4-bfa050b9" a="40.126.0.0/18"
$entry4 l="m365-ws-worldwide-64-v4-b1389f67" a="13.107.6.192"
$entry4 l="m365-ws-worldwide-64-v4-b1389f67" a="13.107.9.192"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.145.74.224/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.150.254.64/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.154.145.224/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.200.254.32/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.207.244.0/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.213.25.64/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.213.86.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.216.205.32/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="4.237.143.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.67.13.176/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.67.15.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.69.67.224/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.69.231.128/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.70.78.128/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.70.79.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.74.111.192/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.77.53.176/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.86.221.176/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.89.174.240/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.89.175.192/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.107.219.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.107.227.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="13.107.228.0/23"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.37.153.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.37.192.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.38.81.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.41.1.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.42.1.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.42.130.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.42.224.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.43.129.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.44.19.224/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.91.147.72/29"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.168.189.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.189.172.160/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.189.229.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.191.167.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.192.159.40/29"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.192.174.216/29"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.199.207.192/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.204.193.10/31"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.204.193.12/30"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.204.194.128/31"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.208.149.192/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.208.157.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="20.214.131.176/29"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.67.121.224/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.70.151.32/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.71.14.96/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.74.25.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.78.245.240/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.78.247.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.79.197.64/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.79.197.96/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.80.180.208/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.80.180.224/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.80.184.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.82.248.224/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.82.249.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.84.70.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="40.119.8.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="48.218.252.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.150.137.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.162.111.96/28"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.168.116.128/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.182.141.192/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.236.189.96/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="52.240.244.160/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="57.151.0.192/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="57.153.235.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="57.154.140.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="57.154.195.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="57.155.45.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="68.218.134.96/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="74.224.214.64/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="74.241.231.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="74.242.35.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="74.242.184.128/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="104.46.162.96/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="104.208.197.64/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="150.171.97.0/24"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.160.217.160/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.201.237.160/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.202.86.192/27"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.205.63.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.208.170.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.212.214.0/25"
$entry4 l="m365-ws-worldwide-9000-v4-8a2440f8" a="172.215.131.0/27"
$entry4 l="m365-resolver-v4-6c66ff9d" a="10.0.0.53"
$entry4 l="m365-admin-workstation-v4-55dd1c54" a="10.0.9.0/24"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.6.152/31"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.6.171"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.18.10/31"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.18.15"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.128.0/22"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="13.107.140.6"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="20.20.32.0/19"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="20.190.128.0/18"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="20.231.128.0/19"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="23.103.160.0/20"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="40.96.0.0/13"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="40.104.0.0/15"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="40.126.0.0/18"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="52.96.0.0/14"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="52.108.0.0/14"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="52.244.37.168"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="131.253.33.215"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="132.245.0.0/16"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="150.171.32.0/22"
$entry4 l="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" a="204.79.197.215"
$entry4 l="m365-entra-connect-v4-c607e1c5" a="203.0.113.17"
$entry4 l="m365-adfs-proxy-v4-c74177bd" a="203.0.113.15"
$entry4 l="m365-adfs-server-v4-90309662" a="203.0.113.16"
$entry4 l="m365-load-balancer-v4-9ec158a1" a="203.0.113.21"
$entry4 l="m365-mrs-proxy-v4-16306f61" a="203.0.113.11"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="13.107.6.152/31"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="13.107.18.10/31"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="13.107.128.0/22"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="20.20.32.0/19"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="20.190.128.0/18"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="20.231.128.0/19"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="23.103.160.0/20"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="40.96.0.0/13"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="40.104.0.0/15"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="40.126.0.0/18"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="52.96.0.0/14"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="131.253.33.215"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="132.245.0.0/16"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="150.171.32.0/22"
$entry4 l="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" a="204.79.197.215"
$entry4 l="m365-hybrid-wizard-host-v4-a9fcca23" a="203.0.113.12"
$entry4 l="m365-row-10-autodetect-to-exchange-worldwide-v4-a8f77f92" a="52.125.128.0/20"
$entry4 l="m365-row-10-autodetect-to-exchange-worldwide-v4-a8f77f92" a="52.127.96.0/23"
$entry4 l="m365-hybrid-agent-v4-10dc059b" a="203.0.113.13"
$entry4 l="m365-proxy-connector-v4-230ef0fb" a="203.0.113.14"
$entry4 l="m365-row-12-screen-sharing-worldwide-v4-18d8287b" a="52.112.0.0/14"
$entry4 l="m365-sfb-edge-v4-4e427589" a="203.0.113.26"
$entry4 l="m365-row-13-edge-to-skype-online-worldwide-v4-667cf4ab" a="13.107.64.0/18"
$entry4 l="m365-row-13-edge-to-skype-online-worldwide-v4-667cf4ab" a="52.112.0.0/14"
$entry4 l="m365-sbc-v4-dea458f3" a="203.0.113.25"
$entry4 l="m365-domain-controller-v4-89d523ed" a="203.0.113.20"
$entry4 l="m365-health-agent-v4-59d2ad65" a="203.0.113.18"
$entry4 l="m365-pass-through-agent-v4-cc0be942" a="203.0.113.19"
$entry4 l="m365-mfa-server-v4-0a456827" a="203.0.113.22"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.159.5.240/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.159.7.16/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.247.73.160/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.250.84.176/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.250.85.96/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="52.251.8.48/28"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="70.37.154.128/25"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="134.170.116.0/25"
$entry4 l="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" a="134.170.165.0/25"
$entry4 l="m365-notification-receiver-v4-8705fab9" a="203.0.113.23"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="13.78.204.0"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="13.87.81.35"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="13.87.81.123"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="13.87.81.133"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="13.87.81.141"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.9.35.166"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.9.36.45"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.9.36.128"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.9.37.73"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.9.37.76"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.25.189.138"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.44.210.83"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.44.210.146"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.48.11.201"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.48.12.75"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.48.14.35"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.48.15.147"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.69.245.215"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.89.108.161"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.89.240.165"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.90.99.1"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.91.208.88"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.91.209.147"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.91.212.136"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.91.212.211"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.91.213.57"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.96.21.67"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.96.21.98"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.96.21.115"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.98.68.57"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.98.68.182"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.98.68.200"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.98.68.203"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.98.68.218"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.111.9.46"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.111.9.77"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.127.53.125"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.171.81.121"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.171.82.192"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.171.83.146"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.171.83.157"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.199.102.73"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.199.102.157"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.212.153.162"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.216.150.67"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.223.139.245"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="20.253.156.113"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.76.162.42"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.76.162.99"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.80.232.118"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.80.232.177"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.80.233.14"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="40.80.239.196"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.104.159.181"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.104.159.213"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.124.73.177"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.124.75.43"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.138.90.7"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="51.138.90.52"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.142.114.29"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.142.115.31"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.147.213.181"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.147.213.251"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.148.24.136"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.148.27.39"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.148.114.238"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.148.115.48"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.17.84"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.23.209"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.102.72"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.107.4"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.107.50"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.109.205"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.159.124.33"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="52.231.196.24"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="70.37.90.219"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="70.37.92.195"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="70.37.93.191"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="70.37.95.11"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="70.37.95.92"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.40.209.182"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.46.117.15"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.215.6.169"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.215.12.254"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.215.13.23"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="104.215.18.55"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="137.135.11.116"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="137.135.11.161"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="137.135.11.222"
$entry4 l="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" a="137.135.11.250"
$entry4 l="m365-mobile-device-v4-dc556a09" a="10.200.0.0/16"
$entry4 l="m365-row-25-apple-devices-to-apple-worldwide-v4-eb5d11fc" a="17.0.0.0/8"
$entry4 l="m365-row-1-azcopy-download-worldwide-hosts-v4-bafb6a6a" a="aka.ms"
$entry4 l="m365-row-1-azcopy-download-worldwide-hosts-v4-bafb6a6a" a="go.microsoft.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="api.diagnostics.office.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="apibasic.diagnostics.office.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="autodiscover-s.outlook.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="autodiscover.outlook.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="cloudcheckenabler.azurewebsites.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="login.live.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="o365diagtelemetry.trafficmanager.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="offcatedge.azureedge.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="officeapps.live.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="officecdn.microsoft.com"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="outlookdiagnostics.azureedge.net"
$entry4 l="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" a="sara.api.support.microsoft.com"
$entry4 l="m365-row-7-autodiscover-of-exchange-online-wo-hosts-v4-3040bbab" a="autodiscover-s.outlook.com"
$entry4 l="m365-row-7-federation-delegation-worldwide-hosts-v4-e0b8e68f" a="domains.live.com"
$entry4 l="m365-row-9-agent-installer-short-links-worldw-hosts-v4-ea045d37" a="aka.ms"
$entry4 l="m365-row-9-wizard-download-worldwide-hosts-v4-b041953a" a="shcwreleaseprod.blob.core.windows.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="asl.configure.office.com"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="mshybridservice.trafficmanager.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="tds.configure.office.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="crl.microsoft.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="crl3.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="crl4.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="ctldl.windowsupdate.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="ocsp.digicert.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="ocsp.msocsp.com"
$entry4 l="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" a="oneocsp.microsoft.com"
$entry4 l="m365-row-11-connector-certificates-worldwide-hosts-v4-3be1be2c" a="www.microsoft.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4-0ba3bcd4" a="ctldl.windowsupdate.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4-0ba3bcd4" a="enterpriseregistration.windows.net"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4-0ba3bcd4" a="management.azure.com"
$entry4 l="m365-row-11-connector-registration-worldwide-hosts-v4-0ba3bcd4" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="crl.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="crl3.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="crl4.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="mscrl.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="ocsp.digicert.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="ocsp.msocsp.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="oneocsp.microsoft.com"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry4 l="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" a="www.d-trust.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="aadcdn.msauth.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="aadcdn.msftauth.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="autoupdate.msappproxy.net"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="management.azure.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="www.microsoft.com"
$entry4 l="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" a="www.office.com"
$entry4 l="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" a="enterpriseregistration.windows.net"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="crl.microsoft.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="crl3.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="crl4.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="ocsp.digicert.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="ocsp.msocsp.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="oneocsp.microsoft.com"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry4 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" a="www.d-trust.net"
$entry4 l="m365-row-19-synchronization-by-name-worldwide-hosts-v4-4451c0de" a="management.core.windows.net"
$entry4 l="m365-row-19-synchronization-by-name-worldwide-hosts-v4-4451c0de" a="secure.aadcdn.microsoftonline-p.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="amp.azure.net"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="api.microsoftstream.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="az416426.vo.msecnd.net"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="s0.assets-yammer.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="vortex.data.microsoft.com"
$entry4 l="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" a="web.microsoftstream.com"
$entry4 l="m365-row-24-web-probe-worldwide-hosts-v4-28b49d4c" a="www.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v4-3df62668" a="www.msftncsi.com"
$entry4 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v4-3aae974f" a="ipv6.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v4-93b5d41a" a="ipv6.msftncsi.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt1-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt2-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt3-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt4-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt5-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt6-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt7-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="alt8-mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="android.apis.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="device-provisioning.googleapis.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="firebaseinstallations.googleapis.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="mtalk-dev.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="mtalk-staging.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="mtalk.google.com"
$entry4 l="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" a="mtalk4.google.com"
$entry4 l="m365-ws-worldwide-19-hosts-v4-1848fe0c" a="adl.windows.com"
$entry4 l="m365-ws-worldwide-27-hosts-v4-17069a45" a="join.secure.skypeassets.com"
$entry4 l="m365-ws-worldwide-27-hosts-v4-17069a45" a="mlccdnprod.azureedge.net"
$entry4 l="m365-ws-worldwide-32-hosts-v4-c76e2f3b" a="storage.live.com"
$entry4 l="m365-ws-worldwide-35-hosts-v4-7823c948" a="admin.onedrive.com"
$entry4 l="m365-ws-worldwide-35-hosts-v4-7823c948" a="officeclient.microsoft.com"
$entry4 l="m365-ws-worldwide-36-hosts-v4-747d741f" a="g.live.com"
$entry4 l="m365-ws-worldwide-36-hosts-v4-747d741f" a="oneclient.sfx.ms"
$entry4 l="m365-ws-worldwide-37-hosts-v4-c6f691f1" a="spoprod-a.akamaihd.net"
$entry4 l="m365-ws-worldwide-53-hosts-v4-5c3cd778" a="ajax.aspnetcdn.com"
$entry4 l="m365-ws-worldwide-53-hosts-v4-5c3cd778" a="apis.live.net"
$entry4 l="m365-ws-worldwide-53-hosts-v4-5c3cd778" a="officeapps.live.com"
$entry4 l="m365-ws-worldwide-53-hosts-v4-5c3cd778" a="www.onedrive.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="amp.azure.net"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="appsforoffice.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="assets.onestore.ms"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="auth.gfx.ms"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="c1.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="dgps.support.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="docs.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="msdn.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="platform.linkedin.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="prod.msocdn.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="shellprod.msocdn.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="support.microsoft.com"
$entry4 l="m365-ws-worldwide-70-hosts-v4-bfb90395" a="technet.microsoft.com"
$entry4 l="m365-ws-worldwide-73-hosts-v4-89d0f097" a="ecn.dev.virtualearth.net"
$entry4 l="m365-ws-worldwide-73-hosts-v4-89d0f097" a="informationprotection.hosting.portal.azure.net"
$entry4 l="m365-ws-worldwide-75-hosts-v4-47ccc8ad" a="dc.services.visualstudio.com"
$entry4 l="m365-ws-worldwide-75-hosts-v4-47ccc8ad" a="mem.gfx.ms"
$entry4 l="m365-ws-worldwide-79-hosts-v4-e09b88e1" a="o15.officeredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4-e09b88e1" a="officepreviewredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4-e09b88e1" a="officeredir.microsoft.com"
$entry4 l="m365-ws-worldwide-79-hosts-v4-e09b88e1" a="r.office.microsoft.com"
$entry4 l="m365-ws-worldwide-83-hosts-v4-174bb56b" a="activation.sls.microsoft.com"
$entry4 l="m365-ws-worldwide-84-hosts-v4-e2c6518b" a="crl.microsoft.com"
$entry4 l="m365-ws-worldwide-86-hosts-v4-b92c56a0" a="office15client.microsoft.com"
$entry4 l="m365-ws-worldwide-86-hosts-v4-b92c56a0" a="officeclient.microsoft.com"
$entry4 l="m365-ws-worldwide-89-hosts-v4-f73d8086" a="go.microsoft.com"
$entry4 l="m365-ws-worldwide-91-hosts-v4-d8fe73d0" a="ajax.aspnetcdn.com"
$entry4 l="m365-ws-worldwide-91-hosts-v4-d8fe73d0" a="cdn.odc.officeapps.live.com"
$entry4 l="m365-ws-worldwide-92-hosts-v4-7d7974e3" a="officecdn.microsoft.com"
$entry4 l="m365-ws-worldwide-92-hosts-v4-7d7974e3" a="otelrules.azureedge.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4-c6200818" a="c.bing.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4-c6200818" a="ocos-office365-s2s.msedge.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4-c6200818" a="tse1.mm.bing.net"
$entry4 l="m365-ws-worldwide-93-hosts-v4-c6200818" a="www.bing.com"
$entry4 l="m365-ws-worldwide-96-hosts-v4-6c21b9d4" a="login.windows-ppe.net"
$entry4 l="m365-ws-worldwide-97-hosts-v4-3f9a4a8a" a="account.live.com"
$entry4 l="m365-ws-worldwide-97-hosts-v4-3f9a4a8a" a="login.live.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4-3ca98654" a="c.bing.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4-3ca98654" a="c.live.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4-3ca98654" a="partnerservices.getmicrosoftkey.com"
$entry4 l="m365-ws-worldwide-114-hosts-v4-3ca98654" a="signup.live.com"
$entry4 l="m365-ws-worldwide-116-hosts-v4-d1d249e3" a="account.live.com"
$entry4 l="m365-ws-worldwide-116-hosts-v4-d1d249e3" a="auth.gfx.ms"
$entry4 l="m365-ws-worldwide-116-hosts-v4-d1d249e3" a="login.live.com"
$entry4 l="m365-ws-worldwide-121-hosts-v4-5ca2bb86" a="www.outlook.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4-3441bdfb" a="eus-www.sway-cdn.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4-3441bdfb" a="eus-www.sway-extensions.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4-3441bdfb" a="wus-www.sway-cdn.com"
$entry4 l="m365-ws-worldwide-122-hosts-v4-3441bdfb" a="wus-www.sway-extensions.com"
$entry4 l="m365-ws-worldwide-124-hosts-v4-b9c64f5c" a="sway.com"
$entry4 l="m365-ws-worldwide-124-hosts-v4-b9c64f5c" a="www.sway.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="cacerts.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="cert.int-x3.letsencrypt.org"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="crl.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="crl.globalsign.net"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="crl.identrust.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="crl3.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="crl4.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="isrg.trustid.ocsp.identrust.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="mscrl.microsoft.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="ocsp.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="ocsp.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="ocsp.msocsp.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="ocsp2.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="ocspx.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="oneocsp.microsoft.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="secure.globalsign.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="www.digicert.com"
$entry4 l="m365-ws-worldwide-125-hosts-v4-07ed053a" a="www.microsoft.com"
$entry4 l="m365-ws-worldwide-126-hosts-v4-9e9e3a4b" a="officespeech.platform.bing.com"
$entry4 l="m365-ws-worldwide-147-hosts-v4-8afb4c84" a="www.microsoft365.com"
$entry4 l="m365-ws-worldwide-156-hosts-v4-5234d3d7" a="activity.windows.com"
$entry4 l="m365-ws-worldwide-159-hosts-v4-046f4230" a="admin.microsoft.com"
$entry4 l="m365-ws-worldwide-160-hosts-v4-4c095b48" a="cdn.odc.officeapps.live.com"
$entry4 l="m365-ws-worldwide-160-hosts-v4-4c095b48" a="cdn.uci.officeapps.live.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="aadcdn.msauth.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="aadcdn.msftauth.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="adl.windows.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="cdn.storeedgefd.dsx.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="certauth.enterpriseregistration.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="displaycatalog.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="dl.delivery.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="enterpriseregistration.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="go.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="graph.windows.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="licensing.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="login.microsoftonline.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="purchase.md.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="storeedgefd.dsx.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swda01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swda02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdb01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdb02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdc01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdc02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdd01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdd02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdin01-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="swdin02-mscdn.azureedge.net"
$entry4 l="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" a="tsfe.trafficshaping.dsp.mp.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="aka.ms"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="api.flightproxy.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="approdimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="approdimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="approdimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="browser.pipe.aria.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="cdn.oneget.org"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="clientconfig.passport.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="config.edge.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="config.office.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ecs.communication.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ecs.office.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="edge.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="edge.skype.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ekcert.spserv.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ekop.intel.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="euprodimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="euprodimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="euprodimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="fd.api.orgmsg.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ftpm.amd.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="go-amer.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="go-apac.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="go-eu.trouter.communications.svc.cloud.microsoft"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="has.spserv.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunecdnpeasd.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape1.eus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape10.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape11.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape12.weu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape13.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape17.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape18.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape19.jpe.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape2.eus2.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape3.cus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape4.wus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape5.scus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape6.ncus.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape7.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape8.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="intunemaape9.neu.attest.azure.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapeaus.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapeind.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapesea.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapeswiss.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapeweu.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="lgmsapewus2.blob.core.windows.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="login.live.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="naprodimedatahotfix.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="naprodimedatapri.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="naprodimedatasec.azureedge.net"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="remoteassistanceprodacs.communication.azure.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="remoteassistanceprodacseu.communication.azure.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="remoteassistanceweb.usgov.communication.azure.us"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="ris.prod.api.personalization.ideas.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="teams.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="wcpstatic.microsoft.com"
$entry4 l="m365-ws-worldwide-9002-hosts-v4-21225ab9" a="windowsphone.com"
$entry4 l="m365-ws-worldwide-9003-hosts-v4-de2eac78" a="time.windows.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4-8f06463f" a="gcc.relay.remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4-8f06463f" a="gcc.remotehelp.microsoft.com"
$entry4 l="m365-ws-worldwide-9004-hosts-v4-8f06463f" a="remoteassistanceweb-gcc.usgov.communication.azure.us"
$entry6 l="m365-client-v6-e36521b0" a="2001:db8:c::/48"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1006::/40"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1016::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1026::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1036::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1046::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1056::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:4::152/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:c::10/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:d::10/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:8f0::/46"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:900::/46"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:a92::152/127"
$entry6 l="m365-ws-worldwide-9-v6-4877fb3f" a="2a01:111:f400::/48"
$entry6 l="m365-ws-worldwide-9-v6-4877fb3f" a="2a01:111:f403::/48"
$entry6 l="m365-exchange-server-v6-6aa64f14" a="2001:db8:e::10/128"
$entry6 l="m365-ws-worldwide-11-v6-1014cbfc" a="2603:1063::/38"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2603:1027::/48"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2603:1037::/48"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2603:1047::/48"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2603:1057::/48"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2603:1063::/38"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2620:1ec:6::/48"
$entry6 l="m365-ws-worldwide-12-v6-8e44d8f0" a="2620:1ec:40::/42"
$entry6 l="m365-ws-worldwide-31-v6-917c0ce8" a="2603:1061:1300::/40"
$entry6 l="m365-ws-worldwide-31-v6-917c0ce8" a="2603:1063:6000::/35"
$entry6 l="m365-ws-worldwide-31-v6-917c0ce8" a="2620:1ec:8f8::/46"
$entry6 l="m365-ws-worldwide-31-v6-917c0ce8" a="2620:1ec:908::/46"
$entry6 l="m365-ws-worldwide-31-v6-917c0ce8" a="2a01:111:f402::/48"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1006:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1016:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1026:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1036:2400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1046:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1056:1400::/40"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2603:1063:2000::/38"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2620:1ec:c::15/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2620:1ec:8fc::6/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2620:1ec:a92::171/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2a01:111:f100:2000::a83e:3019/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2a01:111:f100:2002::8975:2d79/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2a01:111:f100:2002::8975:2da8/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2a01:111:f100:7000::6fdd:6cd5/128"
$entry6 l="m365-ws-worldwide-46-v6-599b9c62" a="2a01:111:f100:a004::bfeb:88cf/128"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1006:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1007:200::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1016:1400::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1017::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1026:3000::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1027:1::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1036:3000::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1037:1::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1046:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1047:1::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1056:2000::/48"
$entry6 l="m365-ws-worldwide-56-v6-1ddf1d7f" a="2603:1057:2::/48"
$entry6 l="m365-ws-worldwide-64-v6-e958c5d0" a="2620:1ec:4::192/128"
$entry6 l="m365-ws-worldwide-64-v6-e958c5d0" a="2620:1ec:a92::192/128"
$entry6 l="m365-ws-worldwide-9000-v6-a4d1e9eb" a="2620:1ec:40::/48"
$entry6 l="m365-ws-worldwide-9000-v6-a4d1e9eb" a="2620:1ec:49::/48"
$entry6 l="m365-ws-worldwide-9000-v6-a4d1e9eb" a="2620:1ec:4a::/47"
$entry6 l="m365-resolver-v6-edc200f5" a="2001:db8:c::53/128"
$entry6 l="m365-admin-workstation-v6-366f408c" a="2001:db8:c:9::/64"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1006::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1006:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1006:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1007:200::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1016::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1016:1400::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1016:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1017::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1026::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1026:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1026:3000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1027:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1036::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1036:2400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1036:3000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1037:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1046::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1046:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1046:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1047:1::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1056::/36"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1056:1400::/40"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1056:2000::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1057:2::/48"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2603:1063:2000::/38"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:4::152/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:c::10/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:c::15/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:d::10/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:8f0::/46"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:8fc::6/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:900::/46"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:a92::152/127"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2620:1ec:a92::171/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2a01:111:f100:2000::a83e:3019/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2a01:111:f100:2002::8975:2d79/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2a01:111:f100:2002::8975:2da8/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2a01:111:f100:7000::6fdd:6cd5/128"
$entry6 l="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" a="2a01:111:f100:a004::bfeb:88cf/128"
$entry6 l="m365-entra-connect-v6-fff8f6e5" a="2001:db8:e::17/128"
$entry6 l="m365-adfs-proxy-v6-19a072bd" a="2001:db8:e::15/128"
$entry6 l="m365-adfs-server-v6-15de2f2f" a="2001:db8:e::16/128"
$entry6 l="m365-load-balancer-v6-36f0448c" a="2001:db8:e::21/128"
$entry6 l="m365-mrs-proxy-v6-c66b40f5" a="2001:db8:e::11/128"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1006::/40"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1006:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1007:200::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1016::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1016:1400::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1017::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1026::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1026:3000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1027:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1036::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1036:3000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1037:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1046::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1046:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1047:1::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1056::/36"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1056:2000::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2603:1057:2::/48"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:4::152/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:c::10/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:d::10/127"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:8f0::/46"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:900::/46"
$entry6 l="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" a="2620:1ec:a92::152/127"
$entry6 l="m365-hybrid-wizard-host-v6-57c49151" a="2001:db8:e::12/128"
$entry6 l="m365-hybrid-agent-v6-576f0133" a="2001:db8:e::13/128"
$entry6 l="m365-proxy-connector-v6-b131f56a" a="2001:db8:e::14/128"
$entry6 l="m365-sfb-edge-v6-2e7f738b" a="2001:db8:e::26/128"
$entry6 l="m365-domain-controller-v6-7f6eebdc" a="2001:db8:e::20/128"
$entry6 l="m365-health-agent-v6-c18e4ab9" a="2001:db8:e::18/128"
$entry6 l="m365-pass-through-agent-v6-3cb172bd" a="2001:db8:e::19/128"
$entry6 l="m365-notification-receiver-v6-3b34ee43" a="2001:db8:e::23/128"
$entry6 l="m365-mobile-device-v6-622ed647" a="2001:db8:d::/48"
$entry6 l="m365-row-1-azcopy-download-worldwide-hosts-v6-bafb6a6a" a="aka.ms"
$entry6 l="m365-row-1-azcopy-download-worldwide-hosts-v6-bafb6a6a" a="go.microsoft.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="api.diagnostics.office.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="apibasic.diagnostics.office.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="autodiscover-s.outlook.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="autodiscover.outlook.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="cloudcheckenabler.azurewebsites.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="login.live.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="o365diagtelemetry.trafficmanager.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="offcatedge.azureedge.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="officeapps.live.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="officecdn.microsoft.com"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="outlookdiagnostics.azureedge.net"
$entry6 l="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" a="sara.api.support.microsoft.com"
$entry6 l="m365-row-7-autodiscover-of-exchange-online-wo-hosts-v6-3040bbab" a="autodiscover-s.outlook.com"
$entry6 l="m365-row-7-federation-delegation-worldwide-hosts-v6-e0b8e68f" a="domains.live.com"
$entry6 l="m365-row-9-agent-installer-short-links-worldw-hosts-v6-ea045d37" a="aka.ms"
$entry6 l="m365-row-9-wizard-download-worldwide-hosts-v6-b041953a" a="shcwreleaseprod.blob.core.windows.net"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6-def064bc" a="asl.configure.office.com"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6-def064bc" a="mshybridservice.trafficmanager.net"
$entry6 l="m365-row-9-wizard-to-services-worldwide-hosts-v6-def064bc" a="tds.configure.office.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="crl.microsoft.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="crl3.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="crl4.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="ctldl.windowsupdate.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="ocsp.digicert.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="ocsp.msocsp.com"
$entry6 l="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" a="oneocsp.microsoft.com"
$entry6 l="m365-row-11-connector-certificates-worldwide-hosts-v6-3be1be2c" a="www.microsoft.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6-0ba3bcd4" a="ctldl.windowsupdate.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6-0ba3bcd4" a="enterpriseregistration.windows.net"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6-0ba3bcd4" a="management.azure.com"
$entry6 l="m365-row-11-connector-registration-worldwide-hosts-v6-0ba3bcd4" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="crl.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="crl3.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="crl4.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="mscrl.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="ocsp.digicert.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="ocsp.msocsp.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="oneocsp.microsoft.com"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry6 l="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" a="www.d-trust.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="aadcdn.msauth.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="aadcdn.msftauth.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="autoupdate.msappproxy.net"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="management.azure.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="www.microsoft.com"
$entry6 l="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" a="www.office.com"
$entry6 l="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" a="enterpriseregistration.windows.net"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="crl.microsoft.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="crl3.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="crl4.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="ocsp.digicert.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="ocsp.msocsp.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="oneocsp.microsoft.com"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="root-c3-ca2-2009.ocsp.d-trust.net"
$entry6 l="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" a="www.d-trust.net"
$entry6 l="m365-row-19-synchronization-by-name-worldwide-hosts-v6-4451c0de" a="management.core.windows.net"
$entry6 l="m365-row-19-synchronization-by-name-worldwide-hosts-v6-4451c0de" a="secure.aadcdn.microsoftonline-p.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="amp.azure.net"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="api.microsoftstream.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="az416426.vo.msecnd.net"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="s0.assets-yammer.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="vortex.data.microsoft.com"
$entry6 l="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" a="web.microsoftstream.com"
$entry6 l="m365-row-24-web-probe-worldwide-hosts-v6-28b49d4c" a="www.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v6-3df62668" a="www.msftncsi.com"
$entry6 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v6-3aae974f" a="ipv6.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v6-93b5d41a" a="ipv6.msftncsi.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt1-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt2-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt3-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt4-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt5-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt6-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt7-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="alt8-mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="android.apis.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="device-provisioning.googleapis.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="firebaseinstallations.googleapis.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="mtalk-dev.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="mtalk-staging.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="mtalk.google.com"
$entry6 l="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" a="mtalk4.google.com"
$entry6 l="m365-ws-worldwide-19-hosts-v6-1848fe0c" a="adl.windows.com"
$entry6 l="m365-ws-worldwide-27-hosts-v6-17069a45" a="join.secure.skypeassets.com"
$entry6 l="m365-ws-worldwide-27-hosts-v6-17069a45" a="mlccdnprod.azureedge.net"
$entry6 l="m365-ws-worldwide-32-hosts-v6-c76e2f3b" a="storage.live.com"
$entry6 l="m365-ws-worldwide-35-hosts-v6-7823c948" a="admin.onedrive.com"
$entry6 l="m365-ws-worldwide-35-hosts-v6-7823c948" a="officeclient.microsoft.com"
$entry6 l="m365-ws-worldwide-36-hosts-v6-747d741f" a="g.live.com"
$entry6 l="m365-ws-worldwide-36-hosts-v6-747d741f" a="oneclient.sfx.ms"
$entry6 l="m365-ws-worldwide-37-hosts-v6-c6f691f1" a="spoprod-a.akamaihd.net"
$entry6 l="m365-ws-worldwide-53-hosts-v6-5c3cd778" a="ajax.aspnetcdn.com"
$entry6 l="m365-ws-worldwide-53-hosts-v6-5c3cd778" a="apis.live.net"
$entry6 l="m365-ws-worldwide-53-hosts-v6-5c3cd778" a="officeapps.live.com"
$entry6 l="m365-ws-worldwide-53-hosts-v6-5c3cd778" a="www.onedrive.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="amp.azure.net"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="appsforoffice.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="assets.onestore.ms"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="auth.gfx.ms"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="c1.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="dgps.support.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="docs.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="msdn.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="platform.linkedin.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="prod.msocdn.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="shellprod.msocdn.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="support.microsoft.com"
$entry6 l="m365-ws-worldwide-70-hosts-v6-bfb90395" a="technet.microsoft.com"
$entry6 l="m365-ws-worldwide-73-hosts-v6-89d0f097" a="ecn.dev.virtualearth.net"
$entry6 l="m365-ws-worldwide-73-hosts-v6-89d0f097" a="informationprotection.hosting.portal.azure.net"
$entry6 l="m365-ws-worldwide-75-hosts-v6-47ccc8ad" a="dc.services.visualstudio.com"
$entry6 l="m365-ws-worldwide-75-hosts-v6-47ccc8ad" a="mem.gfx.ms"
$entry6 l="m365-ws-worldwide-79-hosts-v6-e09b88e1" a="o15.officeredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6-e09b88e1" a="officepreviewredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6-e09b88e1" a="officeredir.microsoft.com"
$entry6 l="m365-ws-worldwide-79-hosts-v6-e09b88e1" a="r.office.microsoft.com"
$entry6 l="m365-ws-worldwide-83-hosts-v6-174bb56b" a="activation.sls.microsoft.com"
$entry6 l="m365-ws-worldwide-84-hosts-v6-e2c6518b" a="crl.microsoft.com"
$entry6 l="m365-ws-worldwide-86-hosts-v6-b92c56a0" a="office15client.microsoft.com"
$entry6 l="m365-ws-worldwide-86-hosts-v6-b92c56a0" a="officeclient.microsoft.com"
$entry6 l="m365-ws-worldwide-89-hosts-v6-f73d8086" a="go.microsoft.com"
$entry6 l="m365-ws-worldwide-91-hosts-v6-d8fe73d0" a="ajax.aspnetcdn.com"
$entry6 l="m365-ws-worldwide-91-hosts-v6-d8fe73d0" a="cdn.odc.officeapps.live.com"
$entry6 l="m365-ws-worldwide-92-hosts-v6-7d7974e3" a="officecdn.microsoft.com"
$entry6 l="m365-ws-worldwide-92-hosts-v6-7d7974e3" a="otelrules.azureedge.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6-c6200818" a="c.bing.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6-c6200818" a="ocos-office365-s2s.msedge.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6-c6200818" a="tse1.mm.bing.net"
$entry6 l="m365-ws-worldwide-93-hosts-v6-c6200818" a="www.bing.com"
$entry6 l="m365-ws-worldwide-96-hosts-v6-6c21b9d4" a="login.windows-ppe.net"
$entry6 l="m365-ws-worldwide-97-hosts-v6-3f9a4a8a" a="account.live.com"
$entry6 l="m365-ws-worldwide-97-hosts-v6-3f9a4a8a" a="login.live.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6-3ca98654" a="c.bing.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6-3ca98654" a="c.live.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6-3ca98654" a="partnerservices.getmicrosoftkey.com"
$entry6 l="m365-ws-worldwide-114-hosts-v6-3ca98654" a="signup.live.com"
$entry6 l="m365-ws-worldwide-116-hosts-v6-d1d249e3" a="account.live.com"
$entry6 l="m365-ws-worldwide-116-hosts-v6-d1d249e3" a="auth.gfx.ms"
$entry6 l="m365-ws-worldwide-116-hosts-v6-d1d249e3" a="login.live.com"
$entry6 l="m365-ws-worldwide-121-hosts-v6-5ca2bb86" a="www.outlook.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6-3441bdfb" a="eus-www.sway-cdn.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6-3441bdfb" a="eus-www.sway-extensions.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6-3441bdfb" a="wus-www.sway-cdn.com"
$entry6 l="m365-ws-worldwide-122-hosts-v6-3441bdfb" a="wus-www.sway-extensions.com"
$entry6 l="m365-ws-worldwide-124-hosts-v6-b9c64f5c" a="sway.com"
$entry6 l="m365-ws-worldwide-124-hosts-v6-b9c64f5c" a="www.sway.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="cacerts.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="cert.int-x3.letsencrypt.org"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="crl.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="crl.globalsign.net"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="crl.identrust.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="crl3.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="crl4.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="isrg.trustid.ocsp.identrust.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="mscrl.microsoft.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="ocsp.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="ocsp.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="ocsp.msocsp.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="ocsp2.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="ocspx.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="oneocsp.microsoft.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="secure.globalsign.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="www.digicert.com"
$entry6 l="m365-ws-worldwide-125-hosts-v6-07ed053a" a="www.microsoft.com"
$entry6 l="m365-ws-worldwide-126-hosts-v6-9e9e3a4b" a="officespeech.platform.bing.com"
$entry6 l="m365-ws-worldwide-147-hosts-v6-8afb4c84" a="www.microsoft365.com"
$entry6 l="m365-ws-worldwide-156-hosts-v6-5234d3d7" a="activity.windows.com"
$entry6 l="m365-ws-worldwide-159-hosts-v6-046f4230" a="admin.microsoft.com"
$entry6 l="m365-ws-worldwide-160-hosts-v6-4c095b48" a="cdn.odc.officeapps.live.com"
$entry6 l="m365-ws-worldwide-160-hosts-v6-4c095b48" a="cdn.uci.officeapps.live.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="aadcdn.msauth.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="aadcdn.msftauth.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="adl.windows.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="cdn.storeedgefd.dsx.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="certauth.enterpriseregistration.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="displaycatalog.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="dl.delivery.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="enterpriseregistration.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="go.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="graph.windows.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="licensing.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="login.microsoftonline.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="purchase.md.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="storeedgefd.dsx.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swda01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swda02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdb01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdb02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdc01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdc02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdd01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdd02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdin01-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="swdin02-mscdn.azureedge.net"
$entry6 l="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" a="tsfe.trafficshaping.dsp.mp.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="aka.ms"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="api.flightproxy.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="approdimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="approdimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="approdimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="browser.pipe.aria.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="cdn.oneget.org"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="clientconfig.passport.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="config.edge.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="config.office.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ecs.communication.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ecs.office.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="edge.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="edge.skype.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ekcert.spserv.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ekop.intel.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="euprodimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="euprodimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="euprodimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="fd.api.orgmsg.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ftpm.amd.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="go-amer.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="go-apac.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="go-eu.trouter.communications.svc.cloud.microsoft"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="has.spserv.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunecdnpeasd.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape1.eus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape10.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape11.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape12.weu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape13.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape17.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape18.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape19.jpe.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape2.eus2.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape3.cus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape4.wus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape5.scus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape6.ncus.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape7.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape8.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="intunemaape9.neu.attest.azure.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapeaus.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapeind.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapesea.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapeswiss.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapeweu.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="lgmsapewus2.blob.core.windows.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="login.live.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="naprodimedatahotfix.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="naprodimedatapri.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="naprodimedatasec.azureedge.net"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="remoteassistanceprodacs.communication.azure.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="remoteassistanceprodacseu.communication.azure.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="remoteassistanceweb.usgov.communication.azure.us"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="ris.prod.api.personalization.ideas.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="teams.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="wcpstatic.microsoft.com"
$entry6 l="m365-ws-worldwide-9002-hosts-v6-21225ab9" a="windowsphone.com"
$entry6 l="m365-ws-worldwide-9003-hosts-v6-de2eac78" a="time.windows.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6-8f06463f" a="gcc.relay.remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6-8f06463f" a="gcc.remotehelp.microsoft.com"
$entry6 l="m365-ws-worldwide-9004-hosts-v6-8f06463f" a="remoteassistanceweb-gcc.usgov.communication.azure.us"
:if ([$missing4 c="0aa9f342 dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 0aa9f342 dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing4 c="05ef625b dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 05ef625b dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing6 c="64d6d5a2 dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 64d6d5a2 dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing6 c="6b9044bb dns/resolvers-to-internet worldwide dns outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 6b9044bb dns/resolvers-to-internet worldwide dns outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing4 c="7659bfdf row/1/azcopy-download worldwide pst-import outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 7659bfdf row/1/azcopy-download worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v4-55dd1c54" dst-address-list="m365-row-1-azcopy-download-worldwide-hosts-v4-bafb6a6a" }
:if ([$missing6 c="252ad6b8 row/1/azcopy-download worldwide pst-import outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 252ad6b8 row/1/azcopy-download worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v6-366f408c" dst-address-list="m365-row-1-azcopy-download-worldwide-hosts-v6-bafb6a6a" }
:if ([$missing4 c="abb05fe3 row/1/import-portal worldwide pst-import outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: abb05fe3 row/1/import-portal worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v4-55dd1c54" dst-address-list="m365-ws-worldwide-64-v4-b1389f67" }
:if ([$missing6 c="f2d6303e row/1/import-portal worldwide pst-import outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f2d6303e row/1/import-portal worldwide pst-import outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-admin-workstation-v6-366f408c" dst-address-list="m365-ws-worldwide-64-v6-e958c5d0" }
:if ([$missing4 c="9f003c42 row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 9f003c42 row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-2-assistant-to-services-worldwide-v4-d51a932e" }
:if ([$missing4 c="4ae8593e row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 4ae8593e row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-2-assistant-to-services-worldwide-hosts-v4-3966a3c0" }
:if ([$missing6 c="9d61a374 row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 9d61a374 row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-2-assistant-to-services-worldwide-v6-732af3bd" }
:if ([$missing6 c="4881a178 row/2/assistant-to-services worldwide support-recovery-assistant outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4881a178 row/2/assistant-to-services worldwide support-recovery-assistant outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-2-assistant-to-services-worldwide-hosts-v6-3966a3c0" }
:if ([$missing4 c="ed5d5b45 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: ed5d5b45 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="b5ccfb33 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b5ccfb33 row/3/crl-from-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="47e345fe row/3/crl-from-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 47e345fe row/3/crl-from-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="60f23fb6 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 60f23fb6 row/3/crl-from-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="f1d2f3af row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: f1d2f3af row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="a94353d9 row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a94353d9 row/3/https-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="0720c130 row/3/https-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 0720c130 row/3/https-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="2031bb78 row/3/https-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2031bb78 row/3/https-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="8eeda0e9 row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 8eeda0e9 row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="d67c009f row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d67c009f row/3/winrm-to-adfs-proxy worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="98e01ac6 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 98e01ac6 row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="bff1608e row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: bff1608e row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="6c2efc0d row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 6c2efc0d row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="f003db89 row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f003db89 row/4/certificate-sign-in-by-name worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="6c2efc0d row/4/device-registration worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 6c2efc0d row/4/device-registration worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="f003db89 row/4/device-registration worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f003db89 row/4/device-registration worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="e7be4e4e row/4/probe-of-adfs-proxy worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="p365: e7be4e4e row/4/probe-of-adfs-proxy worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v4-9ec158a1" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="2c8d8d8e row/4/probe-of-adfs-proxy worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2c8d8d8e row/4/probe-of-adfs-proxy worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v6-36f0448c" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="d03b7f63 row/4/probe-of-adfs-server worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="p365: d03b7f63 row/4/probe-of-adfs-server worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v4-9ec158a1" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="d5bbb1f1 row/4/probe-of-adfs-server worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d5bbb1f1 row/4/probe-of-adfs-server worldwide federation-sts internal" action=accept protocol=tcp dst-port=80 src-address-list="m365-load-balancer-v6-36f0448c" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="494e0479 row/4/proxy-to-adfs worldwide federation-sts internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 494e0479 row/4/proxy-to-adfs worldwide federation-sts internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v4-c74177bd" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="acb1a0b2 row/4/proxy-to-adfs worldwide federation-sts internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: acb1a0b2 row/4/proxy-to-adfs worldwide federation-sts internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v6-19a072bd" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="6c2efc0d row/4/sign-in worldwide federation-sts inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 6c2efc0d row/4/sign-in worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="f003db89 row/4/sign-in worldwide federation-sts inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f003db89 row/4/sign-in worldwide federation-sts inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="622bf243 row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 622bf243 row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4-95cb0103" dst-address-list="m365-mrs-proxy-v4-16306f61" }
:if ([$missing6 c="29b844cd row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 29b844cd row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6-484b41de" dst-address-list="m365-mrs-proxy-v6-c66b40f5" }
:if ([$missing4 c="255b79b0 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 255b79b0 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing4 c="878148d7 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 878148d7 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-row-7-autodiscover-of-exchange-online-wo-hosts-v4-3040bbab" }
:if ([$missing6 c="204ce4ea row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 204ce4ea row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing6 c="9d86d596 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 9d86d596 row/7/autodiscover-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-row-7-autodiscover-of-exchange-online-wo-hosts-v6-3040bbab" }
:if ([$missing4 c="255b79b0 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 255b79b0 row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing6 c="204ce4ea row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 204ce4ea row/7/ews-of-exchange-online worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing4 c="d5e29626 row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: d5e29626 row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4-95cb0103" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing6 c="26b1f29c row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 26b1f29c row/7/exchange-online-to-autodiscover worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6-484b41de" dst-address-list="m365-exchange-server-v6-6aa64f14" }
:if ([$missing4 c="d5e29626 row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: d5e29626 row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4-95cb0103" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing6 c="26b1f29c row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 26b1f29c row/7/exchange-online-to-ews worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6-484b41de" dst-address-list="m365-exchange-server-v6-6aa64f14" }
:if ([$missing4 c="d5e29626 row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: d5e29626 row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4-95cb0103" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing6 c="26b1f29c row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 26b1f29c row/7/exchange-online-to-ews-by-oauth worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6-484b41de" dst-address-list="m365-exchange-server-v6-6aa64f14" }
:if ([$missing4 c="8b9ffec2 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 8b9ffec2 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v4-e0b8e68f" }
:if ([$missing6 c="d5265c12 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d5265c12 row/7/federation-delegation worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v6-e0b8e68f" }
:if ([$missing4 c="f8c64f84 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f8c64f84 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="4c19f402 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4c19f402 row/7/federation-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="f8c64f84 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f8c64f84 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="4c19f402 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4c19f402 row/7/federation-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="f7224a3d row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f7224a3d row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-ws-worldwide-10-v4-dfa4486d" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing6 c="a4bfab94 row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a4bfab94 row/7/mail-from-exchange-online-protection worldwide exchange-hybrid-coexistence inbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-ws-worldwide-9-v6-4877fb3f" dst-address-list="m365-exchange-server-v6-6aa64f14" }
:if ([$missing4 c="45c0616e row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 45c0616e row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-10-v4-dfa4486d" }
:if ([$missing6 c="ebd3a4a1 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ebd3a4a1 row/7/mail-to-exchange-online-protection worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-9-v6-4877fb3f" }
:if ([$missing4 c="f8c64f84 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f8c64f84 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="4c19f402 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4c19f402 row/7/oauth-access-control worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="f8c64f84 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f8c64f84 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="4c19f402 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4c19f402 row/7/oauth-metadata worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="f8c64f84 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f8c64f84 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="4c19f402 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4c19f402 row/7/oauth-tokens worldwide exchange-hybrid-coexistence outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="81862673 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 81862673 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-8-exchange-online-to-sts-worldwide-v4-0cc6348a" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="e57e4826 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e57e4826 row/8/exchange-online-to-sts worldwide exchange-hybrid-sts inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-8-exchange-online-to-sts-worldwide-v6-9e93de21" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="c9c1bc82 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c9c1bc82 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-a9fcca23" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v4-ea045d37" }
:if ([$missing6 c="b55fee94 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b55fee94 row/9/agent-installer-short-links worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6-57c49151" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v6-ea045d37" }
:if ([$missing4 c="2e8f3f20 row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 2e8f3f20 row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-a9fcca23" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v4-b041953a" }
:if ([$missing6 c="342f92eb row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 342f92eb row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6-57c49151" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v6-b041953a" }
:if ([$missing4 c="17459dae row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 17459dae row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v4-a9fcca23" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v4-e0b8e68f" }
:if ([$missing6 c="34573e5b row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 34573e5b row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v6-57c49151" dst-address-list="m365-row-7-federation-delegation-worldwide-hosts-v6-e0b8e68f" }
:if ([$missing4 c="c9c1bc82 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c9c1bc82 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-a9fcca23" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v4-ea045d37" }
:if ([$missing6 c="b55fee94 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b55fee94 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6-57c49151" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v6-ea045d37" }
:if ([$missing4 c="6d9e37d1 row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 6d9e37d1 row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-a9fcca23" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" }
:if ([$missing6 c="8419524a row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 8419524a row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v6-57c49151" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v6-def064bc" }
:if ([$missing4 c="a0e55f6e row/10/autodetect-to-exchange worldwide outlook-mobile-autodetect inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: a0e55f6e row/10/autodetect-to-exchange worldwide outlook-mobile-autodetect inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-10-autodetect-to-exchange-worldwide-v4-a8f77f92" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing4 c="73f155dc row/11/agent-to-exchange worldwide exchange-hybrid-agent internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 73f155dc row/11/agent-to-exchange worldwide exchange-hybrid-agent internal" action=accept protocol=tcp dst-port=80,443,5985-5986 src-address-list="m365-hybrid-agent-v4-10dc059b" dst-address-list="m365-exchange-server-v4-631f0814" }
:if ([$missing6 c="1124f64a row/11/agent-to-exchange worldwide exchange-hybrid-agent internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 1124f64a row/11/agent-to-exchange worldwide exchange-hybrid-agent internal" action=accept protocol=tcp dst-port=80,443,5985-5986 src-address-list="m365-hybrid-agent-v6-576f0133" dst-address-list="m365-exchange-server-v6-6aa64f14" }
:if ([$missing4 c="41849ae6 row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 41849ae6 row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-proxy-connector-v4-230ef0fb" dst-address-list="m365-row-11-connector-certificate-checks-worl-hosts-v4-72414565" }
:if ([$missing6 c="acaf717b row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: acaf717b row/11/connector-certificate-checks worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-proxy-connector-v6-b131f56a" dst-address-list="m365-row-11-connector-certificate-checks-worl-hosts-v6-72414565" }
:if ([$missing4 c="f3a9129c row/11/connector-certificates worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f3a9129c row/11/connector-certificates worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-proxy-connector-v4-230ef0fb" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v4-3be1be2c" }
:if ([$missing6 c="3c58c6e0 row/11/connector-certificates worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 3c58c6e0 row/11/connector-certificates worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-proxy-connector-v6-b131f56a" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v6-3be1be2c" }
:if ([$missing4 c="e18d21c0 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: e18d21c0 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v4-230ef0fb" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="c60343a5 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c60343a5 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v4-230ef0fb" dst-address-list="m365-row-11-connector-registration-worldwide-hosts-v4-0ba3bcd4" }
:if ([$missing6 c="daac8a99 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: daac8a99 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v6-b131f56a" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="09f297d9 row/11/connector-registration worldwide exchange-hybrid-agent outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 09f297d9 row/11/connector-registration worldwide exchange-hybrid-agent outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-proxy-connector-v6-b131f56a" dst-address-list="m365-row-11-connector-registration-worldwide-hosts-v6-0ba3bcd4" }
:if ([$missing4 c="6343ee8b row/12/screen-sharing worldwide skype-legacy-client outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 6343ee8b row/12/screen-sharing worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-12-screen-sharing-worldwide-v4-18d8287b" }
:if ([$missing4 c="697fc8bb row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 697fc8bb row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing6 c="9575eab8 row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 9575eab8 row/12/screen-sharing-todays-ranges worldwide skype-legacy-client outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-11-v6-1014cbfc" }
:if ([$missing4 c="4d10469a row/13/edge-to-skype-online worldwide skype-hybrid outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 4d10469a row/13/edge-to-skype-online worldwide skype-hybrid outbound" action=accept protocol=tcp dst-port=5061,50000-59999 src-address-list="m365-sfb-edge-v4-4e427589" dst-address-list="m365-row-13-edge-to-skype-online-worldwide-v4-667cf4ab" }
:if ([$missing4 c="5b4b2e31 row/13/edge-to-skype-online worldwide skype-hybrid outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 5b4b2e31 row/13/edge-to-skype-online worldwide skype-hybrid outbound" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4-4e427589" dst-address-list="m365-row-13-edge-to-skype-online-worldwide-v4-667cf4ab" }
:if ([$missing4 c="b6fc8332 row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: b6fc8332 row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=80 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="4759c846 row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4759c846 row/14/access-edge-certificate-checks worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=80 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="dc60589d row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: dc60589d row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing4 c="d326c984 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: d326c984 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="2dc513e9 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2dc513e9 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=53 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing6 c="228382f0 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 228382f0 row/14/access-edge-dns worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=53 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="3bc91dee row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 3bc91dee row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="ca6c569a row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ca6c569a row/14/access-edge-to-federation worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="c0aefad7 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: c0aefad7 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing4 c="f56a4804 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: f56a4804 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="310bb1a3 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 310bb1a3 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=50000-59999 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing6 c="04cf0370 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 04cf0370 row/14/av-edge-media worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=50000-59999 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="b6d4ba85 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: b6d4ba85 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing4 c="86892d46 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 86892d46 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=udp dst-port=3478 dst-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="4771f1f1 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4771f1f1 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing6 c="772c6632 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 772c6632 row/14/av-edge-stun-in worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=udp dst-port=3478 dst-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="2a7792d5 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 2a7792d5 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=443 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing4 c="1a2a0516 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 1a2a0516 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=3478 src-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="dbd2d9a1 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: dbd2d9a1 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=tcp dst-port=443 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing6 c="eb8f4e62 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: eb8f4e62 row/14/av-edge-stun-out worldwide skype-cloud-pstn outbound, to anyone" action=accept protocol=udp dst-port=3478 src-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="49237268 row/14/direct-routing-media-out worldwide teams-direct-routing outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 49237268 row/14/direct-routing-media-out worldwide teams-direct-routing outbound" action=accept protocol=udp dst-port=3478-3481,49152-53247 src-address-list="m365-sbc-v4-dea458f3" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing4 c="78982611 row/14/direct-routing-signaling-out worldwide teams-direct-routing outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 78982611 row/14/direct-routing-signaling-out worldwide teams-direct-routing outbound" action=accept protocol=tcp dst-port=5061 src-address-list="m365-sbc-v4-dea458f3" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing4 c="a76a35be row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: a76a35be row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=5061 dst-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="56cf7eca row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 56cf7eca row/14/federation-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=5061 dst-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="b6d4ba85 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: b6d4ba85 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="4771f1f1 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4771f1f1 row/14/users-to-access-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="b6d4ba85 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: b6d4ba85 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v4-4e427589" }
:if ([$missing6 c="4771f1f1 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4771f1f1 row/14/users-to-web-conferencing-edge worldwide skype-cloud-pstn inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-sfb-edge-v6-2e7f738b" }
:if ([$missing4 c="5334ee95 row/19/certificate-checks worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 5334ee95 row/19/certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-row-19-certificate-checks-worldwide-hosts-v4-143d6184" }
:if ([$missing6 c="9f426d4c row/19/certificate-checks worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 9f426d4c row/19/certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-row-19-certificate-checks-worldwide-hosts-v6-143d6184" }
:if ([$missing4 c="e860e113 row/19/connect-to-adfs-proxy worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: e860e113 row/19/connect-to-adfs-proxy worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="b0f14165 row/19/connect-to-adfs-proxy worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b0f14165 row/19/connect-to-adfs-proxy worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="c5ee8c85 row/19/connect-to-adfs-server worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: c5ee8c85 row/19/connect-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="e2fff6cd row/19/connect-to-adfs-server worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e2fff6cd row/19/connect-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=80,443,5985 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="2c8bb4ca row/19/directory-dns worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 2c8bb4ca row/19/directory-dns worldwide entra-connect internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing4 c="d948d6f3 row/19/directory-dns worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: d948d6f3 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=udp dst-port=53 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="f4d1c7e1 row/19/directory-dns worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f4d1c7e1 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing6 c="0112a5d8 row/19/directory-dns worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 0112a5d8 row/19/directory-dns worldwide entra-connect internal" action=accept protocol=udp dst-port=53 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="fd2d69bc row/19/directory-global-catalog worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: fd2d69bc row/19/directory-global-catalog worldwide entra-connect internal" action=accept protocol=tcp dst-port=3268 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="25771a97 row/19/directory-global-catalog worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 25771a97 row/19/directory-global-catalog worldwide entra-connect internal" action=accept protocol=tcp dst-port=3268 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="8d7b9741 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 8d7b9741 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=tcp dst-port=88 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing4 c="78b8f578 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 78b8f578 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=udp dst-port=88 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="5521e46a row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 5521e46a row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=tcp dst-port=88 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing6 c="a0e28653 row/19/directory-kerberos worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a0e28653 row/19/directory-kerberos worldwide entra-connect internal" action=accept protocol=udp dst-port=88 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="b35c5d54 row/19/directory-ldap worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: b35c5d54 row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=tcp dst-port=389 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing4 c="ecac163e row/19/directory-ldap worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: ecac163e row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=udp dst-port=389 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="6b062e7f row/19/directory-ldap worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 6b062e7f row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=tcp dst-port=389 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing6 c="34f66515 row/19/directory-ldap worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 34f66515 row/19/directory-ldap worldwide entra-connect internal" action=accept protocol=udp dst-port=389 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="a3565979 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: a3565979 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=tcp dst-port=636 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing4 c="fca61213 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: fca61213 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=udp dst-port=636 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="7b0c2a52 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 7b0c2a52 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=tcp dst-port=636 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing6 c="24fc6138 row/19/directory-ldap-over-tls worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 24fc6138 row/19/directory-ldap-over-tls worldwide entra-connect internal" action=accept protocol=udp dst-port=636 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="3c36cbd4 row/19/directory-rpc worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 3c36cbd4 row/19/directory-rpc worldwide entra-connect internal" action=accept protocol=tcp dst-port=49152-65535 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="e46cb8ff row/19/directory-rpc worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e46cb8ff row/19/directory-rpc worldwide entra-connect internal" action=accept protocol=tcp dst-port=49152-65535 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="12c00fd0 row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 12c00fd0 row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal" action=accept protocol=tcp dst-port=135 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="ca9a7cfb row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ca9a7cfb row/19/directory-rpc-endpoint-mapper worldwide entra-connect internal" action=accept protocol=tcp dst-port=135 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="1fb0e74f row/19/directory-smb worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 1fb0e74f row/19/directory-smb worldwide entra-connect internal" action=accept protocol=tcp dst-port=445 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="c7ea9464 row/19/directory-smb worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: c7ea9464 row/19/directory-smb worldwide entra-connect internal" action=accept protocol=tcp dst-port=445 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="7d0c406e row/19/directory-web-services worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 7d0c406e row/19/directory-web-services worldwide entra-connect internal" action=accept protocol=tcp dst-port=9389 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="a5563345 row/19/directory-web-services worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a5563345 row/19/directory-web-services worldwide entra-connect internal" action=accept protocol=tcp dst-port=9389 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="087d8815 row/19/directory-winrm worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 087d8815 row/19/directory-winrm worldwide entra-connect internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-domain-controller-v4-89d523ed" }
:if ([$missing6 c="d027fb3e row/19/directory-winrm worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d027fb3e row/19/directory-winrm worldwide entra-connect internal" action=accept protocol=tcp dst-port=5985 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-domain-controller-v6-7f6eebdc" }
:if ([$missing4 c="a87c66a5 row/19/health-agent-plain-http worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: a87c66a5 row/19/health-agent-plain-http worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-health-agent-v4-59d2ad65" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v4-3be1be2c" }
:if ([$missing6 c="509fd3c6 row/19/health-agent-plain-http worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 509fd3c6 row/19/health-agent-plain-http worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-health-agent-v6-c18e4ab9" dst-address-list="m365-row-11-connector-certificates-worldwide-hosts-v6-3be1be2c" }
:if ([$missing4 c="16e63930 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 16e63930 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v4-59d2ad65" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="f67004ed row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f67004ed row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v4-59d2ad65" dst-address-list="m365-row-19-health-agent-to-service-worldwide-hosts-v4-b30036a8" }
:if ([$missing6 c="2f9fc7a2 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2f9fc7a2 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v6-c18e4ab9" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="9664f0e4 row/19/health-agent-to-service worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 9664f0e4 row/19/health-agent-to-service worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-health-agent-v6-c18e4ab9" dst-address-list="m365-row-19-health-agent-to-service-worldwide-hosts-v6-b30036a8" }
:if ([$missing4 c="2fa6287f row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 2fa6287f row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="b5729fff row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: b5729fff row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" }
:if ([$missing6 c="ecb2c47e row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ecb2c47e row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="906ca1aa row/19/hybrid-join-registration worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 906ca1aa row/19/hybrid-join-registration worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" }
:if ([$missing4 c="2fa6287f row/19/hybrid-join-sign-in worldwide hybrid-join outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 2fa6287f row/19/hybrid-join-sign-in worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="ecb2c47e row/19/hybrid-join-sign-in worldwide hybrid-join outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ecb2c47e row/19/hybrid-join-sign-in worldwide hybrid-join outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="e316d543 row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: e316d543 row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-pass-through-agent-v4-cc0be942" dst-address-list="m365-row-19-pass-through-agent-certificate-ch-hosts-v4-98dc05c2" }
:if ([$missing6 c="974855fa row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 974855fa row/19/pass-through-agent-certificate-checks worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-pass-through-agent-v6-3cb172bd" dst-address-list="m365-row-19-pass-through-agent-certificate-ch-hosts-v6-98dc05c2" }
:if ([$missing4 c="6180aa9a row/19/pass-through-agent-registration worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 6180aa9a row/19/pass-through-agent-registration worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-pass-through-agent-v4-cc0be942" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="1cebd1fc row/19/pass-through-agent-registration worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 1cebd1fc row/19/pass-through-agent-registration worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-pass-through-agent-v6-3cb172bd" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="7d19c0d7 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 7d19c0d7 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="bfa68419 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: bfa68419 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" }
:if ([$missing6 c="6373cce1 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 6373cce1 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="2c5090e6 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2c5090e6 row/19/pass-through-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" }
:if ([$missing4 c="c7071903 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c7071903 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="66784ec7 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 66784ec7 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" }
:if ([$missing6 c="d96d1535 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d96d1535 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="f58e5a38 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f58e5a38 row/19/password-hash-with-single-sign-on worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" }
:if ([$missing4 c="494e0479 row/19/proxy-to-adfs-server worldwide entra-connect internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 494e0479 row/19/proxy-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v4-c74177bd" dst-address-list="m365-adfs-server-v4-90309662" }
:if ([$missing6 c="acb1a0b2 row/19/proxy-to-adfs-server worldwide entra-connect internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: acb1a0b2 row/19/proxy-to-adfs-server worldwide entra-connect internal" action=accept protocol=tcp dst-port=443 src-address-list="m365-adfs-proxy-v6-19a072bd" dst-address-list="m365-adfs-server-v6-15de2f2f" }
:if ([$missing4 c="2fa6287f row/19/seamless-sso-clients worldwide seamless-sso outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 2fa6287f row/19/seamless-sso-clients worldwide seamless-sso outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="ecb2c47e row/19/seamless-sso-clients worldwide seamless-sso outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ecb2c47e row/19/seamless-sso-clients worldwide seamless-sso outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="c7071903 row/19/synchronization worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c7071903 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="66784ec7 row/19/synchronization worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 66784ec7 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" }
:if ([$missing6 c="d96d1535 row/19/synchronization worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d96d1535 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="f58e5a38 row/19/synchronization worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f58e5a38 row/19/synchronization worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" }
:if ([$missing4 c="c7071903 row/19/synchronization-by-graph worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c7071903 row/19/synchronization-by-graph worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="d96d1535 row/19/synchronization-by-graph worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d96d1535 row/19/synchronization-by-graph worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="c7071903 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c7071903 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing4 c="60d1e7f8 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 60d1e7f8 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-row-19-synchronization-by-name-worldwide-hosts-v4-4451c0de" }
:if ([$missing6 c="d96d1535 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d96d1535 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing6 c="f327f307 row/19/synchronization-by-name worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f327f307 row/19/synchronization-by-name worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-row-19-synchronization-by-name-worldwide-hosts-v6-4451c0de" }
:if ([$missing4 c="c7071903 row/19/synchronization-hosts-in-use worldwide entra-connect outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: c7071903 row/19/synchronization-hosts-in-use worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v4-c607e1c5" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="d96d1535 row/19/synchronization-hosts-in-use worldwide entra-connect outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d96d1535 row/19/synchronization-hosts-in-use worldwide entra-connect outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-entra-connect-v6-fff8f6e5" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="6c2efc0d row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone"]) do={ /ip firewall filter add chain=m365 comment="p365: 6c2efc0d row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v4-c74177bd" }
:if ([$missing6 c="f003db89 row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f003db89 row/19/users-to-adfs-proxy worldwide entra-connect inbound, from anyone" action=accept protocol=tcp dst-port=443 dst-address-list="m365-adfs-proxy-v6-19a072bd" }
:if ([$missing4 c="7aefa6ca row/21/client-to-stream worldwide stream-classic outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 7aefa6ca row/21/client-to-stream worldwide stream-classic outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-21-client-to-stream-worldwide-hosts-v4-30128127" }
:if ([$missing6 c="2b8e71d6 row/21/client-to-stream worldwide stream-classic outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2b8e71d6 row/21/client-to-stream worldwide stream-classic outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-21-client-to-stream-worldwide-hosts-v6-30128127" }
:if ([$missing4 c="2620859d row/22/mfa-server-to-service worldwide mfa-server outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 2620859d row/22/mfa-server-to-service worldwide mfa-server outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-mfa-server-v4-0a456827" dst-address-list="m365-row-22-mfa-server-to-service-worldwide-v4-2580fbf2" }
:if ([$missing4 c="15a3f021 row/23/graph-to-receiver worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 15a3f021 row/23/graph-to-receiver worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v4-bfa050b9" dst-address-list="m365-notification-receiver-v4-8705fab9" }
:if ([$missing4 c="15a3f021 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 15a3f021 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v4-bfa050b9" dst-address-list="m365-notification-receiver-v4-8705fab9" }
:if ([$missing6 c="c94e7ab4 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: c94e7ab4 row/23/graph-to-receiver-earlier-ranges worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" dst-address-list="m365-notification-receiver-v6-3b34ee43" }
:if ([$missing4 c="315c2c7a row/23/graph-to-receiver-single-addresses worldwide graph-change-notifications inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 315c2c7a row/23/graph-to-receiver-single-addresses worldwide graph-change-notifications inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-row-23-graph-to-receiver-single-addresses-worl-v4-eacf0048" dst-address-list="m365-notification-receiver-v4-8705fab9" }
:if ([$missing4 c="8565c2e1 row/23/receiver-to-graph worldwide graph-change-notifications outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 8565c2e1 row/23/receiver-to-graph worldwide graph-change-notifications outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-notification-receiver-v4-8705fab9" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="29634771 row/23/receiver-to-graph worldwide graph-change-notifications outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 29634771 row/23/receiver-to-graph worldwide graph-change-notifications outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-notification-receiver-v6-3b34ee43" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="a02ca8a1 row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="p365: a02ca8a1 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing4 c="1e8fc20b row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 1e8fc20b row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing6 c="f3db2805 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f3db2805 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing6 c="4d7842af row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4d7842af row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing4 c="f3f7c70a row/24/web-probe worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f3f7c70a row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v4-28b49d4c" }
:if ([$missing6 c="82a9880b row/24/web-probe worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 82a9880b row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v6-28b49d4c" }
:if ([$missing4 c="5bde461a row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 5bde461a row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v4-3df62668" }
:if ([$missing6 c="7034ec19 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 7034ec19 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v6-3df62668" }
:if ([$missing4 c="6575499e row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 6575499e row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v4-3aae974f" }
:if ([$missing6 c="14a8ffea row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 14a8ffea row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v6-3aae974f" }
:if ([$missing4 c="b6c189ba row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: b6c189ba row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v4-93b5d41a" }
:if ([$missing6 c="93dfb7ef row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 93dfb7ef row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v6-93b5d41a" }
:if ([$missing4 c="471e054e row/25/android-to-google worldwide teams-mobile-push outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 471e054e row/25/android-to-google worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5228-5230 src-address-list="m365-mobile-device-v4-dc556a09" dst-address-list="m365-row-25-android-to-google-worldwide-hosts-v4-3941ecdb" }
:if ([$missing6 c="7ee32757 row/25/android-to-google worldwide teams-mobile-push outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 7ee32757 row/25/android-to-google worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5228-5230 src-address-list="m365-mobile-device-v6-622ed647" dst-address-list="m365-row-25-android-to-google-worldwide-hosts-v6-3941ecdb" }
:if ([$missing4 c="fe97a2ec row/25/apple-devices-to-apple worldwide teams-mobile-push outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: fe97a2ec row/25/apple-devices-to-apple worldwide teams-mobile-push outbound" action=accept protocol=tcp dst-port=443,5223 src-address-list="m365-mobile-device-v4-dc556a09" dst-address-list="m365-row-25-apple-devices-to-apple-worldwide-v4-eb5d11fc" }
:if ([$missing4 c="2b5c53c3 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: 2b5c53c3 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing4 c="c87010a2 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: c87010a2 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing6 c="e22cdf98 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e22cdf98 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing6 c="01009cf9 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 01009cf9 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing4 c="bcc8e9a7 ws/worldwide/2 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: bcc8e9a7 ws/worldwide/2 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=143,587,993,995 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing6 c="75b865fc ws/worldwide/2 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 75b865fc ws/worldwide/2 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=143,587,993,995 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing4 c="6b20fcab ws/worldwide/9 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 6b20fcab ws/worldwide/9 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9-v4-116219af" }
:if ([$missing6 c="06d92af4 ws/worldwide/9 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 06d92af4 ws/worldwide/9 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9-v6-4877fb3f" }
:if ([$missing4 c="45c0616e ws/worldwide/10 worldwide exchange outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 45c0616e ws/worldwide/10 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v4-631f0814" dst-address-list="m365-ws-worldwide-10-v4-dfa4486d" }
:if ([$missing6 c="ebd3a4a1 ws/worldwide/10 worldwide exchange outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: ebd3a4a1 ws/worldwide/10 worldwide exchange outbound allow" action=accept protocol=tcp dst-port=25 src-address-list="m365-exchange-server-v6-6aa64f14" dst-address-list="m365-ws-worldwide-9-v6-4877fb3f" }
:if ([$missing4 c="a4ad6d7b ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: a4ad6d7b ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing6 c="58a74f78 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 58a74f78 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-11-v6-1014cbfc" }
:if ([$missing4 c="771d88ec ws/worldwide/12 worldwide teams outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 771d88ec ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing4 c="4d4bf561 ws/worldwide/12 worldwide teams outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 4d4bf561 ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing6 c="932dd62b ws/worldwide/12 worldwide teams outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 932dd62b ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-12-v6-8e44d8f0" }
:if ([$missing6 c="a97baba6 ws/worldwide/12 worldwide teams outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a97baba6 ws/worldwide/12 worldwide teams outbound allow" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-12-v6-8e44d8f0" }
:if ([$missing4 c="80726da4 ws/worldwide/17 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 80726da4 ws/worldwide/17 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v4-ea045d37" }
:if ([$missing6 c="a56c53f1 ws/worldwide/17 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a56c53f1 ws/worldwide/17 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-9-agent-installer-short-links-worldw-hosts-v6-ea045d37" }
:if ([$missing4 c="c06abe64 ws/worldwide/19 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: c06abe64 ws/worldwide/19 worldwide teams outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-19-hosts-v4-1848fe0c" }
:if ([$missing6 c="22d63032 ws/worldwide/19 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 22d63032 ws/worldwide/19 worldwide teams outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-19-hosts-v6-1848fe0c" }
:if ([$missing4 c="a5cf6c98 ws/worldwide/27 worldwide teams outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: a5cf6c98 ws/worldwide/27 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-27-hosts-v4-17069a45" }
:if ([$missing6 c="4773e2ce ws/worldwide/27 worldwide teams outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4773e2ce ws/worldwide/27 worldwide teams outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-27-hosts-v6-17069a45" }
:if ([$missing4 c="5793861f ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: 5793861f ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-31-v4-1a35da27" }
:if ([$missing4 c="6dc5fb92 ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: 6dc5fb92 ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-31-v4-1a35da27" }
:if ([$missing6 c="babe5c35 ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: babe5c35 ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-31-v6-917c0ce8" }
:if ([$missing6 c="80e821b8 ws/worldwide/31 worldwide sharepoint outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 80e821b8 ws/worldwide/31 worldwide sharepoint outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-31-v6-917c0ce8" }
:if ([$missing4 c="be43cd34 ws/worldwide/32 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: be43cd34 ws/worldwide/32 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-32-hosts-v4-c76e2f3b" }
:if ([$missing6 c="5cff4362 ws/worldwide/32 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 5cff4362 ws/worldwide/32 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-32-hosts-v6-c76e2f3b" }
:if ([$missing4 c="9ae82da8 ws/worldwide/35 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 9ae82da8 ws/worldwide/35 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-35-hosts-v4-7823c948" }
:if ([$missing6 c="7854a3fe ws/worldwide/35 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 7854a3fe ws/worldwide/35 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-35-hosts-v6-7823c948" }
:if ([$missing4 c="3c576122 ws/worldwide/36 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 3c576122 ws/worldwide/36 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-36-hosts-v4-747d741f" }
:if ([$missing6 c="deebef74 ws/worldwide/36 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: deebef74 ws/worldwide/36 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-36-hosts-v6-747d741f" }
:if ([$missing4 c="e4a8bb69 ws/worldwide/37 worldwide sharepoint outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: e4a8bb69 ws/worldwide/37 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-37-hosts-v4-c6f691f1" }
:if ([$missing6 c="0614353f ws/worldwide/37 worldwide sharepoint outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 0614353f ws/worldwide/37 worldwide sharepoint outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-37-hosts-v6-c6f691f1" }
:if ([$missing4 c="ff5c46da ws/worldwide/46 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: ff5c46da ws/worldwide/46 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-46-v4-c83a80f5" }
:if ([$missing6 c="73c5a3a4 ws/worldwide/46 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 73c5a3a4 ws/worldwide/46 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-46-v6-599b9c62" }
:if ([$missing4 c="fae3b560 ws/worldwide/53 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: fae3b560 ws/worldwide/53 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-53-hosts-v4-5c3cd778" }
:if ([$missing6 c="185f3b36 ws/worldwide/53 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 185f3b36 ws/worldwide/53 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-53-hosts-v6-5c3cd778" }
:if ([$missing4 c="31c46828 ws/worldwide/56 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 31c46828 ws/worldwide/56 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-56-v4-bfa050b9" }
:if ([$missing6 c="f2d08429 ws/worldwide/56 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f2d08429 ws/worldwide/56 worldwide common outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-56-v6-1ddf1d7f" }
:if ([$missing4 c="1170e1f1 ws/worldwide/59 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 1170e1f1 ws/worldwide/59 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v4-4fd669fa" }
:if ([$missing6 c="346edfa4 ws/worldwide/59 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 346edfa4 ws/worldwide/59 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-19-hybrid-join-registration-worldwid-hosts-v6-4fd669fa" }
:if ([$missing4 c="06ef101a ws/worldwide/64 worldwide common outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 06ef101a ws/worldwide/64 worldwide common outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-64-v4-b1389f67" }
:if ([$missing6 c="fd638914 ws/worldwide/64 worldwide common outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: fd638914 ws/worldwide/64 worldwide common outbound allow" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-64-v6-e958c5d0" }
:if ([$missing4 c="3a2bbf85 ws/worldwide/70 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 3a2bbf85 ws/worldwide/70 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-70-hosts-v4-bfb90395" }
:if ([$missing6 c="d89731d3 ws/worldwide/70 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d89731d3 ws/worldwide/70 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-70-hosts-v6-bfb90395" }
:if ([$missing4 c="2df74b38 ws/worldwide/73 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 2df74b38 ws/worldwide/73 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-73-hosts-v4-89d0f097" }
:if ([$missing6 c="cf4bc56e ws/worldwide/73 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: cf4bc56e ws/worldwide/73 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-73-hosts-v6-89d0f097" }
:if ([$missing4 c="ebbaa51c ws/worldwide/75 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: ebbaa51c ws/worldwide/75 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-75-hosts-v4-47ccc8ad" }
:if ([$missing6 c="09062b4a ws/worldwide/75 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 09062b4a ws/worldwide/75 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-75-hosts-v6-47ccc8ad" }
:if ([$missing4 c="5a708f64 ws/worldwide/79 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 5a708f64 ws/worldwide/79 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-79-hosts-v4-e09b88e1" }
:if ([$missing6 c="b8cc0132 ws/worldwide/79 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b8cc0132 ws/worldwide/79 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-79-hosts-v6-e09b88e1" }
:if ([$missing4 c="b49698ea ws/worldwide/83 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: b49698ea ws/worldwide/83 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-83-hosts-v4-174bb56b" }
:if ([$missing6 c="562a16bc ws/worldwide/83 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 562a16bc ws/worldwide/83 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-83-hosts-v6-174bb56b" }
:if ([$missing4 c="82c1c5cd ws/worldwide/84 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 82c1c5cd ws/worldwide/84 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-84-hosts-v4-e2c6518b" }
:if ([$missing6 c="607d4b9b ws/worldwide/84 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 607d4b9b ws/worldwide/84 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-84-hosts-v6-e2c6518b" }
:if ([$missing4 c="103d7a3d ws/worldwide/86 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 103d7a3d ws/worldwide/86 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-86-hosts-v4-b92c56a0" }
:if ([$missing6 c="f281f46b ws/worldwide/86 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f281f46b ws/worldwide/86 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-86-hosts-v6-b92c56a0" }
:if ([$missing4 c="b9958a0e ws/worldwide/89 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: b9958a0e ws/worldwide/89 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-89-hosts-v4-f73d8086" }
:if ([$missing6 c="5b290458 ws/worldwide/89 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 5b290458 ws/worldwide/89 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-89-hosts-v6-f73d8086" }
:if ([$missing4 c="55eab8d0 ws/worldwide/91 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 55eab8d0 ws/worldwide/91 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-91-hosts-v4-d8fe73d0" }
:if ([$missing6 c="b7563686 ws/worldwide/91 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: b7563686 ws/worldwide/91 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-91-hosts-v6-d8fe73d0" }
:if ([$missing4 c="fac345e2 ws/worldwide/92 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: fac345e2 ws/worldwide/92 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-92-hosts-v4-7d7974e3" }
:if ([$missing6 c="187fcbb4 ws/worldwide/92 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 187fcbb4 ws/worldwide/92 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-92-hosts-v6-7d7974e3" }
:if ([$missing4 c="a299d805 ws/worldwide/93 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: a299d805 ws/worldwide/93 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-93-hosts-v4-c6200818" }
:if ([$missing6 c="40255653 ws/worldwide/93 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 40255653 ws/worldwide/93 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-93-hosts-v6-c6200818" }
:if ([$missing4 c="950eab49 ws/worldwide/96 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 950eab49 ws/worldwide/96 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-96-hosts-v4-6c21b9d4" }
:if ([$missing6 c="77b2251f ws/worldwide/96 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 77b2251f ws/worldwide/96 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-96-hosts-v6-6c21b9d4" }
:if ([$missing4 c="e717e4ca ws/worldwide/97 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: e717e4ca ws/worldwide/97 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-97-hosts-v4-3f9a4a8a" }
:if ([$missing6 c="05ab6a9c ws/worldwide/97 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 05ab6a9c ws/worldwide/97 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-97-hosts-v6-3f9a4a8a" }
:if ([$missing4 c="3728263b ws/worldwide/114 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 3728263b ws/worldwide/114 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-114-hosts-v4-3ca98654" }
:if ([$missing6 c="0195492a ws/worldwide/114 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 0195492a ws/worldwide/114 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-114-hosts-v6-3ca98654" }
:if ([$missing4 c="7a4712f7 ws/worldwide/116 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 7a4712f7 ws/worldwide/116 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-116-hosts-v4-d1d249e3" }
:if ([$missing6 c="4cfa7de6 ws/worldwide/116 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4cfa7de6 ws/worldwide/116 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-116-hosts-v6-d1d249e3" }
:if ([$missing4 c="724343c0 ws/worldwide/121 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 724343c0 ws/worldwide/121 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-121-hosts-v4-5ca2bb86" }
:if ([$missing6 c="44fe2cd1 ws/worldwide/121 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 44fe2cd1 ws/worldwide/121 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-121-hosts-v6-5ca2bb86" }
:if ([$missing4 c="21ea2403 ws/worldwide/122 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 21ea2403 ws/worldwide/122 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-122-hosts-v4-3441bdfb" }
:if ([$missing6 c="17574b12 ws/worldwide/122 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 17574b12 ws/worldwide/122 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-122-hosts-v6-3441bdfb" }
:if ([$missing4 c="ca294dfb ws/worldwide/124 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: ca294dfb ws/worldwide/124 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-124-hosts-v4-b9c64f5c" }
:if ([$missing6 c="fc9422ea ws/worldwide/124 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: fc9422ea ws/worldwide/124 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-124-hosts-v6-b9c64f5c" }
:if ([$missing4 c="646b50d1 ws/worldwide/125 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 646b50d1 ws/worldwide/125 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-125-hosts-v4-07ed053a" }
:if ([$missing6 c="52d63fc0 ws/worldwide/125 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 52d63fc0 ws/worldwide/125 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-125-hosts-v6-07ed053a" }
:if ([$missing4 c="c8f8712a ws/worldwide/126 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: c8f8712a ws/worldwide/126 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-126-hosts-v4-9e9e3a4b" }
:if ([$missing6 c="fe451e3b ws/worldwide/126 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: fe451e3b ws/worldwide/126 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-126-hosts-v6-9e9e3a4b" }
:if ([$missing4 c="47c7320c ws/worldwide/147 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 47c7320c ws/worldwide/147 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-147-hosts-v4-8afb4c84" }
:if ([$missing6 c="717a5d1d ws/worldwide/147 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 717a5d1d ws/worldwide/147 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-147-hosts-v6-8afb4c84" }
:if ([$missing4 c="3b2d29f6 ws/worldwide/156 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 3b2d29f6 ws/worldwide/156 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-156-hosts-v4-5234d3d7" }
:if ([$missing6 c="0d9046e7 ws/worldwide/156 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 0d9046e7 ws/worldwide/156 worldwide common outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-156-hosts-v6-5234d3d7" }
:if ([$missing4 c="c4374ccc ws/worldwide/159 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: c4374ccc ws/worldwide/159 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-159-hosts-v4-046f4230" }
:if ([$missing6 c="f28a23dd ws/worldwide/159 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f28a23dd ws/worldwide/159 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-159-hosts-v6-046f4230" }
:if ([$missing4 c="e069bd8f ws/worldwide/160 worldwide common outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: e069bd8f ws/worldwide/160 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-160-hosts-v4-4c095b48" }
:if ([$missing6 c="d6d4d29e ws/worldwide/160 worldwide common outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: d6d4d29e ws/worldwide/160 worldwide common outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-160-hosts-v6-4c095b48" }
:if ([$missing4 c="76255845 ws/worldwide/9000 worldwide intune outbound allow"]) do={ /ip firewall filter add chain=m365 comment="p365: 76255845 ws/worldwide/9000 worldwide intune outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9000-v4-8a2440f8" }
:if ([$missing6 c="2b9e08a5 ws/worldwide/9000 worldwide intune outbound allow"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 2b9e08a5 ws/worldwide/9000 worldwide intune outbound allow" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9000-v6-a4d1e9eb" }
:if ([$missing4 c="56396f04 ws/worldwide/9001 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 56396f04 ws/worldwide/9001 worldwide intune outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9001-hosts-v4-f44f3e3f" }
:if ([$missing6 c="88e8d5c7 ws/worldwide/9001 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 88e8d5c7 ws/worldwide/9001 worldwide intune outbound default" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9001-hosts-v6-f44f3e3f" }
:if ([$missing4 c="bb7a2cf4 ws/worldwide/9002 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: bb7a2cf4 ws/worldwide/9002 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9002-hosts-v4-21225ab9" }
:if ([$missing6 c="65ab9637 ws/worldwide/9002 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 65ab9637 ws/worldwide/9002 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9002-hosts-v6-21225ab9" }
:if ([$missing4 c="3db27511 ws/worldwide/9003 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: 3db27511 ws/worldwide/9003 worldwide intune outbound default" action=accept protocol=udp dst-port=123 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9003-hosts-v4-de2eac78" }
:if ([$missing6 c="e363cfd2 ws/worldwide/9003 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e363cfd2 ws/worldwide/9003 worldwide intune outbound default" action=accept protocol=udp dst-port=123 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9003-hosts-v6-de2eac78" }
:if ([$missing4 c="c27d89e8 ws/worldwide/9004 worldwide intune outbound default"]) do={ /ip firewall filter add chain=m365 comment="p365: c27d89e8 ws/worldwide/9004 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-9004-hosts-v4-8f06463f" }
:if ([$missing6 c="1cac332b ws/worldwide/9004 worldwide intune outbound default"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 1cac332b ws/worldwide/9004 worldwide intune outbound default" action=accept protocol=tcp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-9004-hosts-v6-8f06463f" }
/ipv6 firewall filter remove [find chain=m365 comment~"^old p365: "]
/ipv6 firewall filter remove [find chain=m365 comment~"^(m365|old m365) "]
/ip firewall filter remove [find chain=m365 comment~"^old p365: "]
/ip firewall filter remove [find chain=m365 comment~"^(m365|old m365) "]
/ipv6 firewall address-list remove [find dynamic=no list~"^m365-" comment~"^old p365: "]
/ipv6 firewall address-list remove [find dynamic=no list~"^m365-" comment~"^(m365|old m365) "]
/ip firewall address-list remove [find dynamic=no list~"^m365-" comment~"^old p365: "]
/ip firewall address-list remove [find dynamic=no list~"^m365-" comment~"^(m365|old m365) "]
