// The desk that keeps going without network. It takes over from the forms of rolu/innsjekk.html, and is all there is
// on the page a browser keeps (skranke_skall.html).
//
// The names are fetched once and searched here. What is ticked is stored before it is shown as done, has a key made
// here, and leaves the store only when the server has answered to that key. The names, and the guests that are
// written down, lie encrypted (AES-GCM) under a key that comes with the names and lives in sessionStorage; the rest of
// the queue holds numbers and times.

const desk = document.getElementById("skranke");
const words = document.getElementById("skranke-ord").dataset;
const isShell = "skall" in desk.dataset;
const path = desk.dataset.sti || location.pathname;
// Of a gathering over several days: the one the desk works for. The names are kept with all of them.
let day = isShell ? new URLSearchParams(location.search).get("dag") || "" : desk.dataset.dag;
const TRY_AGAIN = 3000;
const PATIENCE = 8000;
const SHOWN = 12;
const FEW = 4;
const FEW_EXPECTED = 12; // are shown at once
const KEEP = 3 * 24 * 3600e3;
const UNSENT = "skranke-usendt";

const people = new Map(); // key → who, in the order of the names
let key = null;
let since = "";
let ahead = 0; // how far the server's clock is ahead of this one
let closed = ""; // why, whatever the day
let shownClosed = "";
let days = []; // of several: { date, name, opens }
let online = navigator.onLine;
let signedOut = false;
let ready = false;
let info = {};
let said = null; // what was done last: { text, who }
let others = { q: "", hits: [] };
let queue = [];

// --- the store

const done = (request) =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

async function openStore() {
  const request = indexedDB.open("skranke", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("ko", { keyPath: "nr", autoIncrement: true }).createIndex("sti", "sti");
    request.result.createObjectStore("navn", { keyPath: "liste" });
  };
  const base = await done(request);
  return {
    read: (name) => base.transaction(name).objectStore(name),
    // Stored when the transaction is, and on the disk before we say «registrert».
    write: (name, act) =>
      new Promise((yes, no) => {
        const work = base.transaction(name, "readwrite", { durability: "strict" });
        work.oncomplete = yes;
        work.onabort = work.onerror = () => no(work.error);
        act(work.objectStore(name));
      }),
  };
}

const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

async function takeKey(text) {
  sessionStorage.setItem(`skranke:${path}`, text);
  key = await crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function hide(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text) };
}

async function reveal({ iv, data }) {
  const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
  return JSON.parse(new TextDecoder().decode(text));
}

let store = null;
let keeping = Promise.resolve();

/** Keep the names as they now stand. */
function keepNames() {
  keeping = keeping.then(async () => {
    if (!key) return;
    const rows = [...people.values()].filter((who) => !who.key.startsWith("n")).map(asRow);
    const hidden = await hide({ info, since, ahead, closed, days, rows });
    await store.write("navn", (names) => names.put({ liste: path, naar: Date.now(), ...hidden }));
  }).catch(() => {});
  return keeping;
}

async function keptNames() {
  const secret = sessionStorage.getItem(`skranke:${path}`);
  if (!secret) return;
  await takeKey(secret);
  const kept = await done(store.read("navn").get(path));
  if (!kept) return;
  try {
    const opened = await reveal(kept);
    ({ info, since, ahead, closed, days } = opened);
    chooseDay(day);
    for (const row of opened.rows) add(row);
    ready = true;
  } catch {
    // another person's
  }
}

/** The session is over, or another's: nothing of the names is shown or can be read until somebody who may is back.
 * What waits to be sent stands, encrypted. */
function shut() {
  sessionStorage.removeItem(`skranke:${path}`);
  key = null;
  since = "";
  said = null;
  ready = false;
  others = { q: "", hits: [] };
  days = [];
  people.clear();
  searchField().value = "";
  document.querySelector("#gjest form")?.reset();
  standInFor(null);
  document.getElementById("gjest")?.setAttribute("hidden", "");
  for (const name of ["treff", "tall", "skranke-avvist", "skranke-sagt", "annonsering"]) document.getElementById(name)?.replaceChildren();
  store.write("navn", (names) => names.delete(IDBKeyRange.bound(path, `${path}\uffff`))).catch(() => {});
  showNetwork();
}

