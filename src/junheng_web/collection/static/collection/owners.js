// Who answers, reports, reviews and confirms: who answers is fetched from the room that knows it; a filter hides rows and
// changes nothing, so that what was chosen and not saved yet stays; paper shows in words what the controls hold.

const form = document.getElementById("owners");
const filter = document.getElementById("owners-filter");
const unit = document.getElementById("only-unit");
const part = document.getElementById("only-part");
const shown = document.getElementById("owners-shown");
const rows = [...form.querySelectorAll("tr[data-indicators]")];
const PARTS = ["answering", "owner", "reviewer", "second"];
const OFFICE = "office";
let answering = {};

function answersFor(row) {
  const found = new Map();
  row.dataset.indicators.split(" ").forEach((id) => (answering[id] || []).forEach((one) => found.set(one.code, one)));
  return [...found.values()];
}

function fill(row) {
  const cell = row.querySelector(".answering");
  const told = answersFor(row).map((one) => one.name + (one.lead ? "（牵头）" : ""));
  cell.textContent = told.join("、") || "没有登记";
  cell.classList.toggle("text-secondary", !told.length);
}

function inPart(row, name) {
  if (name === "answering") return answersFor(row).some((one) => one.code === unit.value);
  const { value } = row.querySelector(`[data-part="${name}"]`);
  return (name === "owner" ? value || OFFICE : value) === unit.value;
}

function matches(row) {
  return !unit.value || (part.value ? [part.value] : PARTS).some((name) => inPart(row, name));
}

function show() {
  rows.forEach((row) => { row.hidden = !matches(row); });
  form.querySelectorAll("section").forEach((one) => { one.hidden = !one.querySelector("tbody tr:not([hidden])"); });
  const left = rows.filter((row) => !row.hidden).length;
  const whose = unit.value ? `${unit.selectedOptions[0].text}（${part.selectedOptions[0].text}）：` : "";
  shown.textContent = left ? `${whose}${left} 项` : `${whose}没有这样的项目；请换一个单位或另一栏，或点“看全部”`;
}

function onPaper() {
  form.querySelectorAll(".paper-only").forEach((one) => {
    const control = one.previousElementSibling;
    one.textContent = control.selectedOptions ? control.selectedOptions[0].text : control.value;
  });
}

filter.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("change", show);
filter.addEventListener("reset", () => setTimeout(show));
form.addEventListener("change", onPaper);
document.getElementById("owners-print").addEventListener("click", () => window.print());
onPaper();
show();

fetch(form.dataset.answering, { headers: { Accept: "application/json" } })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
  .then((told) => { answering = told; rows.forEach(fill); show(); })
  .catch(() => rows.forEach((row) => { row.querySelector(".answering").textContent = "读不到，请刷新页面"; }));
