"use strict";
/* A filter shows the rows that have every word. An address or prefix also finds the prefixes that contain it, a host name
   the wildcards that match it. The filters are in the fragment of the page's address: #flow-table=192.0.2.1 */
const address = text => {
  const [host, size, more] = text.split("/");
  const dotted = /(?:^|:)((?:\d{1,3}\.){3}\d{1,3})$/.exec(host);
  let groups = [], bits = 128;
  if (dotted) {
    const bytes = dotted[1].split(".").map(Number);
    if (bytes.some(b => b > 255)) return null;
    groups = [bytes[0] * 256 + bytes[1], bytes[2] * 256 + bytes[3]];
  }
  if (dotted && dotted[1] === host) bits = 32;
  else {
    const halves = (dotted ? host.slice(0, -dotted[1].length).replace(/([^:]):$/, "$1") : host).split("::");
    const parts = halves.map(half => half ? half.split(":") : []);
    if (!host.includes(":") || halves.length > 2 || !parts.flat().every(p => /^[0-9a-f]{1,4}$/.test(p))) return null;
    const [head, tail] = [parts[0], parts[1] || []].map(half => half.map(p => parseInt(p, 16)));
    const gap = 8 - head.length - tail.length - groups.length;
    if (halves.length === 2 ? gap < 1 : gap) return null;
    groups = [...head, ...Array(gap).fill(0), ...tail, ...groups];
  }
  if (more !== undefined || size !== undefined && !(/^\d{1,3}$/.test(size) && +size <= bits)) return null;
  return { bits, size: size === undefined ? bits : +size, value: groups.reduce((n, g) => n << 16n | BigInt(g), 0n) };
};
/* True if two prefixes have an address in common. */
const meet = (a, b) => a.bits === b.bits && (a.value ^ b.value) >> BigInt(a.bits - Math.min(a.size, b.size)) === 0n;
/* True if a pattern with a star matches a well-formed name. */
const fits = (pattern, name) => {
  const [before, after, more] = pattern.split("*");
  return after !== undefined && more === undefined && name.startsWith(before) && name.endsWith(after)
    && name.length >= before.length + after.length;
};
const bare = text => text.replace(/^[a-z]+:\/\/([^/:]*).*$/, "$1").replace(/\.$/, "");
const isName = text => /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+$/.test(text);
/* Return a function that tests the text and the values of a row; it returns the values that match a word, or null. */
const wanted = word => {
  const host = bare(word), prefix = address(word) || address(host);
  if (prefix) return (text, values) => {
    const found = values.filter(v => v.prefix && meet(v.prefix, prefix));
    const at = text.indexOf(word), around = at < 0 ? "." : (text[at - 1] || " ") + (text[at + word.length] || " ");
    return found.length || !/[0-9a-f:./]/.test(around) ? found : null;
  };
  return (text, values) => {
    const found = isName(host) ? values.filter(v => fits(v.text, host)) : [];
    return found.length || text.includes(word) || isName(host) && text.includes(host) ? found : null;
  };
};

const filters = [...document.querySelectorAll(".tools")].map(tools => {
  const id = tools.dataset.for, box = tools.querySelector("[data-filter]"), count = tools.querySelector("[data-count]");
  const choices = [...tools.querySelectorAll("[data-choose]")];
  const valuesOf = element => [...element.querySelectorAll("code")].map(code => {
    const text = bare(code.textContent.toLowerCase());
    return { code, text, prefix: address(text) };
  });
  let parts = null;
  const read = () => [...document.querySelectorAll("#" + id + " tbody")].map(body => {
    const head = body.querySelector("tr.group"), shared = head ? valuesOf(head) : [];
    const rows = [...body.rows].filter(row => row !== head).map(row => ({
      row, text: ((head ? head.textContent + " " : "") + row.textContent).toLowerCase(), values: [...shared, ...valuesOf(row)],
    }));
    return { body, head, rows };
  });
  const apply = () => {
    parts = parts || read();
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean).map(wanted);
    const chosen = choices.filter(s => s.value), hits = new Set();
    let shown = 0, all = 0;
    for (const { body, head, rows } of parts) {
      let visible = 0;
      for (const { row, text, values } of rows) {
        const found = words.map(word => word(text, values));
        const ok = found.every(Boolean) && chosen.every(s => row.dataset[s.dataset.choose] === s.value);
        row.hidden = !ok;
        visible += ok;
        if (ok) found.flat().forEach(v => hits.add(v.code));
      }
      if (head) body.hidden = !visible;
      shown += visible;
      all += rows.length;
    }
    for (const old of document.querySelectorAll("#" + id + " .hit")) old.classList.remove("hit");
    for (const list of document.querySelectorAll("#" + id + " details[data-opened]")) {
      list.open = false;
      delete list.dataset.opened;
    }
    for (const code of hits) {
      code.classList.add("hit");
      const list = code.closest("details:not([open])");
      if (list) list.open = list.dataset.opened = true;
    }
    const names = [...new Set([...hits].map(code => code.textContent))];
    const list = names.slice(0, 3).join(", ") + (names.length > 3 ? ", …" : "");
    count.textContent = shown + " of " + all + (names.length ? "; found in " + list : "");
  };
  return { id, tools, box, choices, apply };
});

const state = () => {
  const made = new URLSearchParams();
  for (const { id, box, choices } of filters) {
    if (box.value) made.set(id, box.value);
    for (const s of choices) if (s.value) made.set(id + "." + s.dataset.choose, s.value);
  }
  return made.toString();
};
const load = fragment => {
  const from = new URLSearchParams(fragment);
  for (const { id, box, choices, apply } of filters) {
    if (box.value !== (from.get(id) || "")) box.value = from.get(id) || "";
    for (const s of choices) {
      const value = from.get(id + "." + s.dataset.choose) || "";
      s.value = [...s.options].some(o => o.value === value) ? value : "";
    }
    apply();
  }
  return filters.find(f => [...from.keys()].some(key => key === f.id || key.startsWith(f.id + ".")));
};
/* An anchor (#f-…) leaves the filters alone, unless its row is hidden. */
const follow = first => {
  const fragment = location.hash.slice(1);
  if (!fragment || fragment.includes("=")) {
    const used = load(fragment);
    if (first && used) used.tools.scrollIntoView();
    return;
  }
  const target = document.getElementById(fragment);
  for (const { box, choices, apply, id } of filters) {
    if (target && target.closest("#" + id) && target.closest("[hidden]")) {
      box.value = "";
      for (const s of choices) s.value = "";
    } else if (!first) continue;
    apply();
  }
  if (target && !first) target.scrollIntoView();
};
let typing = false;
for (const { tools, apply } of filters) {
  tools.hidden = false;
  tools.addEventListener("input", () => {
    apply();
    const place = state() ? "#" + state() : location.pathname + location.search;
    try {
      history[typing ? "replaceState" : "pushState"](null, "", place);
    } catch { /* a frame without this right, or a browser that counts the changes */ }
    typing = true;
  });
  tools.addEventListener("change", () => { typing = false; });
}
addEventListener("popstate", () => { typing = false; follow(false); });
follow(true);