async function dropOld() {
  const rows = await done(store.read("navn").getAll());
  const old = rows.filter((row) => Date.now() - row.naar > KEEP);
  if (old.length) await store.write("navn", (names) => old.forEach((row) => names.delete(row.liste)));
}

// --- the day

const isoDate = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Oslo" });
const today = () => isoDate.format(now());

/** The day when the gathering has it, else today, else the nearest that has been, or the first: as the server
 * chooses it. None for a gathering of one day. */
function chooseDay(wanted) {
  const dates = days.map((one) => one.date);
  day = dates.includes(wanted) ? wanted : dates.findLast((date) => date <= today()) || dates[0] || "";
}

/** Why nobody is ticked in now. A day that has not come opens by itself, with network or without. */
function isClosed() {
  const chosen = days.find((one) => one.date === day);
  return closed || (chosen && chosen.date > today() ? chosen.opens : "");
}

function changeDay(date) {
  chooseDay(date);
  said = null;
  const address = new URL(location.href);
  address.search = `?dag=${day}`;
  history.replaceState(history.state, "", address);
  const field = document.querySelector("#gjest form")?.elements.dag;
  if (field) field.value = day;
  draw();
}

// --- the people

const FROM = "æäøöåéèêëàáâãçíìîïñóòôõúùûüýčđŋšŧž";
const TO = "{{||}eeeeaaaaciiiinoooouuuyycdnstz";
const EQUAL = { "|": "o", "}": "a", "{": "ae" };
const IGNORED = new Set("'’-–.");

/** As kommuner/sortering.py folds a name: Åsen, Aasen and asen are alike. */
function folded(text) {
  let out = "";
  for (const sign of text.normalize("NFC").toLowerCase().replaceAll("aa", "å")) {
    if (IGNORED.has(sign)) continue;
    const at = FROM.indexOf(sign);
    const found = at < 0 ? sign : TO[at];
    out += EQUAL[found] ?? found;
  }
  return out;
}

const variants = (word) => [...new Set([folded(word), folded(word.toLowerCase().replaceAll("oe", "ø"))])];

/** A person or a guest. When they met, and whether they come, is asked of the day the desk works for. */
class Who {
  constructor(id) {
    this.key = id;
    this.perDay = new Map();
  }

  describe(name, places, kommune, status, substituteFor) {
    Object.assign(this, { name, places, kommune, status, substituteFor });
    this.nameText = ` ${folded(name)}`;
    this.text = ` ${folded(`${name} ${places} ${substituteFor}`)}`;
    return this;
  }

  on(date) {
    if (!this.perDay.has(date)) this.perDay.set(date, { met: null, comes: false });
    return this.perDay.get(date);
  }

  get met() { return this.on(day).met; }
  get comes() { return this.on(day).comes; }
  get hasMet() { return [...this.perDay.values()].some((one) => one.met); }

  /** They are signed up, or may come still. */
  get isExpected() { return this.comes || this.status === "venter" || this.status === "invitert"; }

  answer(status) {
    this.status = status;
    for (const date of dates()) this.on(date).comes = status === "paameldt";
  }
}

const dates = () => (days.length ? days.map((one) => one.date) : [""]);
const asTime = (text) => (text ? Date.parse(text) : null);
const asText = (time) => (time ? new Date(time).toISOString() : "");

function add([id, name, places, kommune, status, met, substituteFor, comes = status === "paameldt", perDay = null]) {
  if (!people.has(id)) people.set(id, new Who(id));
  const who = people.get(id).describe(name, places, kommune, status, substituteFor);
  const given = perDay || [[met, comes]];
  who.perDay = new Map(dates().map((date, nr) => [date, { met: asTime(given[nr]?.[0]), comes: Boolean(given[nr]?.[1]) }]));
}

const asRow = (who) => [
  who.key, who.name, who.places, who.kommune, who.status, asText(who.met), who.substituteFor, who.comes,
  dates().map((date) => [asText(who.on(date).met), who.on(date).comes]),
];

