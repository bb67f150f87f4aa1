"use strict";
const all = (selector) => [...document.querySelectorAll(selector)];
const rows = all(".requirement"), sections = all("section.operation");
const search = document.getElementById("search"), operation = document.getElementById("operation");
const facets = all("[data-facet]"), shown = document.getElementById("shown"), none = document.getElementById("none");
const texts = rows.map((row) => row.textContent.toLowerCase());
search.parentElement.hidden = false;
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const on = new Map(facets.map((box) => [box.dataset.facet, box.checked]));
  const counts = new Map(), visible = new Map();
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  let total = 0;
  rows.forEach((row, number) => {
    const { outcome, level } = row.dataset, section = row.parentElement;
    const found = words.every((word) => texts[number].includes(word));
    const chosen = !operation.value || section.id === "operation-" + operation.value;
    row.hidden = !found;
    if (found && chosen && on.get(level)) add(counts, outcome);
    if (found && chosen && on.get(outcome)) add(counts, level);
    if (found && chosen && on.get(level) && on.get(outcome)) { total += 1; add(visible, section); }
  });
  facets.forEach((box) => { box.parentElement.querySelector("output").textContent = counts.get(box.dataset.facet) || 0; });
  sections.forEach((section) => {
    section.hidden = !visible.get(section);
    section.querySelector("output").textContent = visible.get(section) || 0;
  });
  shown.textContent = total + " of " + rows.length + " shown";
  none.hidden = total > 0;
}
function open() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (target) target.scrollIntoView();
}
search.addEventListener("input", filter);
document.querySelector(".filters").addEventListener("change", filter);
addEventListener("hashchange", open);
filter();
open();
