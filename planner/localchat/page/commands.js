// The bot's commands: all of them at the "/" button, those that fit while one is typed.
import { element } from "./text.js";

export class Commands {
  constructor(sheet, menu, text, onPick) {
    this.sheet = sheet;
    this.menu = menu;
    this.text = text;
    this.onPick = onPick;
    this.all = [];
    this.shown = [];
    this.at = -1;
    menu.addEventListener("click", () => { if (sheet.hidden) this.open(this.all); else this.close(); text.focus(); });
    document.addEventListener("click", (event) => { if (!sheet.contains(event.target) && !menu.contains(event.target)) this.close(); });
  }

  learn(commands) {
    this.all = commands;
    this.menu.hidden = !commands.length;
  }

  typed() {
    const match = /^\/(\w*)$/.exec(this.text.value);
    if (match) this.open(this.all.filter((one) => one.command.startsWith(match[1].toLowerCase()))); else this.close();
  }

  open(commands) {
    if (!commands.length) { this.close(); return; }
    this.shown = commands;
    this.at = -1;
    this.sheet.replaceChildren(...commands.map((one, index) => {
      const node = element("button", "row");
      node.type = "button";
      node.tabIndex = -1;
      node.id = `command-${index}`;
      node.setAttribute("role", "option");
      node.append(element("b", "", `/${one.command}`), element("span", "", one.description));
      node.addEventListener("click", () => this.pick(index));
      return node;
    }));
    this.sheet.hidden = false;
    this.sheet.scrollTop = 0;
    this.menu.setAttribute("aria-expanded", "true");
  }

  close() {
    this.sheet.hidden = true;
    this.at = -1;
    this.text.removeAttribute("aria-activedescendant");
    this.menu.setAttribute("aria-expanded", "false");
  }

  pick(index) {
    const command = `/${this.shown[index].command}`;
    this.close();
    this.onPick(command);
  }

  // Returns true where the key was for the list.
  key(event) {
    if (this.sheet.hidden) return false;
    if (event.key === "Escape") { this.close(); return true; }
    if (event.key === "Enter" && this.at >= 0 && !event.shiftKey) { this.pick(this.at); return true; }
    if (event.key === "Tab" && !event.shiftKey) { this.text.value = `/${this.shown[Math.max(this.at, 0)].command} `; this.close(); return true; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return false;
    const count = this.shown.length;
    this.at = event.key === "ArrowDown" ? (this.at + 1) % count : (this.at <= 0 ? count : this.at) - 1;
    [...this.sheet.children].forEach((node, index) => {
      node.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) { node.scrollIntoView({ block: "nearest" }); this.text.setAttribute("aria-activedescendant", node.id); }
    });
    return true;
  }
}
