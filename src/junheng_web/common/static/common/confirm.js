// What cannot be undone is asked for once more: a button with data-confirm="the question".

const dialog = document.getElementById("confirm");
const question = dialog.querySelector("[data-question]");
let asked = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (!button || button === asked) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  asked = button;
  question.textContent = button.dataset.confirm;
  dialog.showModal();
}, true);

dialog.addEventListener("close", () => {
  const button = asked;
  if (dialog.returnValue === "yes" && button) button.click();
  dialog.returnValue = "";
  asked = null;
});
