// PAC file for Contoso
// Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
// Catalog: worldwide 2026080200 (recorded)
// Direct: 3 names, mode optimize-allow. Else PROXY proxy.example.com:8080.
// Why a name is here: proxy-reasons.txt
// Not in it: 11 of 12 requirements. losses.json says which, and why.
// Besides: every name that is not listed goes through the proxy
// First: open one browser with it: chromium --proxy-pac-url=URL
// Install (the web server that the browsers read, in the folder of the files):
//   # serve .pac files as application/x-ns-proxy-autoconfig; in nginx, a line in mime.types
//   install -m 644 proxy.pac /srv/www/.proxy.pac.new && mv -f /srv/www/.proxy.pac.new /srv/www/proxy.pac
//   # set the URL of the file: ProxySettings in the browsers' policy, AutoConfigURL in Windows

// What goes direct, by last two labels: @ is that name itself, * all names below it, x one name, *.x all below that.
var NAMES = {
"cloud.microsoft":"outlook",
"office.com":"outlook",
"office365.com":"outlook"
};
var PROXY = "PROXY proxy.example.com:8080";

function FindProxyForURL(url, host) {
  var name = host.toLowerCase(), dot, names, word;
  if (name.charAt(name.length - 1) == ".") name = name.substring(0, name.length - 1);
  dot = name.lastIndexOf(".");
  if ((dot < 0 || name.charCodeAt(name.length - 1) < 58) && inside(name)) return "DIRECT";
  dot = name.lastIndexOf(".", dot - 1);
  names = NAMES[name.substring(dot + 1)];
  if (typeof names != "string" || !/^[\w-]+(\.[\w-]+)+\.?$/.test(host)) return PROXY;
  names = " " + names + " ";
  word = dot < 0 ? "@" : name.substring(0, dot);
  while (names.indexOf(" " + word + " ") < 0) {
    if (word == "@" || word == "*") return PROXY;
    word = "*" + word.replace(/^(\*\.)?[^.]+/, "");
  }
  return "DIRECT";
}

// Plain names, and private, loopback and link-local addresses; DNS is never asked.
function inside(name) {
  if (!/[.:]/.test(name)) return !/^(\d+|0x[\da-f]*)$/.test(name);
  return /^((10|127)\.\d+|192\.168|169\.254|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(\.\d+){2}$/
    .test(name) || /^\[?([0:]+:0*1|(f[cd][\da-f]{2}|fe[89ab][\da-f]):[\da-f:]*(%\w+)?)]?$/.test(name);
}
