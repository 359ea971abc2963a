// The messages of one chat, as bubbles in sections by day, kept in the order of their ids.
import { element, link, refreshTimes, rich, stamp } from "./text.js";
import { dayKey, dayName, fileSize, words } from "./words.js";

const NEAR = 90;
const TOP = 8;

export class Bubbles {
  constructor(log, scroll, act) {
    this.log = log;
    this.scroll = scroll;
    this.act = act;
    this.rows = new Map();
    this.nodes = new Map();
    this.readBefore = Infinity;
    setInterval(() => refreshTimes(log), 20_000);
    log.addEventListener("click", (event) => this.choose(event.target));
  }

  // A tap on a message shows its tools where nothing hovers; the next tap, anywhere, hides them.
  choose(target) {
    const bubble = target.closest("a, button") ? null : target.closest(".bubble");
    const one = bubble && bubble.parentElement, was = this.log.querySelector(".chosen");
    if (was) was.classList.remove("chosen");
    if (one && one !== was) one.classList.add("chosen");
  }

  clear() {
    this.log.replaceChildren();
    this.rows.clear();
    this.nodes.clear();
  }

  get size() { return this.rows.size; }

  first() { return Math.min(...this.rows.keys()); }

  atEnd() { return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR; }

  toEnd(smooth = false) { this.scroll.scrollTo({ top: this.scroll.scrollHeight, behavior: smooth ? "smooth" : "instant" }); }

  // To the end; of a last message that is taller than the screen, to its beginning.
  toLast() {
    const last = [...this.log.querySelectorAll(".message")].pop();
    if (last && last.offsetHeight > this.scroll.clientHeight - TOP) this.scroll.scrollTop += last.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top - TOP;
    else this.toEnd();
  }

  lastOwn() {
    const ids = [...this.rows.keys()].sort((a, b) => b - a);
    return this.rows.get(ids.find((id) => this.rows.get(id).from !== "bot" && !this.rows.get(id).file));
  }

  // Returns true where the message is new to the page.
  put(row, fresh) {
    const known = this.nodes.get(row.message_id);
    if (row.deleted) {
      if (known) this.remove(row.message_id, known);
      return false;
    }
    const node = this.bubble(row);
    this.rows.set(row.message_id, row);
    this.nodes.set(row.message_id, node);
    if (known) {
      known.replaceWith(node);
    } else {
      if (fresh) node.classList.add("fresh");
      this.place(node, row);
    }
    return !known;
  }

  remove(id, node) {
    const section = node.parentElement;
    this.rows.delete(id);
    this.nodes.delete(id);
    node.remove();
    if (section && !section.querySelector(".message")) section.remove();
  }

  section(ms) {
    const key = dayKey(ms);
    const sections = [...this.log.children];
    const found = sections.find((one) => one.dataset.day === key);
    if (found) return found;
    const made = element("section", "day");
    made.dataset.day = key;
    made.dataset.ms = ms;
    const title = element("h2", "", dayName(ms));
    made.append(title);
    const after = sections.find((one) => Number(one.dataset.ms) > ms);
    this.log.insertBefore(made, after || null);
    return made;
  }

  place(node, row) {
    const section = this.section(row.date_ms);
    let before = section.lastElementChild;
    while (before && Number(before.dataset.id || 0) > row.message_id) before = before.previousElementSibling;
    before.after(node);
  }

  read(before) {
    if (before === this.readBefore) return;
    this.readBefore = before;
    for (const [id, node] of this.nodes) {
      const ticks = node.querySelector(".ticks");
      if (ticks) this.tick(ticks, id);
    }
  }

  tick(ticks, id) {
    const seen = id < this.readBefore;
    ticks.textContent = seen ? "✓✓" : "✓";
    ticks.title = seen ? words.read : words.sent;
  }