/** On which of the days something was done; the one of a gathering over one. */
const dayOf = (event) => (days.length ? event.dag || day : "");

/** What waits to be sent stands over what the server last said. */
async function overlay() {
  for (const event of queue) {
    if (event.handling === "gjest") {
      if (people.has(`n${event.id}`)) continue;
      try {
        const guest = await reveal(event.hemmelig);
        const replaced = guest.vara_for ? people.get(`p${guest.vara_for}`) : null;
        const standsInFor = replaced?.name || "";
        if (replaced && !replaced.hasMet) replaced.answer("avmeldt");
        add([`n${event.id}`, guest.navn, guest.fra, "", "paameldt", "", standsInFor]);
        const who = people.get(`n${event.id}`);
        who.answer("paameldt");
        who.on(dayOf(event)).met = Date.parse(event.tid);
      } catch {
        // Another's key: it is sent when that person is back.
      }
      continue;
    }
    const who = people.get(keyOf(event));
    if (who) tickOff(who, event);
  }
}

/** What an event makes of somebody. Who was written down here, and has met no day, is off the list. */
function tickOff(who, event) {
  who.on(dayOf(event)).met = event.handling === "moett" ? Date.parse(event.tid) : null;
  if (who.key[0] === "n" && !who.hasMet) people.delete(who.key);
  else people.set(who.key, who);
}

const keyOf = (event) =>
  event.gjelder ? `n${event.gjelder}` : event.gjest ? `g${event.gjest}` : `p${event.person}`;

const ORDER = { paameldt: 0, venter: 1, avmeldt: 3 };

/** Who is called that, or signed up and has a word that begins so; then the others. Among them the nearest, and of
 * those alike who signed up, then waiting, then invited, then declined; already met last (as
 * rolu/samlinger/skrankerull.py). */
function search(q) {
  const typed = q.split(/\s+/).filter((word) => folded(word)).slice(0, 5).map(variants);
  if (!typed.length) return [];
  const has = (text, before) => typed.every((word) => word.some((part) => text.includes(before + part)));
  const hits = [];
  for (const who of people.values()) {
    if (!has(who.text, "")) continue;
    const isCalled = `${who.nameText} `.startsWith(` ${folded(q)} `);
    const near = isCalled ? 0 : has(who.nameText, " ") ? 1 : has(who.text, " ") ? 2 : 3;
    const order = ORDER[who.status] ?? 2;
    hits.push({ who, marks: [who.met ? 1 : 0, isCalled || (near < 3 && !order) ? 0 : 1, near, order, hits.length] });
  }
  const difference = (a, b) => a.marks.map((mark, nr) => mark - b.marks[nr]).find((gap) => gap) || 0;
  return hits.sort(difference).map((hit) => hit.who);
}

// --- what is done

const now = () => Date.now() + ahead;

async function enqueue(event) {
  const row = { id: crypto.randomUUID(), sti: path, tid: new Date(now()).toISOString(), dag: day, ...event };
  await store.write("ko", (rows) => rows.add(row));
  await readQueue();
  return row;
}

async function readQueue() {
  queue = await done(store.read("ko").index("sti").getAll(path));
  // Asked before signing out (static/js/app.js).
  if (queue.length) localStorage.setItem(UNSENT, JSON.stringify({ antall: queue.length, sti: path }));
  else localStorage.removeItem(UNSENT);
}

async function tick(who, handling) {
  const [kind, number] = [who.key[0], who.key.slice(1)];
  const target = { p: { person: Number(number) }, g: { gjest: Number(number) }, n: { gjelder: number } }[kind];
  const event = await enqueue({ handling, ...target });
  if (handling === "moett" && who.status === "ny") who.answer("paameldt");
  tickOff(who, event);
  tell(handling === "moett" ? words.moett : words.angret, who);
  keepNames();
  send();
}

