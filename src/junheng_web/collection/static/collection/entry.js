// A form that is saved cell by cell. What was typed is kept in this browser until the server has it: nothing is lost
// when the line is down, the page is closed, or somebody else changed the same cell meanwhile.

const entry = document.getElementById("entry");
const net = document.getElementById("net");
const csrf = entry.dataset.csrf;
const draftName = `junheng-draft:${entry.dataset.draft}`;
const AGAIN = 10000;
const PAUSE = 400;
const CLOSED = "details.known:not([open])";
let sequence = Number(entry.dataset.sequence);
let sending = false;
let timer = 0;

// What the data dictionary asks of a text, with its own words; a page without any leaves every text to the server.
const rulesTold = document.getElementById("asked");
const asked = rulesTold ? JSON.parse(rulesTold.textContent) : { blanks: [], thousands: "^$", rules: {} };
const thousands = new RegExp(asked.thousands);
const pauses = new WeakMap();

function stored() {
  try { return JSON.parse(localStorage.getItem(draftName)) || {}; } catch (error) { return {}; }
}

let waiting = stored();

function store() {
  try {
    if (Object.keys(waiting).length) localStorage.setItem(draftName, JSON.stringify(waiting));
    else localStorage.removeItem(draftName);
  } catch (error) { /* without storage the page itself still holds it */ }
}

function tell(text, tone) {
  net.textContent = text;
  net.className = `badge bg-${tone}-lt`;
}

// A text that the server refused waits for whoever typed it, and is not sent again as it is.
function pending() {
  return Object.keys(waiting).filter((key) => !waiting[key].refused);
}

function told() {
  const left = pending().length;
  const refused = Object.keys(waiting).length - left;
  if (left) tell(`有 ${left} 格还没有存上，先存在本机`, "yellow");
  else if (refused) tell(`有 ${refused} 格填得不对，没有存上：请照旁边的提示改`, "red");
  else tell("已保存", "green");
}

function cellOf(key) {
  return [...entry.querySelectorAll(".cell")].find((one) => one.dataset.key === JSON.stringify(key)
    || JSON.stringify(JSON.parse(one.dataset.key)) === JSON.stringify(key));
}

function say(cell, text, note) {
  const place = document.getElementById(`${cell.id}-said`);
  place.textContent = text;
  delete place.dataset.here;
  place.classList.toggle("note", Boolean(note));
  cell.classList.toggle("wrong", Boolean(text) && !note);
  if (text && !note) cell.setAttribute("aria-invalid", "true");
  else cell.removeAttribute("aria-invalid");
}

// A text as the readers of the data dictionary look at it: full-width signs and blanks are narrow ones.
function narrow(text) {
  return text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\xa0]/g, " ").trim();
}

function fault(cell) {
  const rules = asked.rules[cell.dataset.asked];
  const text = narrow(cell.value);
  if (!rules || asked.blanks.includes(text)) return "";
  const plain = thousands.test(text) ? text.replace(/,/g, "") : text;
  const refused = rules.find((rule) => (rule.pattern
    ? new RegExp(rule.pattern).test(plain) !== rule.wanted
    : Math.abs(Number(plain)) > rule.maximum));
  return refused ? refused.told : "";
}

// What can be told without the server is told at once, with a line or without; the text stays, and is sent as it is.
function check(cell) {
  const place = document.getElementById(`${cell.id}-said`);
  const wrong = fault(cell);
  const blank = "needed" in cell.dataset && asked.blanks.includes(narrow(cell.value));
  const own = place && (place.dataset.here || !place.textContent);
  if (wrong) sayHere(cell, wrong, false);
  else if (own) sayHere(cell, blank ? unfilled(cell) : "", true);
  offer(cell);
}

