// A visit on a phone: large buttons in the place of each list of choices. entry.js, which is loaded before, keeps and
// sends what they choose; here stands only what is particular to visits.

const entry = document.getElementById("entry");
const finish = document.getElementById("finish");
const left = document.getElementById("left");
const lists = [...entry.querySelectorAll("[data-finding]")];

function show(list) {
  entry.querySelectorAll(`[data-for="${list.id}"] .choice`).forEach((button) => {
    button.setAttribute("aria-pressed", String(button.dataset.value === list.value));
  });
  entry.querySelector(`[data-none="${list.id}"]`).hidden = list.value !== "none";
}

// What the draft put back, or what somebody else has changed, is shown as well.
function showAll() {
  lists.forEach(show);
  entry.querySelectorAll(".remark textarea").forEach((text) => {
    if (text.value) text.closest("details").open = true;
  });
  document.getElementById("noted").textContent = lists.filter((list) => list.value).length;
}

lists.forEach((list) => {
  list.hidden = true;
  entry.querySelector(`[data-for="${list.id}"]`).hidden = false;
});

entry.addEventListener("click", (event) => {
  const button = event.target.closest(".choice");
  if (button) {
    const list = document.getElementById(button.closest(".choices").dataset.for);
    list.value = list.value === button.dataset.value ? "" : button.dataset.value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (event.target.closest("button")) showAll();
});

// The form's own sending is for browsers without scripts.
entry.addEventListener("submit", (event) => event.preventDefault());
document.body.addEventListener("junheng:saved", showAll);

// What has not arrived yet would be missing from the finished visit.
finish.addEventListener("submit", (event) => {
  const unsent = entry.querySelectorAll(".unsent").length;
  if (!unsent) return;
  event.preventDefault();
  left.textContent = `还有 ${unsent} 处没有存上，先不能完成；等网络恢复，上面显示“已保存”以后再点`;
  left.className = "text-red";
});

showAll();