async function addGuest(form) {
  if (!key) return;
  const field = (name) => form.elements[name]?.value.trim() || "";
  const guest = { navn: field("navn"), fra: field("fra"), vara_for: field("vara_for") };
  const input = form.elements.navn;
  input.setCustomValidity(guest.navn ? "" : words.skrivNavn);
  if (!guest.navn) {
    input.reportValidity();
    input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
    return;
  }
  const same = [...people.values()].find((who) => who.key[0] !== "p" && isAlike(who, guest));
  form.reset();
  standInFor(null);
  document.getElementById("gjest").open = false;
  if (same) tell(words.staarDer, same, () => writeDown({ ...guest, en_annen: 1 }));
  else await writeDown(guest);
}

/** A guest, as met: now, or as `when` says. */
async function writeDown(guest, when = {}) {
  if (!key) return;
  const event = await enqueue({ handling: "gjest", hemmelig: await hide(guest), ...when });
  await overlay();
  tell(words.moett, people.get(`n${event.id}`));
  send();
}

const isAlike = (who, guest) => folded(who.name) === folded(guest.navn) && folded(who.places) === folded(guest.fra);

/** `another`: what is done when it was another with the same name. */
function tell(text, who, another = null) {
  said = { text: text.replace("#", who.name), who, another };
  const announcer = document.getElementById("annonsering");
  if (announcer) announcer.textContent = said.text;
  const field = searchField();
  field.value = "";
  draw();
  field.focus();
}

function standInFor(who) {
  const form = document.querySelector("#gjest form");
  if (!form) return;
  const line = form.querySelector(".app-skranke__for");
  form.elements.vara_for.value = who ? who.key.slice(1) : "";
  line.textContent = who ? words.vara.replace("#", who.name) : "";
  line.hidden = !who;
  if (!who) return;
  document.getElementById("gjest").open = true;
  form.elements.navn.focus();
}

// --- to and from the server

const token = () => document.cookie.match(/(?:^|;\s*)(?:__Secure-|__Host-)?csrftoken=([^;]+)/)?.[1] || "";

/** An answer of the server; null when there was none. */
async function ask(address, options = {}) {
  try {
    const answer = await fetch(address, {
      redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options,
    });
    online = answer.status < 500;
    signedOut = answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403;
    if (signedOut) shut();
    if (!online || signedOut || answer.status === 429) return null;
    return answer;
  } catch {
    online = false;
    return null;
  }
}

async function fetchNames() {
  const answer = await ask(`${path}navn/`);
  if (!answer?.ok) return;
  const data = await answer.json();
  await takeKey(data.noekkel);
  since = data.nr;
  ahead = Date.parse(data.naa) - Date.now();
  closed = data.stengt;
  info = { tittel: data.tittel, sted: data.sted };
  days = data.dager.map(([date, name, opens]) => ({ date, name, opens }));
  chooseDay(day || data.dag);
  people.clear();
  for (const row of data.folk) add(row);
  ready = true;
  await overlay();
  await keepNames();
}

/** What other desks have done since. */
async function fetchChanges() {
  const answer = await ask(
    `${path}navn/?etter=${encodeURIComponent(since)}&stengt=${encodeURIComponent(closed)}`,
  );
  if (!answer?.ok || answer.status === 204) return;
  const data = await answer.json();
  if (data.folk.some((row) => (row[8]?.length || 1) !== dates().length)) {
    await fetchNames(); // the gathering has got other days
    draw();
    return;
  }
  since = data.nr || since;
  closed = data.stengt;
  for (const row of data.folk) add(row);
  for (const gone of data.borte || []) people.delete(gone);
  await overlay();
  await keepNames();
  draw();
}

async function toSend(row) {
  const { nr, sti, hemmelig, ...event } = row;
  return hemmelig ? { ...event, ...(await reveal(hemmelig)) } : event;
}

