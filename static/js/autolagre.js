// Forms that save themselves: <form data-autolagre id="…" action="…" method="post">.
//
// While the person writes, the form is posted to its own action with the header X-Autolagre: 1, and the
// answer is JSON: {status: "lagret" | "konflikt" | "feil" | "slutt", versjon, lagret: "kl. 09.30", html?, feil?, slutt?}. «feil» with a
// versjon: all but what is wrong is saved. What is wrong is told of at its field.
// Until the server has said "lagret", a copy lies in this browser, per person and form, so that a
// closed lid, a lost network or an expired session loses nothing. With data-autolagre="kopi" the copy is all there
// is until the person submits. Only the same person can read it. Words come from the template
// (components/lagrestatus.html). `html` of a conflict goes into [data-autolagre-konflikt].

const PREFIX = "kladd:";
const PLAIN = "autolagre:"; // as the copies once lay here: readable
const SENT = "autolagre-sendt";
const WAIT = 800; // ms after the last key
const RETRY_FIRST = 2000;
const RETRY_MAX = 60000;
const KEEP_DAYS = 30;
const IGNORED = new Set(["csrfmiddlewaretoken", "versjon"]);

// The page's other scripts have run by then: what makes room for what comes back is listening.
const ready = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  for (const event of ["DOMContentLoaded", "load"]) addEventListener(event, resolve, { once: true });
});

const signInPath = document.body.dataset.innlogging;
const person = document.body.dataset.person || "";

// --- the copies: encrypted (AES-GCM) with a key that comes with the page, to the person it is for, and is
// kept nowhere. Where the browser has no encryption (plain http), no copy lies here at all.

const bytes = (base64) => Uint8Array.from(atob(base64), (tegn) => tegn.charCodeAt(0));
const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(""));
const secret = document.body.dataset.kladdnoekkel || "";
delete document.body.dataset.kladdnoekkel;
const cipher =
  secret && window.crypto?.subtle
    ? crypto.subtle.importKey("raw", bytes(secret), "AES-GCM", false, ["encrypt", "decrypt"])
    : null;

/** The name a copy lies under: it tells the next one at the machine neither who wrote, nor where. */
async function hidden(name) {
  if (!cipher) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${secret}:${name}`));
  return PREFIX + base64(digest);
}

const storage = {
  async get(key) {
    try {
      const { iv, data } = JSON.parse(localStorage.getItem(key));
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, await cipher, bytes(data));
      return JSON.parse(new TextDecoder().decode(open));
    } catch {
      return null; // none, or not this person's
    }
  },
  async set(key, value) {
    if (!cipher) return;
    try {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const text = new TextEncoder().encode(JSON.stringify(value));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await cipher, text);
      localStorage.setItem(key, JSON.stringify({ tid: value.tid, iv: base64(iv), data: base64(data) }));
    } catch {
      // Private browsing or a full disk: saving to the server still works.
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // As above.
    }
  },
};

const csrfToken = (form) =>
  // The cookie first: it is renewed when the person signs in again in another tab.
  document.cookie.match(/(?:^|;\s*)(?:__Secure-|__Host-)?csrftoken=([^;]+)/)?.[1] ||
  form.elements.csrfmiddlewaretoken?.value ||
  "";

const nameOf = (form) => `${person}:${new URL(form.action, location.href).pathname}#${form.id}`;

/** What the person has written, as [name, value] pairs; files are not text. */
function entriesOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !IGNORED.has(name) && typeof value === "string");
}

/** Puts `entries` in the fields. Where the person has begun to write meanwhile, both stand. */
function fill(form, entries, before) {
  const written = new Map(before);
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) || []), value]);
  // A form whose fields come as they are needed makes room first (static/js/logg.js).
  form.dispatchEvent(new CustomEvent("autolagre:fyll", { detail: entries }));
  for (const field of form.elements) {
    if (!field.name || IGNORED.has(field.name)) continue;
    if (["file", "submit", "button", "reset"].includes(field.type)) continue;
    const wanted = values.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = wanted.includes(field.value);
    else if (field.type === "select-multiple") {
      for (const option of field.options) option.selected = wanted.includes(option.value);
    } else if (values.has(field.name)) {
      const kept = wanted.shift() ?? "";
      const typed = field.value;
      const untouched = typed === (written.get(field.name) ?? "") || typed === kept;
      field.value = untouched || field.tagName !== "TEXTAREA" ? kept : `${kept}\n\n${typed}`;
    }
  }
  form.dispatchEvent(new CustomEvent("autolagre:fylt"));
}

