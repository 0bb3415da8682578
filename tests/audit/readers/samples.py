"""One rule, in each configuration language: tcp from 10.0.0.0/8 to 192.0.2.0/24, ports 80 and 443."""

from perimeter365.audit.packets import AllowRule

RULE = AllowRule.of("tcp", source=["10.0.0.0/8"], destination=["192.0.2.0/24"], ports="80,443")

_SERVER = "if ($have -notcontains 'web') { New-NetFirewallRule @store -Group $group -Name 'web' -Direction Outbound"
_ENDS = "-LocalAddress '10.0.0.0/8' -RemoteAddress '192.0.2.0/24'"

SAMPLES = {
    "cisco-asa": """
object-group network servers
 network-object 192.0.2.0 255.255.255.0
object-group service web tcp
 port-object eq www
 port-object eq 443
access-list inside remark what clients need
access-list inside extended permit tcp 10.0.0.0 255.0.0.0 object-group servers object-group web
""",
    "cisco-ios": """
object-group network servers
 192.0.2.0 255.255.255.0
ip access-list extended inside
 remark what clients need
 permit tcp 10.0.0.0 0.255.255.255 object-group servers eq www
 permit tcp 10.0.0.0 0.255.255.255 object-group servers eq 443
""",
    "fortigate": """
config firewall address
    edit "lan"
        set subnet 10.0.0.0 255.0.0.0
    next
    edit "servers"
        set type ipmask
        set subnet 192.0.2.0 255.255.255.0
    next
end
config firewall service custom
    edit "web"
        set tcp-portrange 80 443
    next
end
config firewall policy
    edit 7
        set srcintf "lan"
        set dstintf "wan"
        set srcaddr "lan"
        set dstaddr "servers"
        set action accept
        set schedule "always"
        set service "web"
    next
end
""",
    "juniper-srx": """
set security address-book global address lan 10.0.0.0/8
set security address-book global address net 192.0.2.0/24
set security address-book global address-set inside address lan
set applications application http protocol tcp
set applications application http destination-port 80
set applications application https protocol tcp
set applications application https destination-port 443
set applications application-set web application http
set applications application-set web application https
set security policies from-zone trust to-zone untrust policy out match source-address inside
set security policies from-zone trust to-zone untrust policy out match destination-address net
set security policies from-zone trust to-zone untrust policy out match application web
set security policies from-zone trust to-zone untrust policy out then permit
""",
    "mikrotik": """
/ip firewall address-list
add list=servers address=192.0.2.0/24
/ip firewall filter
add chain=forward action=accept protocol=tcp dst-port=80,443 src-address=10.0.0.0/8 dst-address-list=servers
""",
    "paloalto-set": """
set address lan ip-netmask 10.0.0.0/8
set address-group inside static lan
set address servers ip-netmask 192.0.2.0/24
set service web protocol tcp port 80,443
set rulebase security rules out from trust
set rulebase security rules out to untrust
set rulebase security rules out source inside
set rulebase security rules out destination servers
set rulebase security rules out application any
set rulebase security rules out service web
set rulebase security rules out action allow
""",
    "windows-firewall": f"""
$group = 'm365'
{_SERVER} -Action Allow -Protocol TCP -RemotePort '80','443' {_ENDS} | Out-Null }}
""",
}
SAMPLES = {name: text.strip() + "\n" for name, text in SAMPLES.items()}