/** One tab sends at a time, in the order in which it was done. */
function send() {
  return navigator.locks.request("skranke-send", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    for (;;) {
      await readQueue();
      const rows = [];
      for (const row of queue.slice(0, 50)) {
        try {
          rows.push([row, await toSend(row)]);
        } catch {
          // a guest written down under another key waits for whoever wrote it
        }
      }
      if (!rows.length) break;
      const answer = await ask(`${path}hendelser/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(rows.map(([, event]) => event)),
      });
      if (!answer) break;
      if (!answer.ok) break;
      const { svar, sagt } = await answer.json();
      const taken = rows.filter(([row]) => row.id in svar);
      if (!taken.length) break;
      await store.write("ko", (kept) => taken.forEach(([row]) => kept.delete(row.nr)));
      for (const [row, event] of taken) {
        if (row.handling === "gjest") people.delete(`n${row.id}`);
        if (svar[row.id]) refused(event, svar[row.id]);
        else if (sagt?.[row.id]) writtenElsewhere(event, sagt[row.id]);
      }
      await readQueue();
      if (since) await fetchChanges();
    }
    showNetwork();
  });
}

/** The server said no: it is told, and what stands there is asked for anew. */
function refused(event, why) {
  const who = people.get(keyOf(event));
  const line = element("li", "", `${event.navn || who?.name || words.navnloes}: ${why}`);
  noticed("skranke-avvist", "danger", words.avvist, line);
  said = null;
  fetchNames().then(draw);
}

/** Another desk has written down the same guest: it is told, and may be another with the same name. */
function writtenElsewhere(event, text) {
  const line = element("li", "", text);
  const { navn, fra, vara_for, tid, dag } = event;
  line.append(" ", anotherButton(() => {
    line.remove();
    const box = document.getElementById("skranke-sagt");
    if (!box.querySelector("li")) box.replaceChildren();
    writeDown({ navn, fra, vara_for, en_annen: 1 }, { tid, dag });
  }));
  noticed("skranke-sagt", "info", "", line);
  said = null;
}

function anotherButton(act) {
  const button = element("button", "ds-button", words.enAnnen);
  button.type = "button";
  button.dataset.variant = "secondary";
  button.addEventListener("click", act, { once: true });
  return button;
}

/** A line in the box of what came of that which was sent; it stands until somebody closes it. */
function noticed(id, colour, heading, line) {
  const box = document.getElementById(id);
  if (!box.firstChild) {
    const alert = element("div", "ds-alert");
    alert.dataset.color = colour;
    alert.setAttribute("role", "alert");
    const close = element("button", "ds-button", words.lukk);
    close.type = "button";
    close.dataset.variant = "tertiary";
    close.addEventListener("click", () => box.replaceChildren());
    if (heading) {
      const title = element("p");
      title.append(element("strong", "", heading));
      alert.append(title);
    }
    alert.append(element("ul"), close);
    box.append(alert);
  }
  box.querySelector("ul").append(line);
}

let asking = 0;
async function findOthers(q) {
  if (!online || q.length < 2) return;
  const mine = ++asking;
  const answer = await ask(`${path}navn/?q=${encodeURIComponent(q)}`);
  if (mine !== asking) return;
  if (!answer?.ok) {
    showNetwork();
    return;
  }
  const { folk } = await answer.json();
  const hits = folk.map(([id, name, places, kommune, status, , standsInFor]) =>
    new Who(id).describe(name, places, kommune, status, standsInFor),
  );
  others = { q, hits: hits.filter((who) => !people.has(who.key)) };
  draw();
}

// --- what is seen

const searchField = () => desk.querySelector("input[name=q]");
const written = new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Oslo" });
const clock = (time) => written.format(time).replace(":", ".");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Who comes from many units (a PP-rådgiver) is told apart by the first of them. */
function shortPlaces(who) {
  const all = who.key[0] === "p" ? who.places.split(", ") : [who.places];
  return all.length > 2 ? `${all[0]} +${all.length - 1}` : who.places;
}

function drawRow(who) {
  const row = document.getElementById("skranke-rad").content.cloneNode(true);
  const fields = (name) => row.querySelectorAll(`[data-felt=${name}]`);
  const [item] = row.children;
  item.dataset.hvem = who.key;
  fields("navn")[0].textContent = who.name;
  fields("steder")[0].textContent = [shortPlaces(who), who.kommune].filter(Boolean).join(" · ");
  fields("vara")[0].textContent = who.substituteFor ? words.vara.replace("#", who.substituteFor) : "";
  for (const name of fields("hvem")) name.textContent = ` ${who.name}`;
  fields("klokka")[0].textContent = who.met ? clock(who.met) : "";
  for (const mark of ["avmeldt", "ny", "invitert", "venter"]) if (who.status !== mark) fields(mark)[0]?.remove();
  fields(who.met ? "ute" : "inne")[0].remove();
  if (who.key[0] !== "p" || who.status === "ny") item.querySelector("[data-handling=vara]")?.remove();
  for (const button of item.querySelectorAll("[data-handling]")) {
    if (isClosed()) button.remove();
    else {
      button.addEventListener("click", () =>
        button.dataset.handling === "vara" ? standInFor(who) : tick(who, button.dataset.handling),
      );
    }
  }
  return row;
}

function drawList(rows, label) {
  const made = element("ul", "app-kortliste");
  if (label) made.setAttribute("aria-label", label);
  made.append(...rows.map(drawRow));
  return made;
}

function draw() {
  if (!ready) {
    showNetwork();
    return;
  }
  drawDays();
  drawHits();
  drawFigures();
  const box = document.getElementById("skranke-stengt");
  box.replaceChildren();
  const why = shownClosed = isClosed();
  if (why) {
    const alert = element("div", "ds-alert");
    alert.dataset.color = "info";
    alert.append(element("p", "", why));
    box.append(alert);
  }
  document.getElementById("gjest")?.toggleAttribute("hidden", Boolean(why));
  if (isShell) {
    document.querySelector("[data-tittel]").textContent = info.tittel;
    document.querySelector("[data-sted]").textContent = info.sted;
  }
  showNetwork();
}

/** What stands there now, instead of what stood: who had the focus on somebody's button, still has it. */
function refill(box, ...parts) {
  const held = box.contains(document.activeElement) ? document.activeElement : null;
  const who = held?.closest("[data-hvem]")?.dataset.hvem;
  box.replaceChildren(...parts);
  if (who) box.querySelector(`[data-hvem="${who}"] [data-handling="${held.dataset.handling}"]`)?.focus({ preventScroll: true });
}

/** The days to choose among, with how many met on each. The one that has the focus keeps it. */
function drawDays() {
  const nav = document.getElementById("skranke-dager");
  nav.hidden = !days.length;
  const shown = [...nav.querySelectorAll("a")];
  if (shown.map((link) => link.dataset.dag).join() !== days.map((one) => one.date).join()) {
    shown.length = 0;
    nav.querySelector("ul").replaceChildren(...days.map(({ date, name }) => {
      const link = element("a", "", `${name} `);
      link.href = `?dag=${date}`;
      link.dataset.dag = date;
      link.append(element("span", "app-dempet"));
      shown.push(link);
      const item = element("li");
      item.append(link);
      return item;
    }));
  }
  for (const link of shown) {
    const { dag } = link.dataset;
    if (dag === day) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    const met = [...people.values()].filter((who) => who.on(dag).met).length;
    link.querySelector("span").textContent = words.antallMoett.replace("#", met);
  }
}

/** All who are expected and have not met, when they are few; else none (as `few_expected` of the server). */
function fewExpected() {
  const rest = [...people.values()].filter((who) => !who.met && who.isExpected);
  if (isClosed() || rest.length > FEW_EXPECTED) return [];
  const order = (who) => (who.comes ? -1 : ORDER[who.status] ?? 2);
  return rest.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, "nb"));
}

/** How many letters it takes: of few, one is enough. */
const isTyped = (q) => q.length > 1 || (q.length === 1 && fewExpected().length > 0);

function drawHits() {
  const box = document.getElementById("treff");
  const q = searchField().value.trim();
  const found = isTyped(q) ? search(q) : [];
  const few = q ? [] : fewExpected();
  const parts = [];
  if (said && !q) {
    const line = element("p", "app-innsjekk__sagt");
    line.append(document.getElementById("skranke-ok").content.cloneNode(true), said.text);
    parts.push(line);
    if (said.another) parts.push(anotherButton(said.another));
    if (people.has(said.who.key)) parts.push(drawList([people.get(said.who.key)], words.nettopp));
  }
  const waited = few.filter((who) => who.key !== said?.who.key);
  if (waited.length) parts.push(element("p", "app-dempet", words.faa), drawList(waited, words.ventes));
  if (found.length) parts.push(drawList(found.slice(0, SHOWN), words.treff));
  if (found.length > SHOWN) {
    const more = element("p", "app-dempet", words.flere.replace("#", SHOWN));
    more.setAttribute("role", "status");
    parts.push(more);
  }
  const outside = others.q === q ? others.hits : [];
  if (outside.length) {
    const heading = element("h3", "ds-heading app-avstand", words.andre);
    heading.dataset.size = "2xs";
    parts.push(heading, drawList(outside));
  }
  if (isTyped(q) && !found.length && !outside.length) {
    const none = element("div", "app-tom");
    const title = element("p", "ds-heading", words.ingen);
    title.dataset.size = "2xs";
    none.append(title, element("p", "", words.ingenTekst));
    parts.push(none);
  } else if (!isTyped(q) && !said && !few.length) parts.push(element("p", "app-dempet", words.skriv));
  refill(box, ...parts);
}

function drawFigures() {
  const box = document.getElementById("tall");
  const per = new Map();
  let met = 0;
  let signedUp = 0;
  let inSeveral = 0;
  for (const who of people.values()) {
    met += Boolean(who.met);
    signedUp += who.comes;
    const kommuner = who.kommune.split(", ");
    inSeveral += kommuner.length > 1 && Boolean(who.met || who.comes);
    for (const kommune of kommuner) {
      const row = per.get(kommune) || { met: 0, signedUp: 0 };
      row.met += Boolean(who.met);
      row.signedUp += who.comes;
      per.set(kommune, row);
    }
  }
  const sum = element("p", "app-innsjekk__sum");
  sum.append(
    element("strong", "app-tall", met), " ",
    element("span", "", words.harMoett), " ",
    element("span", "", words.paameldt.replace("#", signedUp)),
  );
  const table = element("table", "app-oppmoete");
  table.append(element("caption", "ds-sr-only", words.tabell));
  const head = element("tr");
  for (const name of words.kolonner.split("|")) {
    const cell = element("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  const heads = element("thead", "ds-sr-only");
  heads.append(head);
  const body = element("tbody");
  const rows = [...per].filter(([, row]) => row.met || row.signedUp);
  rows.sort(([a], [b]) => !a - !b || a.localeCompare(b, "nb"));
  for (const [kommune, figures] of rows) body.append(drawKommune(kommune, figures));
  table.append(heads, body);
  const attendance = element("div");
  attendance.id = "oppmoete";
  attendance.append(sum, table);
  if (inSeveral) {
    const text = inSeveral === 1 ? words.iFlereEn : words.iFlere.replace("#", inSeveral);
    attendance.append(element("p", "app-dempet app-smatt", text));
  }
  const latest = [...people.values()].filter((who) => who.met).sort((a, b) => b.met - a.met).slice(0, 8);
  const parts = [attendance];
  if (latest.length) {
    const heading = element("h3", "ds-heading app-avstand", words.siste);
    heading.dataset.size = "2xs";
    parts.push(heading, drawList(latest));
  }
  refill(box, ...parts);
}

function drawKommune(kommune, { met, signedUp }) {
  const row = element("tr");
  const name = element("th", "", kommune || words.utenKommune);
  name.scope = "row";
  const bar = element("td");
  if (signedUp) {
    const meter = element("meter", "app-maaler");
    Object.assign(meter, { min: 0, max: signedUp, value: Math.min(met, signedUp) });
    meter.setAttribute("aria-hidden", "true");
    bar.append(meter);
  }
  bar.append(element("span", "ds-sr-only", signedUp));
  const figure = element("td", "app-tall", met);
  if (signedUp) {
    const of = element("span", "", `/${signedUp}`);
    of.setAttribute("aria-hidden", "true");
    figure.append(of);
  }
  row.append(name, bar, figure);
  return row;
}

function showNetwork() {
  const line = document.getElementById("skranke-nett");
  const n = queue.length;
  const many = (one, several) => (n === 1 ? one : several.replace("#", n));
  let text = n ? many(words.venterEn, words.venterFlere) : words.sendt;
  if (!online) text = n ? many(words.utenEn, words.utenFlere) : words.uten;
  if (!ready && online && !signedOut) text = words.henter;
  if (!ready && !online) text = words.ingenNavn;
  line.dataset.stand = signedOut || (!online && n) ? "venter" : online && !n ? "sendt" : "uten";
  if (line.dataset.tekst === text + signedOut) return;
  line.dataset.tekst = text + signedOut;
  const icon = document.getElementById(online && !n && !signedOut ? "skranke-ok" : "skranke-venter");
  line.replaceChildren(icon.content.cloneNode(true));
  if (signedOut) {
    const link = element("a", "", words.loggInn);
    link.href = `${words.inn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    line.append(link, n ? ` ${many(words.venterEn, words.venterFlere)}` : "");
  } else line.append(element("span", "", text));
}

// --- the work

let taken = false;
function takeOver() {
  if (taken || !ready) return;
  taken = true;
  const field = searchField();
  // The desk's own htmx rests: what the server would have drawn is drawn here.
  for (const name of ["hx-get", "hx-trigger", "hx-target", "hx-swap", "hx-sync"]) field.removeAttribute(name);
  const fresh = field.cloneNode(true);
  field.replaceWith(fresh);
  fresh.value = field.value; // what was typed while the names were on their way
  // The clock and the programme ask for themselves, and fail without network: the desk says it already.
  for (const kind of ["htmx:sendError", "htmx:timeout"]) {
    window.addEventListener(kind, (event) => event.stopPropagation(), true);
  }
  let wait = 0;
  fresh.addEventListener("input", () => {
    const q = fresh.value.trim();
    if (q) said = null;
    draw();
    clearTimeout(wait);
    if (q.length >= 2 && search(q).length < FEW) wait = setTimeout(() => findOthers(q), 250);
  });
  fresh.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    fresh.value = "";
    draw();
  });
  fresh.form.addEventListener("submit", (event) => {
    event.preventDefault();
    draw(); // what is typed may be newer than what is shown
    // Only who is seen: others than those who were looked for last are not.
    const q = fresh.value.trim();
    const hits = isTyped(q) ? [...search(q), ...(others.q === q ? others.hits : [])] : [];
    if (hits.length === 1 && !hits[0].met && !isClosed()) tick(hits[0], "moett");
    else document.querySelector("#treff button")?.focus();
  });
  const guests = document.getElementById("gjest");
  guests?.addEventListener("toggle", () => {
    if (guests.open && document.activeElement?.matches("#gjest > summary")) guests.querySelector("[name=navn]").focus();
  });
  document.querySelector("#gjest form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!isClosed()) addGuest(event.target);
  });
  document.getElementById("skranke-dager").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    changeDay(link.dataset.dag);
  });
  // A link to another part of the page has taken the focus there.
  if (!location.hash || location.hash === "#skranke") fresh.focus({ preventScroll: true });
}

