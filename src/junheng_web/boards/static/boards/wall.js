// A board brings itself up to date: it asks for its own page again and puts the new figures in the place of the old.
// Once the line is lost the figures stay, and the board says since when they stand; it goes on asking.

const board = document.querySelector("[data-board]");
const state = document.querySelector("[data-board-state]");
let last = board ? board.dataset.now : "";

function say(text, wrong) {
  if (!state) return;
  state.textContent = text;
  state.className = wrong ? "board-state badge bg-red-lt" : "board-state badge bg-green-lt";
}

async function again() {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (answer.redirected) {
      say(`登录已过期：这些数是 ${last} 的，请重新登录`, true);
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-board]");
    if (!fresh) throw new Error("no board");
    board.innerHTML = fresh.innerHTML;
    last = fresh.dataset.now;
    say(`数字是 ${last} 的，每 ${board.dataset.seconds} 秒更新`, false);
  } catch (problem) {
    say(`连不上服务器：这些数是 ${last} 的，连上以后自动更新`, true);
  }
}

if (board) window.setInterval(again, Number(board.dataset.seconds) * 1000);
