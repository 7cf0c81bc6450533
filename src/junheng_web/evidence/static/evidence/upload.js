// Files go up in parts; what was cut off goes on from where it was, after a lost line, a killed server or a closed page.
const WAITS = [1, 2, 4, 8, 15, 30, 30, 30];

function wait(seconds) { return new Promise(done => setTimeout(done, seconds * 1000)); }

class Refused extends Error {}
// The server says why it cannot go on now; asked again, it may.
class Later extends Error {}

async function ask(url, csrf, body, kind) {
  const headers = { "X-CSRFToken": csrf, "Content-Type": kind };
  const answer = await fetch(url, { method: "POST", headers, body, credentials: "same-origin" });
  const told = await answer.json().catch(() => ({}));
  if (answer.ok || (answer.status === 409 && "received" in told)) return told;
  if (answer.status >= 500 && told.error) throw new Later(told.error);
  if (answer.status >= 500) throw new Error(String(answer.status));
  throw new Refused(told.error || "没有传上去：登录可能过期了，请刷新页面再传");
}

async function patiently(deed, say) {
  for (let tries = 0; ; tries += 1) {
    try { return await deed(); } catch (error) {
      if (error instanceof Refused || tries >= WAITS.length) throw error;
      say(error instanceof Later ? `${error.message}（${WAITS[tries]} 秒后自动再试）` : `连不上，${WAITS[tries]} 秒后接着传`);
      await wait(WAITS[tries]);
    }
  }
}

export async function send(file, to, say) {
  const mark = String(file.lastModified || "");
  const begin = JSON.stringify({ name: file.name, size: file.size, mark });
  const told = await patiently(() => ask(to.begin, to.csrf, begin, "application/json"), say);
  let at = told.received;
  while (at < file.size) {
    const from = at;
    const part = file.slice(from, Math.min(from + told.part, file.size));
    const url = `${to.part.replace("CODE", told.code)}?at=${from}`;
    const answer = await patiently(() => ask(url, to.csrf, part, "application/octet-stream"), say);
    if (answer.received === from) throw new Refused("这一段没有收下；请刷新页面再传");
    at = answer.received;
    say(`${Math.floor(100 * at / file.size)}%`);
  }
  const unpack = to.unpack && /\.zip$/i.test(file.name) ? "unpack=1" : "";
  const url = to.finish.replace("CODE", told.code);
  const joined = unpack ? `${url}${url.includes("?") ? "&" : "?"}${unpack}` : url;
  say("正在核对");
  return patiently(() => ask(joined, to.csrf, "", "application/json"), say);
}

function line(list, name) {
  const item = document.createElement("li");
  item.className = "list-group-item between wraps";
  const left = document.createElement("span");
  left.textContent = name;
  const right = document.createElement("span");
  right.className = "text-secondary";
  right.setAttribute("role", "status");
  item.append(left, right);
  list.append(item);
  return { left, say: text => { right.textContent = text; } };
}

function link(file) {
  const one = document.createElement("a");
  one.href = file.url;
  one.textContent = file.name;
  return one;
}

async function take(file, to, list) {
  const shown = line(list, file.webkitRelativePath || file.name);
  shown.say("等着传");
  try {
    const told = await send(file, to, shown.say);
    if (told.files.length === 1) { shown.left.textContent = ""; shown.left.append(link(told.files[0])); }
    shown.say(told.refused.length ? `收下 ${told.files.length} 个，${told.refused.length} 个没有收` : told.new ? "已收下" : "早已交过，没有再存一份");
    if (told.files.length > 1) told.files.forEach(one => line(list, "").left.append(link(one)));
    told.refused.forEach(why => line(list, why).say("没有收"));
    // What the page shows beside the zone is older than what was just taken in.
    list.parentElement.querySelectorAll("[data-again]").forEach(one => { one.hidden = one.hidden && !told.files.length; });
  } catch (error) {
    shown.say(error instanceof Refused || error instanceof Later ? error.message : "还是连不上；网络好了，再选一次这个文件，就从断的地方接着传");
  }
}

async function entries(items) {
  const found = [];
  async function walk(entry) {
    if (entry.isFile) found.push(await new Promise((done, no) => entry.file(done, no)));
    if (!entry.isDirectory) return;
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((done, no) => reader.readEntries(done, no));
      if (!some.length) return;
      for (const one of some) await walk(one);
    }
  }
  for (const one of [...items].map(item => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean)) await walk(one);
  return found;
}

function area(zone) {
  const to = { ...zone.dataset };
  const list = zone.querySelector("[data-list]");
  let queue = Promise.resolve();
  const all = files => {
    to.unpack = zone.querySelector("[data-unpack]").checked;
    [...files].forEach(file => { queue = queue.then(() => take(file, to, list)); });
  };
  zone.hidden = false;
  // The plain form is for browsers that do not run this.
  zone.parentElement.querySelectorAll("form[data-plain]").forEach(one => { one.hidden = true; });
  zone.querySelectorAll("input[type=file]").forEach(input => input.addEventListener("change", () => { all(input.files); input.value = ""; }));
  const drop = zone.querySelector("[data-drop]");
  ["dragenter", "dragover"].forEach(name => drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add("over"); }));
  ["dragleave", "drop"].forEach(name => drop.addEventListener(name, () => drop.classList.remove("over")));
  drop.addEventListener("drop", event => { event.preventDefault(); entries(event.dataTransfer.items).then(all); });
}

// A form with a file sends it in parts first, and then itself with the file's SHA-256.
function form(one) {
  one.addEventListener("submit", async event => {
    const input = [...one.querySelectorAll("input[type=file]")].find(each => each.files.length);
    if (!input) return;
    event.preventDefault();
    const said = one.querySelector("[data-said]");
    const button = one.querySelector("button[data-send]");
    button.disabled = true;
    try {
      const told = await send(input.files[0], one.dataset, text => { said.textContent = text; });
      one.querySelector("input[name=digest]").value = told.files[0].digest;
      one.querySelectorAll("input[type=file]").forEach(each => { each.value = ""; });
      one.submit();
    } catch (error) {
      said.textContent = error instanceof Refused || error instanceof Later ? error.message : "连不上；网络好了再点一次，就从断的地方接着传";
      button.disabled = false;
    }
  });
}

document.querySelectorAll("[data-upload]").forEach(area);
document.querySelectorAll("form[data-parts]").forEach(form);