const described = (field) => (field.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);

function describe(field, ids) {
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** What is wrong, at its field, as the page itself shows it after a submit. */
function showErrors(form, errors) {
  for (const field of form.elements) {
    if (!field.id || !field.name) continue;
    const place = document.getElementById(`${field.id}_error`);
    const words = errors[field.name];
    if (words?.length) showError(field, place, words);
    else if (place?.matches("[data-autolagre-feil]")) {
      describe(field, described(field).filter((id) => id !== place.id));
      field.removeAttribute("aria-invalid");
      place.remove();
    }
  }
}

function showError(field, before, words) {
  // Whoever is in the midst of writing it is told at the field when they leave it.
  if (!before && field === document.activeElement) return;
  const place = before || document.createElement("div");
  if (!before) {
    place.dataset.field = "validation";
    place.id = `${field.id}_error`;
    (field.closest(".ds-field") || field.parentElement).append(place);
    describe(field, [...described(field), place.id]);
  }
  place.dataset.autolagreFeil = "";
  field.setAttribute("aria-invalid", "true");
  const lines = words.map((word) => {
    const line = document.createElement("p");
    line.className = "ds-validation-message";
    line.textContent = word;
    return line;
  });
  place.replaceChildren(...lines);
}

class AutoSave {
  constructor(form) {
    this.form = form;
    this.key = hidden(nameOf(form)); // a promise
    this.copying = Promise.resolve(); // what is written here, in order
    this.copy = null; // the newest that waits to be written
    this.turn = 0; // counts what is asked for, so that a late removal takes nothing newer
    this.status = form.querySelector("[data-autolagre-status]") ||
      document.querySelector(`[data-autolagre-status="${form.id}"]`);
    this.saved = JSON.stringify(entriesOf(form));
    this.delay = RETRY_FIRST;
    this.timer = 0;
    this.onlyCopy = form.dataset.autolagre === "kopi";
    this.busy = false;
    this.stopped = false; // a conflict: the person must choose first
    this.leaving = false; // the form is being submitted in the ordinary way
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("focusout", () => this.saveSoon(0));
    form.addEventListener("submit", () => this.submitted());
    this.restore();
  }

  get dirty() {
    return JSON.stringify(entriesOf(this.form)) !== this.saved;
  }

  changed() {
    this.leaving = false;
    if (!this.dirty) return;
    this.keepCopy();
    this.saveSoon(WAIT);
  }

  keepCopy() {
    const waits = this.copy !== null;
    this.turn += 1;
    this.copy = {
      tid: Date.now(),
      versjon: this.form.elements.versjon?.value ?? "",
      felt: entriesOf(this.form),
    };
    if (waits) return;
    this.copying = this.copying.then(async () => {
      const copy = this.copy;
      this.copy = null;
      if (copy) await storage.set(await this.key, copy);
    });
  }

  dropCopy() {
    this.copy = null;
    this.turn += 1;
    const { turn } = this;
    this.copying = this.copying.then(async () => {
      const key = await this.key;
      if (this.turn === turn) storage.remove(key);
    });
  }

  /** Text that the server never confirmed comes back, and is saved. */
  restore() {
    if (this.form.querySelector("[data-feiloppsummering]")) {
      // What stands in the fields was refused when submitted: it is not saved anywhere yet.
      this.saved = "";
      this.keepCopy();
      return;
    }
    const before = entriesOf(this.form);
    // First in the row: a copy of what is written now waits until the old one is read.
    this.copying = this.copying.then(async () => {
      const copy = (await this.plainCopy()) || (await storage.get(await this.key));
      await ready;
      if (copy) this.bringBack(copy, before);
    });
  }

  /** A copy from when they lay readable: read once, and from then on encrypted. */
  async plainCopy() {
    const name = PLAIN + nameOf(this.form);
    const text = person && localStorage.getItem(name);
    if (!text) return null;
    const copy = JSON.parse(text);
    await storage.set(await this.key, copy);
    storage.remove(name);
    return copy;
  }

  bringBack(copy, before) {
    if (JSON.stringify(copy.felt) === this.saved) {
      this.dropCopy();
      return;
    }
    fill(this.form, copy.felt, before);
    // The version the text was written on: if somebody has saved since, the server tells of a conflict.
    if (this.form.elements.versjon && copy.versjon) this.form.elements.versjon.value = copy.versjon;
    this.keepCopy();
    this.tell("gjenopprettet");
    this.saveSoon(WAIT);
  }

  submitted() {
    clearTimeout(this.timer);
    this.leaving = true;
    if (this.dirty) this.keepCopy();
    this.key.then((key) => {
      if (key) sessionStorage.setItem(SENT, JSON.stringify({ key, fra: location.pathname }));
    });
    setTimeout(() => (this.leaving = false), 10000); // the submit may have been stopped
  }

  saveSoon(delay) {
    if (this.stopped || this.leaving) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), delay);
  }

  async save({ keepalive = false } = {}) {
    clearTimeout(this.timer);
    if (this.onlyCopy || this.stopped || this.leaving || this.busy || !this.form.isConnected || !this.dirty) return;
    this.busy = true;
    const sent = JSON.stringify(entriesOf(this.form));
    const body = new FormData(this.form);
    for (const field of this.form.querySelectorAll("input[type=file]")) body.delete(field.name);
    // What waits says so until it is saved: the link to sign in is not taken away under a finger.
    if (!["venter", "utlogget"].includes(this.status?.dataset.tilstand)) this.tell("lagrer");
    try {
      const response = await fetch(this.form.action, {
        method: "POST",
        body,
        keepalive,
        credentials: "same-origin",
        headers: { "X-CSRFToken": csrfToken(this.form), "X-Autolagre": "1", Accept: "application/json" },
      });
      await this.answered(response, sent);
    } catch {
      this.again("venter");
    } finally {
      this.busy = false;
    }
    // What was written while it was on its way, also when the answer was that something must be mended.
    const told = ["lagret", "feil", "delvis"].includes(this.status?.dataset.tilstand);
    if (told && this.dirty && JSON.stringify(entriesOf(this.form)) !== sent) this.saveSoon(WAIT);
  }

  async answered(response, sent) {
    const path = new URL(response.url || location.href, location.href).pathname;
    if (response.status === 401 || (signInPath && path.startsWith(signInPath))) {
      this.again("utlogget");
      return;
    }
    if (!(response.headers.get("content-type") || "").includes("json")) {
      this.again("venter");
      return;
    }
    const answer = await response.json();
    showErrors(this.form, answer.feil || {});
    if (answer.status === "lagret") {
      this.saved = sent;
      this.delay = RETRY_FIRST;
      if (this.form.elements.versjon && answer.versjon !== undefined) {
        this.form.elements.versjon.value = answer.versjon;
      }
      if (this.dirty) this.keepCopy();
      else this.dropCopy();
      this.tell("lagret", answer.lagret);
    } else if (answer.status === "konflikt") {
      this.stopped = true;
      const place = this.form.querySelector("[data-autolagre-konflikt]");
      if (place && answer.html) {
        place.innerHTML = answer.html;
        window.htmx?.process(place);
      }
      this.tell("konflikt");
    } else if (answer.status === "slutt" || answer.slutt) {
      // The Verv that opened this has ended, what is written in has been closed (delivered, withdrawn), or the
      // network no longer uses this part: trying again is no use. The copy stays in this browser.
      this.stopped = true;
      this.tell("slutt", answer.tekst || Object.values(answer.feil).flat()[0]);
    } else {
      // Something must be mended; the rest may be saved, and has its version then.
      if (this.form.elements.versjon && answer.versjon) {
        this.form.elements.versjon.value = answer.versjon;
        this.keepCopy();
      }
      const first = Object.values(answer.feil || {}).flat()[0];
      this.tell("feil", first, answer.versjon ? "delvis" : "feil");
    }
  }

  again(state) {
    this.tell(state);
    this.saveSoonAfterFailure();
  }

  saveSoonAfterFailure() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.delay);
    this.delay = Math.min(this.delay * 2, RETRY_MAX);
  }

  /** `said`: by which of the status line's own words, when not those of the state. */
  tell(state, more = "", said = state) {
    if (!this.status) return;
    const { status } = this;
    const words = [status.dataset[said] || "", more].filter(Boolean).join(" ");
    if (status.dataset.tilstand === state && status.dataset.sagt === words) return;
    status.dataset.tilstand = state;
    status.dataset.sagt = words;
    const text = document.createElement("span");
    text.textContent = words;
    status.replaceChildren(text);
    if (state === "utlogget" && signInPath) {
      const link = document.createElement("a");
      link.className = "ds-link";
      link.href = `${signInPath}?next=${encodeURIComponent(location.pathname + location.search)}`;
      link.textContent = status.dataset.loggInn || "";
      status.append(link);
    }
    if (state === "slutt") status.append(this.copyButton());
  }

  /** What is written here, to take along: the page is no longer this person's. */
  copyButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button";
    button.dataset.variant = "secondary";
    button.dataset.size = "sm";
    button.textContent = this.status.dataset.kopier;
    button.addEventListener("click", async () => {
      const areas = [...this.form.querySelectorAll("textarea")];
      try {
        await navigator.clipboard.writeText(areas.map((area) => area.value).filter(Boolean).join("\n\n"));
        button.textContent = this.status.dataset.kopiert;
      } catch {
        areas[0]?.select(); // the person copies with the keyboard
      }
    });
    return button;
  }
}

