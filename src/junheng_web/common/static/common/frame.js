// The frame's habits: the menu on a phone, what opens and closes, sessions that ended, a network that is gone.

const side = document.getElementById("side");
const button = document.querySelector(".menu-button");

function showMenu(open) {
  side.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
  if (open) side.querySelector("a").focus();
}

if (side && button) {
  button.addEventListener("click", () => showMenu(!side.classList.contains("open")));
}

function closeOthers(kept) {
  document.querySelectorAll("details.drop[open], details.help[open]").forEach((one) => {
    if (!one.contains(kept)) one.open = false;
  });
}

document.addEventListener("click", (event) => {
  closeOthers(event.target);
  if (side && side.classList.contains("open") && !side.contains(event.target) && !button.contains(event.target)) showMenu(false);
});

// What has the focus goes away when a help text's words arrive; the focus then belongs where the text was opened.
function openedHere() {
  const focused = document.activeElement;
  if (focused && focused !== document.body) return focused.closest("details[open]");
  return document.querySelector("details.drop[open], details.help[open]");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = openedHere();
  if (open) open.querySelector("summary").focus();
  closeOthers(null);
  if (side && side.classList.contains("open")) {
    showMenu(false);
    button.focus();
  }
});

// A help text opens beside its sign and stays inside the window, whatever scrolls around it. On a phone there is no
// beside: it lies along the lower edge, and what it explains moves up until it can be read above it; at the end of a
// page, where nothing moves up any more, along the upper edge.
const phone = window.matchMedia("(max-width: 900px)");

function place(help) {
  const text = help.querySelector(".help-text");
  text.style.left = text.style.top = "";
  if (phone.matches) return;
  const sign = help.querySelector("summary").getBoundingClientRect();
  const left = Math.min(sign.left, window.innerWidth - text.offsetWidth - 12);
  const below = sign.bottom + 6;
  const fits = below + text.offsetHeight < window.innerHeight;
  text.style.left = `${Math.max(12, left)}px`;
  text.style.top = `${fits ? below : Math.max(12, sign.top - text.offsetHeight - 6)}px`;
}

function show(help) {
  const text = help.querySelector(".help-text");
  const covered = () => help.getBoundingClientRect().bottom + 12 - text.getBoundingClientRect().top;
  text.classList.remove("help-above");
  place(help);
  if (!phone.matches || covered() <= 0) return;
  window.scrollBy(0, covered());
  text.classList.toggle("help-above", covered() > 1);
}

document.addEventListener("toggle", (event) => {
  if (!event.target.classList.contains("help")) return;
  // A heading that stays in place while a table scrolls would lie below the next one.
  const heading = event.target.closest("th");
  if (heading) heading.classList.toggle("help-over", event.target.open);
  if (event.target.open) show(event.target);
}, true);
// What is fetched only when it is opened has its size afterwards.
document.addEventListener("htmx:after:swap", () => document.querySelectorAll("details.help[open]").forEach(show));
document.addEventListener("scroll", () => document.querySelectorAll("details.help[open]").forEach(place), true);

function tell(text) {
  const place = document.getElementById("messages");
  const told = document.createElement("div");
  told.className = "alert alert-error";
  told.setAttribute("role", "alert");
  told.textContent = text;
  place.replaceChildren(told);
  told.scrollIntoView({ block: "nearest" });
}

// A part of a page that was answered from elsewhere (signing in again) is shown as a page of its own.
document.addEventListener("htmx:after:request", (event) => {
  const response = event.detail.ctx.response.raw;
  if (response.redirected) {
    event.preventDefault();
    window.location.assign(response.url);
  }
});
document.addEventListener("htmx:response:error", (event) => {
  const response = event.detail.ctx.response.raw;
  const id = response.headers.get("X-Request-Id") || "";
  tell(`没有办成（${response.status}）。请刷新页面再试；还不行，请把编号 ${id} 告诉管理员。`);
});
document.addEventListener("htmx:error", () => tell("连不上服务器。请检查网络，然后再试一次；您填的内容还在。"));

const problems = document.querySelector("[data-problems]");
if (problems) problems.focus();

if ("serviceWorker" in navigator && document.documentElement.dataset.worker) {
  navigator.serviceWorker.register(document.documentElement.dataset.worker).catch(() => {});
}
