// Each cell that is picked sends the page once more: the sheet stays where it was scrolled to.

const sheet = document.querySelector("[data-keep-scroll]");
const name = `sheet:${window.location.pathname}`;

if (sheet) {
  const before = JSON.parse(sessionStorage.getItem(name) || "null");
  if (before) [sheet.scrollLeft, sheet.scrollTop] = before;
  sheet.addEventListener("scroll", () => sessionStorage.setItem(name, JSON.stringify([sheet.scrollLeft, sheet.scrollTop])), { passive: true });
}

// Where picked and marked stand side by side there is no need to move the page to where it is marked.
const wide = window.matchMedia("(min-width: 1101px)").matches;
const seen = `page:${window.location.pathname}`;
const at = sessionStorage.getItem(seen);
if (at !== null && (wide || window.location.hash !== "#mark")) window.addEventListener("load", () => window.scrollTo(0, Number(at)));
sessionStorage.removeItem(seen);
document.addEventListener("submit", (event) => {
  if (event.target.id === "marking") sessionStorage.setItem(seen, String(window.scrollY));
});