const active = new Set();

function start(root) {
  const forms = [...(root.querySelectorAll?.("form[data-autolagre]") || [])];
  if (root.matches?.("form[data-autolagre]")) forms.push(root);
  for (const form of forms) {
    if (form.dataset.autolagreStartet) continue;
    form.dataset.autolagreStartet = "1";
    active.add(new AutoSave(form));
  }
}

function living() {
  for (const saver of active) if (!saver.form.isConnected) active.delete(saver);
  return [...active];
}

/**
 * The page after an ordinary submit: forget the copy when this page proves that the text arrived. It does
 * when the form's own page led straight here, somebody is signed in, and it is neither the same form
 * again nor a page of errors. A way round by sign-in proves nothing: the copy stays.
 */
async function forgetSubmitted() {
  const sent = JSON.parse(sessionStorage.getItem(SENT) || "null");
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const cameFrom = document.referrer ? new URL(document.referrer).pathname : "";
  if (!person || cameFrom !== sent.fra || (signInPath && location.pathname.startsWith(signInPath))) return;
  const forms = [...document.querySelectorAll("form[data-autolagre]")];
  const here = await Promise.all(forms.map((form) => hidden(nameOf(form))));
  const failed = document.querySelector(".app-feilside");
  if (!here.includes(sent.key) && !failed) storage.remove(sent.key);
}

function forgetOld() {
  const limit = Date.now() - KEEP_DAYS * 24 * 3600 * 1000;
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith(PREFIX) && !key.startsWith(PLAIN)) continue;
    let tid = 0;
    try {
      tid = JSON.parse(localStorage.getItem(key)).tid ?? 0;
    } catch {
      // Not ours to read: as old as can be.
    }
    if (tid < limit) storage.remove(key);
  }
}

try {
  forgetOld();
  forgetSubmitted().catch(() => {});
} catch {
  // No storage in this browser.
}
start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const saver of living()) saver.save({ keepalive: true });
});
addEventListener("online", () => {
  for (const saver of living()) saver.save();
});
addEventListener("beforeunload", (event) => {
  // Signed out, or the Verv has ended: the text lies in this browser, and the way on is beside it.
  const safe = ["utlogget", "slutt"];
  const kept = (saver) => safe.includes(saver.status?.dataset.tilstand) || (saver.onlyCopy && cipher);
  const atRisk = (saver) => saver.dirty && !saver.leaving && !kept(saver);
  if (living().some(atRisk)) event.preventDefault();
});
