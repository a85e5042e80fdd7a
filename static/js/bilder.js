// Files in an entry: [data-filer] (templates/rolu/_loggpost_filer.html). Each file is sent by itself, so that one
// that fails leaves the others; what is too large or of another kind is told before anything is sent. The rows are
// drawn by the server. All words come from the template.

const ALONE = { 401: "utlogget", 403: "utlogget" };
const HEIC = /\.(heic|heif|hif)$/i;
const MB = 1024 * 1024;
const PROPOSED = 180; // characters, as the server cuts a sentence
const SENTENCE = /(?<=[.!?])\s+(?=[A-ZÆØÅ«–-])/;

const ending = (name) => (name.match(/\.[^.]+$/)?.[0] || "").toLowerCase();

class Files {
  constructor(place) {
    this.place = place;
    this.words = place.dataset;
    this.list = place.querySelector("[data-filliste]");
    this.form = place.closest("form");
    this.queue = [];
    this.failed = new Set(); // waits for the network
    this.sending = null;
    this.leave = null; // «Ferdig» was pressed while something was on its way
    for (const button of place.querySelectorAll("[data-velg]")) {
      const source = place.querySelector(`[data-kilde="${button.dataset.velg}"]`);
      button.addEventListener("click", () => source.click());
      source.addEventListener("change", () => {
        const chosen = [...source.files];
        source.value = "";
        this.add(chosen);
      });
    }
    this.list.addEventListener("click", (event) => this.clicked(event));
    this.list.addEventListener("change", (event) => this.changed(event));
    this.list.addEventListener("keydown", (event) => {
      // Enter here is not «Ferdig».
      if (event.key === "Enter" && event.target.matches("input")) {
        event.preventDefault();
        event.target.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    addEventListener("online", () => this.again());
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
    // Before those that save the text: they must not think that the person has left.
    document.addEventListener("submit", (event) => this.submitted(event), { capture: true });
  }

  get busy() {
    return Boolean(this.sending || this.queue.length || this.failed.size);
  }

  say(words) {
    this.place.querySelector("[data-filstatus]").textContent = words;
  }

  tell(key, values = {}) {
    return Object.entries(values).reduce(
      (text, [name, value]) => text.replaceAll(`{${name}}`, value),
      this.words[key] || "",
    );
  }

  /** Why a file cannot be sent; "" when it can. */
  wrong(file) {
    const kind = ending(file.name);
    const films = this.words.filmTyper.split(",");
    if (HEIC.test(file.name)) return this.tell("heic", { navn: file.name });
    if (!this.words.alleTyper.split(",").includes(kind)) return this.tell("annenType", { navn: file.name });
    if (!file.size) return this.tell("tom", { navn: file.name });
    const limit = Number(films.includes(kind) ? this.words.filmMaks : this.words.maks);
    if (file.size <= limit) return "";
    const values = { navn: file.name, stor: Math.ceil(file.size / MB), maks: Math.floor(limit / MB) };
    return this.tell("forStor", values);
  }

  add(files) {
    for (const file of files) {
      const item = { file, row: this.draw(file) };
      this.list.append(item.row);
      const why = this.wrong(file);
      if (why) this.stop(item, why, { again: false });
      else this.queue.push(item);
    }
    this.next();
  }

  /** The row of a file that is not kept yet. */
  draw(file) {
    const row = document.createElement("li");
    row.className = "app-fil";
    const text = document.createElement("div");
    text.className = "app-fil__tekst";
    const name = document.createElement("strong");
    name.textContent = file.name;
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const state = document.createElement("p");
    state.className = "app-dempet app-smatt";
    state.textContent = this.words.venter;
    const wrong = document.createElement("p");
    wrong.className = "app-fil__feil";
    wrong.setAttribute("role", "alert");
    text.append(name, bar, state, wrong);
    const cancel = document.createElement("button");
    cancel.type = "button";
    cancel.className = "ds-button";
    cancel.dataset.variant = "tertiary";
    cancel.dataset.icon = "";
    cancel.dataset.avbryt = "";
    cancel.textContent = "✕";
    cancel.setAttribute("aria-label", this.tell("avbryt", { navn: file.name }));
    cancel.addEventListener("click", () => this.cancel(row));
    row.append(text, cancel);
    return row;
  }

  cancel(row) {
    const here = (item) => item.row === row;
    this.queue = this.queue.filter((item) => !here(item));
    for (const item of this.failed) if (here(item)) this.failed.delete(item);
    if (this.sending && here(this.sending)) this.sending.request.abort();
    row.remove();
    this.place.querySelector("[data-velg]:not([hidden])")?.focus();
    this.next();
  }

  next() {
    if (this.sending) return;
    const item = this.queue.shift();
    if (item) this.send(item);
    else if (this.leave && !this.busy) {
      const { leave } = this;
      this.leave = null;
      this.form.requestSubmit(leave.button);
    }
  }

  send(item) {
    const { file, row } = item;
    const request = new XMLHttpRequest();
    const bar = row.querySelector("progress");
    const state = row.querySelector(".app-dempet");
    item.request = request;
    this.sending = item;
    const body = new FormData();
    body.append("filer", file, file.name);
    body.append("beskrivelse", file.type.startsWith("image/") ? this.proposal() : "");
    body.append("fase", this.form?.elements.fase?.value ?? "");
    request.open("POST", this.words.filer);
    for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.min(Math.floor((100 * event.loaded) / event.total), 100);
      bar.value = percent;
      state.textContent = percent < 100 ? this.tell("sender", { prosent: percent }) : this.words.gjoresKlar;
    });
    request.addEventListener("load", () => this.answered(item));
    request.addEventListener("error", () => this.lost(item));
    request.addEventListener("abort", () => this.done(item));
    request.send(body);
  }

  done(item) {
    if (this.sending === item) this.sending = null;
    this.next();
  }

  answered(item) {
    const answer = read(item.request);
    if (item.request.status === 200 && answer?.html) {
      const fresh = this.replace(item.row, answer.html);
      const same = [...this.list.querySelectorAll(`[data-fil="${fresh.dataset.fil}"]`)];
      if (same.length > 1) fresh.remove(); // it was here already
      this.say(this.tell("lagtVed", { navn: item.file.name }));
    } else {
      this.stop(item, this.why(item.request.status, answer), { again: item.request.status !== 422 });
    }
    this.done(item);
  }

  lost(item) {
    this.stop(item, this.words.nett, { again: true });
    this.failed.add(item);
    this.done(item);
  }

  why(status, answer) {
    return answer?.feil?.toString() || answer?.tekst || this.words[ALONE[status]] || this.words.feilet;
  }

  /** Not sent: why stands in the row, and where it helps a button that tries again. */
  stop(item, why, { again }) {
    const { row } = item;
    row.querySelector("progress")?.remove();
    row.querySelector(".app-dempet").textContent = "";
    row.querySelector(".app-fil__feil").textContent = why;
    if (this.leave) this.leave = null; // what went wrong is seen before one leaves
    if (!again) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ds-button";
    button.dataset.variant = "secondary";
    button.dataset.size = "sm";
    button.textContent = this.words.igjen;
    button.addEventListener("click", () => this.retry(item));
    row.querySelector(".app-fil__tekst").append(button);
  }

  retry(item) {
    this.failed.delete(item);
    const row = this.draw(item.file);
    item.row.replaceWith(row);
    item.row = row;
    this.queue.push(item);
    this.next();
  }

  again() {
    for (const item of [...this.failed]) this.retry(item);
  }

  /** The first sentence one wrote that no picture is called yet. */
  proposal() {
    const taken = new Set([...this.list.querySelectorAll("[data-beskrivelse]")].map((field) => field.value));
    const written = [...(this.form?.querySelectorAll("textarea") || [])].map((field) => field.value).join("\n");
    const lines = written.split("\n").flatMap((line) => line.trim().split(SENTENCE));
    const whole = lines.map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
    const free = whole.map((line) => (line.length > PROPOSED ? `${line.slice(0, PROPOSED)} …` : line));
    return free.find((line) => !taken.has(line)) || "";
  }

  submitted(event) {
    if (event.target !== this.form || !(this.sending || this.queue.length)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.leave = { button: event.submitter };
    this.say(this.words.gjoresKlar);
  }

  // --- what is kept already

  headers() {
    const token =
      document.cookie.match(/(?:^|;\s*)(?:__Secure-|__Host-)?csrftoken=([^;]+)/)?.[1] ||
      this.form?.elements.csrfmiddlewaretoken?.value ||
      "";
    return { "X-CSRFToken": token, "X-Autolagre": "1", Accept: "application/json" };
  }

  /** Posts to the address of an act; the row as it became, or null after saying why not. */
  async act(row, address, fields) {
    const wrong = row.querySelector(".app-fil__feil");
    wrong.textContent = "";
    try {
      const response = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: this.headers(),
        credentials: "same-origin",
      });
      const json = (response.headers.get("content-type") || "").includes("json");
      const answer = json ? await response.json() : null;
      if (response.ok && answer) return answer;
      wrong.textContent = this.why(response.status, answer);
    } catch {
      wrong.textContent = this.words.feilet;
    }
    return null;
  }