// What was refused is mended, or thrown away by a click: then what the server holds stands there again.
function offer(cell) {
  const place = document.getElementById(`${cell.id}-said`);
  const kept = waiting[cell.dataset.key];
  if (!place || !kept || !kept.refused || place.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = cell.dataset.held ? "恢复原来的数" : "不要这个";
  button.addEventListener("click", () => {
    delete waiting[cell.dataset.key];
    cell.value = cell.dataset.held;
    cell.dataset.revision = cell.dataset.heldAt;
    cell.classList.remove("unsent");
    say(cell, "");
    check(cell);
    store();
    told();
    cell.focus();
  });
  place.append(button);
}

// What the server holds of a cell, as this page knows it.
function holds(cell, text, revision) {
  cell.dataset.held = text;
  cell.dataset.heldAt = revision;
}

function sayHere(cell, text, note) {
  say(cell, text, note);
  if (text) document.getElementById(`${cell.id}-said`).dataset.here = "yes";
}

function unfilled(cell) {
  return `还没有填，判定要用。${cell.classList.contains("number") ? "确实没有的填 0。" : ""}`;
}

// Not before whoever types has paused, and a click that left the cell has found its button: what is told moves the page.
function soon(cell) {
  clearTimeout(pauses.get(cell));
  pauses.set(cell, setTimeout(check, PAUSE, cell));
}

function changed(cell) {
  soon(cell);
  waiting[cell.dataset.key] = { text: cell.value, revision: Number(cell.dataset.revision) };
  cell.classList.add("unsent");
  store();
  told();
  clearTimeout(timer);
  timer = setTimeout(send, 250);
}

// Without anything to send it only asks what others have changed meanwhile.
async function send() {
  const keys = pending();
  if (sending) return;
  sending = true;
  if (keys.length) tell("正在保存…", "azure");
  const sent = {};
  keys.forEach((key) => { sent[key] = waiting[key]; });
  const cells = keys.map((key) => ({ key: JSON.parse(key), ...sent[key] }));
  let again = 0;
  try {
    const response = await fetch(entry.dataset.save, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ since: sequence, cells }),
    });
    if (response.type === "opaqueredirect") tell("登录已过期：请在另一个窗口登录，您填的还在，回来会接着存", "red");
    else if (response.status >= 500) again = AGAIN;
    else take(sent, await response.json(), response.ok);
  } catch (error) {
    again = AGAIN;
  }
  sending = false;
  if (again) {
    told();
    if (keys.length) timer = setTimeout(send, again);
  } else if (pending().some((key) => waiting[key] !== sent[key])) {
    send();
  }
}

function take(sent, answer, ok) {
  if (!ok) {
    tell(answer.error || "没有存上，请刷新页面再试", "red");
    return;
  }
  sequence = answer.sequence;
  const refused = {};
  answer.problems.forEach((one) => { refused[JSON.stringify(one.key)] = `${one.reason}。${one.remedy}`; });
  const done = (key) => {
    if (waiting[key] !== sent[key]) return;
    const why = refused[JSON.stringify(JSON.parse(key))];
    if (why) waiting[key].refused = why;
    else delete waiting[key];
  };
  Object.keys(sent).forEach((key) => {
    const cell = cellOf(JSON.parse(key));
    if (cell) {
      say(cell, "");
      check(cell);
      if (waiting[key] === sent[key] && !refused[JSON.stringify(JSON.parse(key))]) cell.classList.remove("unsent");
    }
    done(key);
  });
  answer.saved.forEach((one) => {
    const cell = cellOf(one.key);
    if (!cell) return;
    const carried = document.getElementById(`${cell.id}-carried`);
    if (carried && cell.dataset.revision !== String(one.revision)) carried.remove();
    cell.dataset.revision = one.revision;
    const key = Object.keys(sent).find((name) => cellOf(JSON.parse(name)) === cell);
    if (key) holds(cell, sent[key].text, one.revision);
  });
  answer.problems.forEach((one) => {
    const cell = cellOf(one.key);
    if (!cell) return;
    say(cell, `${one.reason}。${one.remedy}`);
    check(cell);
  });
  answer.remarks.forEach((one) => { const cell = cellOf(one.key); if (cell) say(cell, `${one.reason}。${one.remedy}`, true); });
  answer.conflicts.forEach(conflict);
  answer.changed.forEach(other);
  store();
  told();
  if (Object.keys(sent).length || answer.changed.length) document.body.dispatchEvent(new CustomEvent("junheng:saved"));
}

// Somebody else changed the same cell: both values are shown, and the typist chooses.
function conflict(theirs) {
  const cell = cellOf(theirs.key);
  if (!cell) return;
  opened(cell);
  holds(cell, theirs.text, theirs.revision);
  const mine = cell.value;
  say(cell, `${theirs.by} 刚改成 ${theirs.shown}，您填的是 ${mine || "（空）"}。`);
  const place = document.getElementById(`${cell.id}-said`);
  [["用我的", mine], [`用 ${theirs.shown}`, theirs.text]].forEach(([label, value]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => {
      cell.dataset.revision = theirs.revision;
      cell.value = value;
      say(cell, "");
      changed(cell);
    });
    place.append(button);
  });
}

function other(theirs) {
  const cell = cellOf(theirs.key);
  if (!cell || waiting[cell.dataset.key]) return;
  opened(cell);
  cell.value = theirs.text;
  cell.dataset.revision = theirs.revision;
  holds(cell, theirs.text, theirs.revision);
  cell.classList.add("changed");
  say(cell, `${theirs.by} 改为 ${theirs.shown}`, true);
}

// Down a column, as in a spreadsheet.
function column(cell) {
  const row = cell.closest("tr");
  const at = [...row.querySelectorAll(".cell")].indexOf(cell);
  const rows = row.closest("table").dataset.list ? [...row.parentNode.rows] : [...entry.querySelectorAll("tbody tr")];
  const list = rows.filter((one) => Boolean(one.closest("table").dataset.list) === Boolean(row.closest("table").dataset.list));
  const cells = list.map((one) => one.querySelectorAll(".cell")[at]).filter((one) => one && !one.closest(CLOSED));
  return { cells, rows: list, at };
}

