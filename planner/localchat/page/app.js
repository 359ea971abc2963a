// The chat page: one long poll brings what is new, everything else is drawn from it.
import { Bubbles } from "./bubbles.js";
import { Commands } from "./commands.js";
import { People } from "./people.js";
import * as server from "./server.js";
import { element } from "./text.js";
import { language, words } from "./words.js";

const $ = (id) => document.getElementById(id);
const WAIT_S = 25;
const RETRY_MS = [300, 600, 1200, 2000];
const TOAST_MS = 4000;

const text = $("text");
const people = new People($("people-button"), $("people"), () => follow());
const bubbles = new Bubbles($("log"), $("scroll"), {
  command: (command) => send(command), press, reply: (row) => setContext("reply", row), edit: (row) => setContext("edit", row),
  copy: async (value) => { await navigator.clipboard.writeText(value); toast(words.copied); }, grown: () => { if (stuck) bubbles.toEnd(); },
});
const commands = new Commands($("commands"), $("menu"), text, (command) => { text.value = ""; send(command); });

let stuck = true;      // the reader is at the end, so new messages scroll
let unread = 0;
let context = null;    // {kind: "edit" | "reply", row}
let polling = null;    // AbortController of the running poll
let older = false;     // there may be messages before the first one shown
let pending = [];

// What the server says

async function follow() {
  if (polling) polling.abort();
  const mine = new AbortController();
  polling = mine;
  bubbles.clear();
  pending = [];
  setContext(null);
  setUnread(0);
  $("status").textContent = words.connecting;
  let after = -1, version = 0, failures = 0;
  while (!mine.signal.aborted) {
    try {
      if (after < 0) after = await load(mine.signal);
      const found = await server.view(people.chat, after, version, language, failures ? 0 : WAIT_S, mine.signal);
      if (found.seq < after) { after = -1; bubbles.clear(); continue; }
      version = found.version;
      failures = 0;
      $("banner").hidden = true;
      take(found.messages, true);
      for (const row of found.messages) after = Math.max(after, row.seq);
      people.saw(after);
      about(found.about);
    } catch (error) {
      if (mine.signal.aborted) return;
      $("banner").hidden = false;
      $("banner").textContent = words.lost;
      $("status").textContent = words.connecting;
      await new Promise((done) => setTimeout(done, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]));
      failures += 1;
    }
  }
}

async function load(signal) {
  const first = await server.view(people.chat, Number.MAX_SAFE_INTEGER, 0, language, 0, signal);
  const rows = await server.history(people.chat, 0, signal);
  older = rows.length > 0;
  about(first.about);
  take(rows, false);
  bubbles.toEnd();
  return first.seq;
}

function take(rows, fresh) {
  const following = stuck && bubbles.atEnd();  // the flag alone is a frame old: a scroll may be on its way
  let arrived = 0, own = false;
  for (const row of rows) {
    if (people.chat < 0 && row.from !== "bot") row.sender_name = row.name || people.nameOf(row.from);
    if (bubbles.put(row, fresh)) {
      if (row.from === "bot") arrived += 1;
      else { own = true; landed(row.text); }
    }
  }
  if (rows.length) keyboard(rows);
  $("empty").hidden = bubbles.size > 0 || pending.length > 0;
  if (!rows.length) return;
  if (following || own) bubbles.toLast();
  else if (fresh) setUnread(unread + arrived);
  if (fresh && arrived && document.hidden) document.title = "● Planner";
}

function about(found) {
  people.learn(found.chats);
  commands.learn(found.commands);
  bubbles.read(found.unread_from === null ? Infinity : found.unread_from);
  $("status").textContent = found.typing ? words.typing : found.bot_runs ? words.online : words.asleep;
  $("status").classList.toggle("asleep", !found.bot_runs && !found.typing);
  if (!$("empty").hidden) drawEmpty(found.description);
}

function drawEmpty(description) {
  const start = element("button", "main", words.start);
  start.type = "button";
  start.id = "start";
  start.addEventListener("click", () => send("/start"));
  const card = element("div", "card");
  card.append(element("h2", "", words.about), element("p", "", description || words.empty), start);
  if ($("empty").textContent !== card.textContent) $("empty").replaceChildren(card);
}

async function loadOlder() {
  if (!older || !bubbles.size) return;
  older = false;
  const chat = people.chat;
  try {
    const rows = await server.history(chat, bubbles.first());
    if (chat !== people.chat || !rows.length) return;
    const height = $("scroll").scrollHeight, top = $("scroll").scrollTop;
    for (const row of rows) bubbles.put(row, false);
    $("scroll").scrollTop = top + $("scroll").scrollHeight - height;
    older = true;
  } catch { older = true; }
}

// What the person does

async function send(value, again) {
  const body = value.trim();
  if (!body) return;
  const extra = again || (context && context.kind === "reply" ? { reply_to: context.row.message_id } : {});
  setContext(null);
  const chat = people.chat;
  const shown = bubbles.pending(body, () => send(body, extra));
  pending.push(shown);
  $("empty").hidden = true;
  bubbles.toEnd();
  try {
    await server.say(chat, body, people.person(), extra);
    setTimeout(() => landed(body), 3000);
  } catch (error) {
    pending = pending.filter((one) => one !== shown);
    if (error.refused) { shown.done(); toast(error.message); } else shown.fail();
  }
}

