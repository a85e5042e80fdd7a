// <app-dato>: a text field for a date, read as people write it and shown as 24.11.2026, with a calendar
// (cally, fetched when somebody reaches for it). Loaded as a module by the field itself. The markup and all
// words are in templates/django/forms/widgets/dato.html. Other scripts ask the element for `iso`, and set it.

// As nettverk/side/dato.py reads them.
const YEAR = "([0-9]{4}|[0-9]{2})";
const BETWEEN = "(?:\\s*[.,/-]\\s*|\\s+)";
const ISO = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/;
const FORMS = [
  new RegExp(`^([0-9]{1,2})${BETWEEN}([0-9]{1,2})${BETWEEN}${YEAR}$`),
  new RegExp(`^([0-9]{2})([0-9]{2})${YEAR}$`),
  new RegExp(`^([0-9]{1,2})\\.?\\s*([a-z]{3,})\\.?\\s*${YEAR}$`),
];
const MONTHS = [
  ["januar", "january"], ["februar", "february"], ["mars", "march"], ["april"], ["mai", "may"],
  ["juni", "june"], ["juli", "july"], ["august"], ["september"], ["oktober", "october"], ["november"],
  ["desember", "december"],
];

const two = (number) => String(number).padStart(2, "0");
const isoOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** The date as 2026-11-24, or "" when what was written is none. */
function read(text) {
  const written = text.trim().toLowerCase();
  const iso = written.match(ISO);
  const found = iso ? [iso[3], iso[2], iso[1]] : FORMS.map((form) => written.match(form)).find(Boolean)?.slice(1);
  if (!found) return "";
  const [day, word] = [Number(found[0]), found[1]];
  const named = MONTHS.findIndex((names) => names.some((name) => name.startsWith(word))) + 1;
  const month = /^[0-9]/.test(word) ? Number(word) : named;
  let year = Number(found[2]);
  if (found[2].length === 2) year += year < 69 ? 2000 : 1900;
  const date = new Date(2000, 0, 1, 12);
  date.setFullYear(year, month - 1, day);
  return date.getMonth() === month - 1 && date.getDate() === day ? `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}` : "";
}

/** What somebody writes and does not mean as a date stays as it is, for the server to answer. */
function shown(iso) {
  return iso.split("-").reverse().join(".");
}

// Chromium has no names in nynorsk and would write them in English.
const locale = document.documentElement.lang === "en" ? "en-GB" : "nb";

class Dato extends HTMLElement {
  connectedCallback() {
    const template = this.querySelector("template");
    this.field = this.querySelector("input");
    if (!template || this.open || !("popover" in this)) return;
    this.append(template.content.cloneNode(true));
    [this.open, this.surface] = [this.querySelector("button"), this.querySelector("[popover]")];
    this.calendar = this.surface.querySelector("calendar-date");
    this.calendar.setAttribute("locale", locale);
    this.open.popoverTargetElement = this.surface;
    this.open.disabled = this.field.disabled;
    // In a point in time the two small labels are «Dato» and «Klokkeslett»: the legend says of what.
    const owner = this.closest(".app-tidspunkt")?.closest("fieldset")?.querySelector("legend") ?? this.field.labels[0];
    const label = owner?.firstChild?.textContent.trim();
    if (label) this.open.ariaLabel += `: ${label}`;

    for (const name of ["pointerenter", "focus"]) this.open.addEventListener(name, () => this.load(), { once: true });
    this.surface.addEventListener("toggle", (event) => event.newState === "open" && this.show());
    this.calendar.addEventListener("change", () => this.choose(this.calendar.value));
    this.surface.querySelector("[data-idag]").addEventListener("click", () => this.choose(isoOf(new Date())));
    this.surface.querySelector("[data-lukk]").addEventListener("click", () => this.surface.hidePopover());
    // Before anybody else hears of the change: they see the date as it is shown.
    this.addEventListener("change", (event) => event.target === this.field && (this.iso = this.iso), true);
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || !event.altKey) return;
      event.preventDefault();
      this.surface.showPopover({ source: this.open });
    });
  }

  get iso() {
    return read(this.field.value);
  }

  set iso(date) {
    if (date) this.field.value = shown(date);
  }

  load() {
    return import(this.dataset.kalender);
  }

  async show() {
    await this.load();
    this.calendar.hidden = false;
    const day = this.iso;
    Object.assign(this.calendar, { value: day, focusedDate: day || isoOf(new Date()) });
    // Drawn a frame after the next: first the calendar, then the month in it.
    const frame = () => new Promise((drawn) => setTimeout(drawn, 20));
    const month = this.calendar.querySelector("calendar-month");
    for (let tries = 0; tries < 50 && !month.shadowRoot?.querySelector("button[tabindex='0']"); tries++) await frame();
    await frame();
    // The heading over the week numbers comes without its scope.
    month.shadowRoot.querySelector("thead th").setAttribute("scope", "col");
    if (this.surface.matches(":popover-open")) this.calendar.focus();
  }

  choose(date) {
    this.iso = date;
    this.surface.hidePopover();
    for (const name of ["input", "change"]) this.field.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

if (!customElements.get("app-dato")) customElements.define("app-dato", Dato);
