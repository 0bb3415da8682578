"use strict";
for (const tools of document.querySelectorAll(".tools")) {
  const id = tools.dataset.for, rows = [...document.querySelectorAll("#" + id + " tbody tr")];
  const count = tools.querySelector("[data-count]");
  const apply = () => {
    const words = tools.querySelector("[data-filter]").value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = [...tools.querySelectorAll("[data-choose]")].filter(s => s.value);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      const ok = words.every(w => text.includes(w)) && chosen.every(s => row.dataset[s.dataset.choose] === s.value);
      row.hidden = !ok; shown += ok;
    }
    count.textContent = shown + " of " + rows.length;
  };
  tools.addEventListener("input", apply); apply();
}
