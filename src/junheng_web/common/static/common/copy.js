// Copies a text with one click. Where the browser does not let us, the text is selected and the page says what to press.

async function copy(area) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(area.value);
    return true;
  }
  area.select();
  return document.execCommand("copy");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const area = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copied="${button.dataset.copy}"]`);
  const done = await copy(area).catch(() => false);
  if (!done) area.select();
  said.textContent = done ? "已复制，可以粘贴到工作群" : "这个浏览器不让网页复制；文字已选中，请按 Ctrl+C";
});
