// Evaluates a PAC file in V8, with access to the predefined functions of the format only.
// stdin: {"pac": text, "questions": [[url, host], …], "calls": n}; stdout: {"answers": […]}, {"refused": text}
// or, with calls > 0, {"nanoseconds": time per call, the median of seven rounds of that many calls}.
"use strict";
const vm = require("node:vm");
const {pac, questions, calls} = JSON.parse(require("node:fs").readFileSync(0, "utf8"));

const LITERAL = /^\d{1,3}(\.\d{1,3}){3}$/;

function resolved(host) {
  // A PAC file that resolves names delays every page load by DNS, so it is an error here.
  if (LITERAL.test(host)) return host;
  throw new Error(`it resolves a name: ${host}`);
}

function number(address) {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function pattern(glob) {
  return new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")}$`);
}

const predefined = {
  isPlainHostName: (host) => !host.includes("."),
  dnsDomainIs: (host, domain) => host.endsWith(domain),
  localHostOrDomainIs: (host, full) => host === full || (!host.includes(".") && full.startsWith(`${host}.`)),
  isResolvable: (host) => Boolean(resolved(host)),
  isInNet: (host, net, mask) => (number(resolved(host)) & number(mask)) === (number(net) & number(mask)),
  dnsResolve: resolved,
  myIpAddress: () => "192.0.2.7",
  dnsDomainLevels: (host) => host.split(".").length - 1,
  shExpMatch: (text, glob) => pattern(glob).test(text),
  alert: () => {},
};

function main() {
  const context = vm.createContext({...predefined});
  vm.runInContext(pac, context, {timeout: 5000, filename: "proxy.pac"});
  context.questions = questions;
  if (!calls) {
    const query = "questions.map(function (q) { return String(FindProxyForURL(q[0], q[1])); })";
    return {answers: vm.runInContext(query, context, {timeout: 30000})};
  }
  const round = vm.runInContext(
    "(function (n) { for (var i = 0; i < n; i++) { var q = questions[i % questions.length]; FindProxyForURL(q[0], q[1]); } })",
    context);
  round(Math.min(calls, 2000));
  const times = [];
  for (let n = 0; n < 7; n++) {
    const began = process.hrtime.bigint();
    round(calls);
    times.push(Number(process.hrtime.bigint() - began) / calls);
  }
  return {nanoseconds: times.sort((a, b) => a - b)[3]};
}

let answer;
try {
  answer = main();
} catch (error) {
  answer = {refused: String(error)};
}
process.stdout.write(JSON.stringify(answer));
