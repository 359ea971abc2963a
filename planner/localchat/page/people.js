// Who writes: every private chat has one person, and a page can switch between them to play several.
import { element } from "./text.js";
import { language, locale, words } from "./words.js";

const KEY = "planner.people";
const COLOURS = 6;

export class People {
  constructor(button, sheet, onSwitch) {
    this.button = button;
    this.sheet = sheet;
    this.onSwitch = onSwitch;
    this.known = new Map();
    this.seen = {};
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
      for (const person of kept.people || []) this.known.set(person.id, person);
      this.seen = kept.seen || {};
    } catch { /* a broken note is no reason not to chat */ }
    this.chats = [];
    button.addEventListener("click", () => this.toggle(sheet.hidden));
    document.addEventListener("click", (event) => {
      if (!sheet.hidden && !sheet.contains(event.target) && !button.contains(event.target)) this.toggle(false);
    });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !sheet.hidden) { this.toggle(false); button.focus(); } });
    addEventListener("hashchange", () => this.follow());
    this.chat = this.fromAddress();
  }

  fromAddress() {
    const id = Number(location.hash.slice(1));
    return Number.isSafeInteger(id) && id !== 0 ? id : 1;
  }

  follow() {
    const chat = this.fromAddress();
    if (chat !== this.chat) { this.chat = chat; this.onSwitch(); this.draw(); }
  }

  // The person as the Bot API's `from`; in a group, the first person.
  person() {
    const id = this.chat > 0 ? this.chat : 1;
    return this.known.get(id) || { id, first_name: id === 1 ? words.me : `${words.me} ${id}`, language_code: locale };
  }

  nameOf(id) { const person = this.known.get(id); return person ? person.first_name : String(id); }

  learn(chats) {
    this.chats = chats;
    for (const one of chats) if (one.user) this.known.set(one.chat_id, { ...this.known.get(one.chat_id), ...one.user });
    this.draw();
  }

  saw(seq) {
    if ((this.seen[this.chat] || 0) >= seq) return;
    this.seen[this.chat] = seq;
    this.keep();
  }

  keep() {
    try { localStorage.setItem(KEY, JSON.stringify({ people: [...this.known.values()], seen: this.seen })); } catch { /* private mode */ }
  }

  face(id, name) {
    const node = element("span", `initial colour${Math.abs(id) % COLOURS}`, [...name][0] || "?");
    node.setAttribute("aria-hidden", "true");
    return node;
  }

  toggle(open) {
    this.sheet.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) { this.drawSheet(); (this.sheet.querySelector("[aria-current]") || this.sheet.querySelector("button")).focus(); }
  }

  news() { return this.chats.some((one) => one.chat_id !== this.chat && one.seq > (this.seen[one.chat_id] || 0)); }

  draw() {
    const name = this.chat > 0 ? this.person().first_name : this.titleOf(this.chat);
    const drawn = `${this.chat} ${name} ${this.news()}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.button.replaceChildren(this.face(this.chat, name), element("span", "name", name));
    this.button.classList.toggle("news", this.news());
    this.button.setAttribute("aria-label", `${words.switchTo} ${name}`);
    this.button.title = `${words.switchTo} ${name}`;
  }

  titleOf(chat) { const line = this.chats.find((one) => one.chat_id === chat); return (line && line.title) || `#${chat}`; }

  drawSheet() {
    const list = element("div", "list");
    const ids = [...new Set([this.chat, ...this.chats.map((one) => one.chat_id), ...this.known.keys()])].sort((a, b) => a - b);
    for (const id of ids) list.append(this.line(id));
    this.sheet.replaceChildren(element("h2", "", words.people), list, this.form(Math.max(0, ...ids) + 1));
  }

  line(id) {
    const here = id === this.chat;
    const name = id > 0 ? (here ? this.person().first_name : this.nameOf(id)) : this.titleOf(id);
    const node = element("button", "row");
    node.type = "button";
    if (here) node.setAttribute("aria-current", "true");
    node.append(this.face(id, name), element("span", "name", name), element("small", "", `${(this.known.get(id) || {}).language_code || ""} #${id}`.trim()));
    const line = this.chats.find((one) => one.chat_id === id);
    if (!here && line && line.seq > (this.seen[id] || 0)) node.append(element("span", "dot", words.unread));
    node.addEventListener("click", () => { this.toggle(false); location.hash = `#${id}`; });
    return node;
  }

  form(id) {
    const form = element("form", "new");
    const name = element("input");
    name.placeholder = words.name;
    name.setAttribute("aria-label", words.name);
    name.maxLength = 64;
    name.required = true;
    const choice = element("select");
    choice.setAttribute("aria-label", words.language);
    for (const code of new Set([language, "en", "ru", "de", "es", "fr", "it", "pt"])) {
      const option = element("option", "", new Intl.DisplayNames(document.documentElement.lang, { type: "language" }).of(code) || code);
      option.value = code;
      choice.append(option);
    }
    const submit = element("button", "main", words.create);
    form.append(element("h3", "", words.add), name, choice, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.known.set(id, { id, first_name: name.value.trim() || String(id), language_code: choice.value });
      this.keep();
      this.toggle(false);
      location.hash = `#${id}`;
    });
    return form;
  }
}