  replace(row, html) {
    const place = document.createElement("template");
    place.innerHTML = html.trim();
    const fresh = place.content.firstElementChild;
    row.replaceWith(fresh);
    return fresh;
  }

  async changed(event) {
    const field = event.target.closest("[data-beskrivelse]");
    if (!field) return;
    const row = field.closest("li");
    const answer = await this.act(row, field.dataset.beskrivelse, { beskrivelse: field.value });
    if (answer) row.querySelector("img")?.setAttribute("alt", field.value || row.dataset.navn);
  }

  clicked(event) {
    const button = event.target.closest("button");
    const row = button?.closest("li[data-fil]");
    if (!row) return;
    if (button.dataset.vis) this.unfold(button);
    else if (button.dataset.svar) this.answer(row, button);
    else if (button.dataset.fjern) this.remove(row, button);
    else if (button.dataset.flytt) this.move(row, button);
  }

  unfold(button) {
    const folded = document.getElementById(button.dataset.vis);
    folded.hidden = !folded.hidden;
    button.setAttribute("aria-expanded", String(!folded.hidden));
    if (!folded.hidden) folded.querySelector("input").focus();
  }

  async answer(row, button) {
    const { svar, til } = button.dataset;
    const fields = { ansikter: svar };
    if (svar === "samtykke") {
      if (!row.querySelector("[data-samtykke]").checked) {
        row.querySelector(".app-fil__feil").textContent = this.words.kryss;
        return;
      }
      fields.samtykke = "on";
    }
    const answer = await this.act(row, til, fields);
    if (answer) this.replace(row, answer.html).querySelector("a, input")?.focus();
  }

  async remove(row, button) {
    if (!window.confirm(this.tell("sporsmaal", { navn: row.dataset.navn }))) return;
    const answer = await this.act(row, button.dataset.fjern, {});
    if (!answer) return;
    this.say(this.tell("fjernet", { navn: row.dataset.navn }));
    row.remove();
    this.place.querySelector("[data-velg=bilder]").focus();
  }

  async move(row, button) {
    const forward = button.dataset.flytt === "1";
    const other = forward ? row.previousElementSibling : row.nextElementSibling;
    const answer = await this.act(row, button.dataset.til, { frem: button.dataset.flytt });
    if (!answer || !other) return;
    if (forward) other.before(row);
    else other.after(row);
    const left = [...row.querySelectorAll("[data-flytt]")];
    (getComputedStyle(button).visibility === "hidden" ? left.find((one) => one !== button) : button).focus();
  }
}

function read(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null; // a page: signed out on the way, or an error
  }
}

for (const place of document.querySelectorAll("[data-filer]")) new Files(place);