  bubble(row) {
    const own = row.from !== "bot";
    const node = element("article", `message ${own ? "own" : "bot"}`);
    node.dataset.id = row.message_id;
    const body = element("div", "bubble");
    node.append(body);
    if (own && row.sender_name) body.append(element("div", "sender", row.sender_name));
    if (row.forward_origin) body.append(element("div", "forwarded", `${words.forwarded} ${this.origin(row.forward_origin)}`));
    if (row.reply_to) body.append(this.quote(row.reply_to));
    if (row.file) body.append(this.file(row.file));
    if (row.text) body.append(rich(row.text, row.entities, this.act.command));
    body.append(this.foot(row, own));
    if (row.buttons.length) node.append(this.buttons(row));
    node.append(this.tools(row, own));
    return node;
  }

  origin(origin) {
    const chat = origin.chat && origin.chat.title;
    return origin.sender_user_name || (origin.sender_user && origin.sender_user.first_name) || chat || "";
  }

  quote(id) {
    const row = this.rows.get(id);
    const node = element("button", "quote", row ? (row.text || row.file.name) : words.deletedMessage);
    node.type = "button";
    node.addEventListener("click", () => {
      const target = this.nodes.get(id);
      if (!target) return;
      target.scrollIntoView({ block: "center", behavior: "smooth" });
      target.classList.add("flash");
      setTimeout(() => target.classList.remove("flash"), 1200);
    });
    return node;
  }

  file(file) {
    const node = element("a", file.photo ? "photo" : "document");
    node.href = file.url;
    node.target = "_blank";
    node.rel = "noopener";
    if (file.photo) {
      const image = element("img");
      image.src = file.url;
      image.alt = file.name || words.photo;
      image.addEventListener("load", () => this.act.grown(), { once: true });
      node.append(image);
      return node;
    }
    node.download = file.name;
    const sheet = element("span", "sheet-icon", (file.name.includes(".") ? file.name.split(".").pop() : "").slice(0, 4));
    sheet.setAttribute("aria-hidden", "true");
    const about = element("span", "about");
    about.append(element("b", "", file.name), element("small", "", fileSize(file.size)));
    node.append(sheet, about);
    return node;
  }

  foot(row, own) {
    const foot = element("div", "foot");
    if (row.edited) foot.append(element("span", "edited", words.edited));
    foot.append(stamp(row.date_ms));
    if (own) {
      const ticks = element("span", "ticks");
      ticks.setAttribute("role", "img");
      this.tick(ticks, row.message_id);
      foot.append(ticks);
    }
    return foot;
  }

  buttons(row) {
    const grid = element("div", "buttons");
    for (const line of row.buttons) {
      const flow = element("div", "line");
      for (const one of line) flow.append(this.button(row, one));
      grid.append(flow);
    }
    return grid;
  }

  button(row, one) {
    if (one.url) {
      const node = element("a", "key", one.text);
      link(node, one.url);
      node.append(element("span", "corner", "↗"));
      node.title = words.opens;
      return node;
    }
    const node = element("button", "key", one.text);
    node.type = "button";
    node.addEventListener("click", () => (one.copy !== undefined ? this.act.copy(one.copy) : this.act.press(row, one, node)));
    return node;
  }

  tools(row, own) {
    const tools = element("div", "tools");
    const add = (sign, label, action) => {
      const node = element("button", "", sign);
      node.type = "button";
      node.title = label;
      node.setAttribute("aria-label", label);
      node.addEventListener("click", () => action(row));
      tools.append(node);
    };
    add("↩", words.reply, this.act.reply);
    if (own && !row.file) add("✎", words.edit, this.act.edit);
    return tools;
  }

  // A message on its way: it becomes a real one, or offers to be sent again.
  pending(text, retry) {
    const node = element("article", "message own pending fresh");
    const body = element("div", "bubble");
    const foot = element("div", "foot");
    const ticks = element("span", "ticks", "◷");
    ticks.title = words.sending;
    foot.append(stamp(Date.now()), ticks);
    body.append(rich(text, [], () => {}), foot);
    node.append(body);
    this.section(Date.now()).append(node);
    return {
      node,
      text,
      done: () => { const section = node.parentElement; node.remove(); if (section && !section.querySelector(".message")) section.remove(); },
      fail: () => {
        node.classList.add("failed");
        const again = element("button", "again", words.failed);
        again.type = "button";
        again.addEventListener("click", () => { node.remove(); retry(); });
        body.append(again);
      },
    };
  }
}