function landed(body) {
  const shown = pending.find((one) => one.text === body.trim()) || null;
  if (!shown) return;
  pending = pending.filter((one) => one !== shown);
  shown.done();
}

async function save(row, value) {
  if (value.trim() === row.text) { setContext(null); return; }
  try {
    await server.say(people.chat, value, people.person(), { edit: row.message_id });
    setContext(null);
  } catch (error) { toast(error.refused ? error.message : words.lost); }
}

async function press(row, one, node) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    const { answer } = await server.press(people.chat, row.message_id, one.data, people.person());
    if (!answer) toast(words.noAnswer);
    else if (answer.alert && answer.text) { $("alert-text").textContent = answer.text; $("alert").showModal(); }
    else if (answer.text) toast(answer.text);
  } catch (error) {
    toast(error.refused ? error.message : words.lost);
  } finally { node.removeAttribute("aria-busy"); }
}

async function upload(files) {
  for (const file of files) {
    if (!server.fits(file)) { toast(words.tooLarge); continue; }
    try {
      await server.upload(people.chat, file, text.value.trim(), people.person());
      text.value = "";
      grow();
    } catch (error) { toast(error.refused ? error.message : words.uploadFailed); }
  }
}

// Around the messages

function setContext(kind, row) {
  const was = context;
  context = kind ? { kind, row } : null;
  $("context").hidden = !context;
  if (was && was.kind === "edit" && kind !== "edit") text.value = "";
  if (context) {
    $("context-title").textContent = kind === "edit" ? words.editing : words.replying;
    $("context-text").textContent = row.text || (row.file && row.file.name) || "";
    if (kind === "edit") text.value = row.text;
    text.focus();
  }
  $("send").setAttribute("aria-label", kind === "edit" ? words.save : words.send);
  grow();
}

function setUnread(count) {
  unread = count;
  $("down").hidden = stuck;
  $("unread").textContent = count || "";
}

let toastTimer = 0;
function toast(message) {
  clearTimeout(toastTimer);
  $("toast").textContent = message;
  $("toast").hidden = false;
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, TOAST_MS);
}

function keyboard(rows) {
  const last = rows.filter((row) => row.reply_keyboard && !row.deleted).pop();
  if (!last) return;
  const lines = last.reply_keyboard.keyboard || [];
  $("keyboard").hidden = !lines.length;
  $("keyboard").replaceChildren(...lines.map((line) => {
    const flow = element("div", "line");
    for (const one of line) {
      const node = element("button", "key", one.text);
      node.type = "button";
      node.addEventListener("click", () => { send(one.text); if (last.reply_keyboard.one_time_keyboard) $("keyboard").hidden = true; });
      flow.append(node);
    }
    return flow;
  }));
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  $("send").disabled = !text.value.trim();
}

function submit() {
  const value = text.value;
  if (!value.trim()) return;
  if (context && context.kind === "edit") { save(context.row, value); return; }
  text.value = "";
  commands.close();
  send(value);
  grow();
}

text.addEventListener("input", () => { grow(); commands.typed(); });
text.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (commands.key(event)) { event.preventDefault(); grow(); return; }
  if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); submit(); }
  else if (event.key === "Escape" && context) setContext(null);
  else if (event.key === "ArrowUp" && !text.value && !context) {
    const row = bubbles.lastOwn();
    if (row) { event.preventDefault(); setContext("edit", row); text.setSelectionRange(row.text.length, row.text.length); }
  }
});
// Typing goes to the message, wherever the focus was.
document.addEventListener("keydown", (event) => {
  const free = event.target === document.body || event.target === $("scroll") || event.target.closest(".message");
  if (free && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) text.focus();
});
$("composer").addEventListener("submit", (event) => { event.preventDefault(); submit(); text.focus(); });
$("context-close").addEventListener("click", () => setContext(null));
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", async () => { await upload([...$("file").files]); $("file").value = ""; });
text.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  if (files.length) { event.preventDefault(); upload(files); }
});
$("scroll").addEventListener("scroll", () => {
  stuck = bubbles.atEnd();
  setUnread(stuck ? 0 : unread);
  if ($("scroll").scrollTop < 200) loadOlder();
});
new ResizeObserver(() => { if (stuck) bubbles.toEnd(); }).observe($("scroll"));
$("down").addEventListener("click", () => bubbles.toEnd(true));
document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = "Planner"; });

let dragging = 0;
addEventListener("dragenter", (event) => { event.preventDefault(); dragging += 1; $("drop").hidden = false; });
addEventListener("dragleave", () => { dragging -= 1; if (dragging <= 0) $("drop").hidden = true; });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => { event.preventDefault(); dragging = 0; $("drop").hidden = true; upload([...event.dataTransfer.files]); });

for (const [id, label] of [["attach", words.attach], ["menu", words.menu], ["send", words.send], ["down", words.down], ["context-close", words.close]]) {
  $(id).setAttribute("aria-label", label);
  $(id).title = label;
}
text.placeholder = words.placeholder;
text.setAttribute("aria-label", words.placeholder);
$("scroll").setAttribute("aria-label", words.messages);
$("drop").textContent = words.drop;
$("menu").hidden = true;
grow();
people.draw();
follow();
if (matchMedia("(hover: hover)").matches) text.focus();