// What the census holds is not asked for: its cell is there to be opened, and no arrow or paste goes into it before.
function opened(cell) {
  const known = cell.closest("details.known");
  if (known) known.open = true;
}

function move(cell, step) {
  const { cells } = column(cell);
  const next = cells[cells.indexOf(cell) + step];
  if (!next) return;
  next.focus();
  if (next.select) next.select();
}

entry.addEventListener("keydown", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell || !cell.closest("tr") || event.isComposing) return;
  const up = event.key === "ArrowUp" && cell.tagName === "INPUT";
  const down = event.key === "Enter" || (event.key === "ArrowDown" && cell.tagName === "INPUT");
  if (!up && !down) return;
  event.preventDefault();
  move(cell, up || event.shiftKey ? -1 : 1);
});

entry.addEventListener("input", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell) return;
  cell.classList.remove("changed");
  soon(cell);
  waiting[cell.dataset.key] = { text: cell.value, revision: Number(cell.dataset.revision) };
  store();
});

entry.addEventListener("focusout", (event) => {
  const cell = event.target.closest(".cell");
  if (cell) soon(cell);
});

entry.addEventListener("change", (event) => {
  const cell = event.target.closest(".cell");
  if (cell) changed(cell);
});

// A block that was copied from a spreadsheet fills the cells below and beside.
entry.addEventListener("paste", (event) => {
  const cell = event.target.closest(".cell");
  if (!cell || !cell.closest("table")) return;
  const text = (event.clipboardData || window.clipboardData).getData("text");
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  if (lines.length === 1 && lines[0].length === 1) return;
  event.preventDefault();
  const list = cell.closest("table").dataset.list;
  while (list && column(cell).cells.slice(column(cell).cells.indexOf(cell)).length < lines.length) addRow(list);
  const { cells, rows, at } = column(cell);
  const first = cells.indexOf(cell);
  lines.forEach((parts, down) => {
    if (!cells[first + down]) return;
    const row = list ? [...rows[rows.indexOf(cell.closest("tr")) + down].querySelectorAll(".cell")] : [cells[first + down]];
    parts.forEach((part, across) => {
      const target = list ? row[at + across] : across === 0 && row[0];
      if (target) put(target, part.trim());
    });
  });
});

function put(cell, text) {
  if (cell.tagName === "SELECT") {
    const option = [...cell.options].find((one) => one.value === text || one.textContent === text);
    cell.value = option ? option.value : "";
  } else {
    cell.value = text;
  }
  changed(cell);
}

// One more row of a list, with the next number.
function addRow(list) {
  const body = entry.querySelector(`table[data-list="${list}"] tbody`);
  const last = body.rows[body.rows.length - 1];
  const row = last.cloneNode(true);
  const number = Number(last.cells[0].textContent) + 1;
  const digits = String(number).padStart(4, "0");
  row.cells[0].textContent = number;
  row.querySelectorAll(".cell").forEach((cell) => {
    const [table, name, columnName] = JSON.parse(cell.dataset.key);
    const key = [table, `${name.split("|")[0]}|${digits}`, columnName];
    const id = `c-${key.join("-").replace("|", "-")}`;
    const said = row.querySelector(`[id="${cell.id}-said"]`);
    cell.dataset.key = JSON.stringify(key);
    cell.dataset.revision = 0;
    holds(cell, "", 0);
    cell.id = id;
    cell.value = "";
    cell.className = cell.className.replace(/\b(unsent|changed|wrong)\b/g, "");
    cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/第 \d+ 行/, `第 ${number} 行`));
    cell.setAttribute("aria-describedby", `${id}-said`);
    said.id = `${id}-said`;
    said.textContent = "";
    delete said.dataset.here;
    cell.removeAttribute("aria-invalid");
  });
  body.append(row);
}

document.querySelectorAll("[data-more]").forEach((button) => {
  button.addEventListener("click", () => { for (let at = 0; at < 5; at += 1) addRow(button.dataset.more); });
});

window.addEventListener("online", send);
window.addEventListener("focus", send);

entry.querySelectorAll(".cell").forEach((cell) => holds(cell, cell.value, cell.dataset.revision));

// What an earlier visit could not send, or the server refused, is put back where it was typed, with what was told; it
// was typed over the value of then, so that a later one of somebody else is shown and not written over.
Object.keys(waiting).forEach((key) => {
  const cell = cellOf(JSON.parse(key));
  if (!cell) {
    delete waiting[key];
    return;
  }
  opened(cell);
  cell.value = waiting[key].text;
  cell.dataset.revision = waiting[key].revision;
  cell.classList.add("unsent");
  if (waiting[key].refused) say(cell, waiting[key].refused);
  check(cell);
});
store();
told();
send();