async function work() {
  if (document.hidden && !queue.length) return;
  if (!ready) {
    await fetchNames();
    takeOver();
    draw();
  }
  if (queue.length) await send();
  else if (ready) {
    await fetchChanges();
    await readQueue(); // another tab may have put something there
  }
  if (ready && isClosed() !== shownClosed) draw(); // its day has come
  showNetwork();
}

async function start() {
  if (!window.indexedDB || !window.crypto?.subtle || !navigator.locks) return;
  store = await openStore();
  await dropOld();
  await readQueue();
  await keptNames();
  await overlay();
  takeOver();
  draw();
  await fetchNames();
  takeOver();
  draw();
  addEventListener("online", work);
  // Somebody has signed out in another tab (utlogget.js).
  addEventListener("storage", (event) => {
    if (event.key !== "skranke-ute") return;
    signedOut = true;
    shut();
    work();
  });
  document.addEventListener("visibilitychange", work);
  setInterval(work, TRY_AGAIN);
  if (queue.length) send();
  if ("serviceWorker" in navigator && !isShell) {
    const worker = await navigator.serviceWorker.register(words.arbeider, { scope: path });
    worker.active?.postMessage("forny");
    desk.dataset.klar = "1";
    await navigator.serviceWorker.ready;
    desk.dataset.klar = "2";
  }
}

start();
