"use strict";
// The question of a reader: which requirements, on which targets. Without this script the page shows all of them.
// Words are searched in sentences and IDs, and if none has them all, in the notes as well.
const listed = (names) => (names.length > 1 ? names.slice(0, -1).join(", ") + " and " + names[names.length - 1] : names[0]);
function answer(cells, heads) {
  const on = (kind) => heads.filter((_, place) => cells[place].classList.contains(kind));
  const no = on("no"), unknown = on("unknown"), parts = [];
  if (!no.length && on("yes").length) parts.push("yes");
  if (no.length) parts.push(no.length === cells.length ? "no" : "no on " + listed(no));
  if (unknown.length) parts.push((parts[0] === "yes" ? "but " : "") + (unknown.length === cells.length ? "unknown" : "unknown on " + listed(unknown)));
  return parts.join(", ") || "not applicable";
}
for (const section of document.querySelectorAll("section.api")) {
  const form = section.querySelector("form.ask"), search = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")], status = form.querySelector(".found");
  const heads = boxes.map((box) => box.parentElement.textContent.trim());
  const groups = [...section.querySelectorAll("details.kind")].map((group) => ({
    group, open: group.open, count: group.querySelector(".count"), titles: [...group.querySelectorAll("thead th")].slice(2),
    rows: [...group.querySelectorAll("tbody tr")].map((row) => ({
      row, text: row.textContent.toLowerCase(), head: row.children[0].textContent.toLowerCase(), rely: row.children[1], whole: row.children[1].textContent, cells: [...row.children].slice(2),
    })),
  }));
  const ask = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const on = boxes.map((box) => box.checked), all = on.every(Boolean), some = on.some(Boolean);
    const named = groups.some(({ rows }) => rows.some(({ head }) => words.every((word) => head.includes(word))));
    const chosen = heads.filter((_, place) => on[place]), tally = { yes: 0, no: 0, unknown: 0 };
    for (const { group, open, count, titles, rows } of groups) {
      let shown = 0;
      titles.forEach((title, place) => (title.hidden = !on[place]));
      for (const { row, text, head, rely, whole, cells } of rows) {
        cells.forEach((cell, place) => (cell.hidden = !on[place]));
        rely.textContent = all || !some ? whole : answer(cells.filter((_, place) => on[place]), chosen);
        row.hidden = !words.every((word) => (named ? head : text).includes(word));
        if (row.hidden) continue;
        shown += 1;
        const said = rely.textContent;
        tally[said.startsWith("no ") || said === "no" ? "no" : said.includes("unknown") ? "unknown" : "yes"] += 1;
      }
      count.textContent = "(" + shown + ")";
      group.hidden = !shown;
      group.open = words.length ? true : open;
    }
    const total = tally.yes + tally.no + tally.unknown;
    status.textContent = !some ? "Choose a target." : !words.length && all ? "" :
      total + (total === 1 ? " requirement on " : " requirements on ") + listed(chosen) + ": " + tally.yes + " yes, " + tally.no + " no, " + tally.unknown + " unknown.";
  };
  form.hidden = false;
  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => event.preventDefault());
  ask();
}
addEventListener("keydown", (event) => event.key === "Escape" && document.body.classList.add("closed"));
for (const kind of ["focusin", "pointerover"]) addEventListener(kind, (event) => event.target.closest?.("td") && document.body.classList.remove("closed"));
