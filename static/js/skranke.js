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
const asked = new URLSearchParams(location.search).get("dag");
let day = (isShell ? asked : desk.dataset.dag) || "";
const TRY_AGAIN = 3000;
const PATIENCE = 8000;
const SHOWN = 12;
const FEW = 4;
const FEW_EXPECTED = 12; // are shown at once
const REST = 60e3; // after so long nobody is typing
const GONE_AGAIN = 60e3;
const ROLL_AGAIN = 15e3; // how often it is asked whether others are expected, or have answered
const AT_ONCE = 50;
const KEEP = 3 * 24 * 3600e3;
const CHOICE = `skranke-dag:${path}`;
const UNSENT = "skranke-usendt";

const people = new Map(); // key → who, in the order of the names
let key = null;
let since = "";
let ahead = 0; // how far the server's clock is ahead of this one
let closed = ""; // why, whatever the day
let opening = []; // the day before which it is closed, and what is then said
let stand = ""; // the server's mark of the gathering as it is kept here
let roll = ""; // and of the people: who is expected, and what they have answered
let rollAsked = 0;
let shownClosed = "";
let days = []; // of several: { date, name, opens }
let hasArrived = false; // the desk has gone over to a new day, and nobody has closed the line that says so
let touched = 0; // when somebody last typed
let gone = 0; // when we were last told that the gathering is not there, or not for this person
let online = navigator.onLine;
let signedOut = false;
let ready = false;
let shuts = 0; // how often the names have been taken away: what was on its way then, is for nobody
let info = {};
let choice = JSON.parse(sessionStorage.getItem(CHOICE)) || {}; // the day that was chosen, and when
let said = null; // what was done last: { text, who }
let others = { q: "", hits: [] };
let queue = [];
const stuckIds = new Set(); // what the server could not answer to

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

/** What tells, after something has been waited for, whether the names have been taken away meanwhile. */
function watch() {
  const mine = shuts;
  return () => mine !== shuts;
}

async function takeKey(text) {
  const isShut = watch();
  const made = await crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);
  if (isShut()) return;
  sessionStorage.setItem(`skranke:${path}`, text);
  key = made;
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
    const isShut = watch();
    const rows = [...people.values()].filter((who) => !who.key.startsWith("n")).map(asRow);
    const hidden = await hide({ info, since, ahead, closed, opening, stand, roll, days, rows });
    if (isShut()) return;
    await store.write("navn", (names) => names.put({ liste: path, naar: Date.now(), ...hidden }));
  }).catch(() => {});
  return keeping;
}

async function keptNames() {
  const secret = sessionStorage.getItem(`skranke:${path}`);
  if (!secret) return;
  const isShut = watch();
  await takeKey(secret);
  const kept = await done(store.read("navn").get(path));
  if (!kept) return;
  try {
    const opened = await reveal(kept);
    if (isShut()) return;
    ({ info, since, ahead, closed, opening = [], stand = "", roll = "", days } = opened);
    chooseDay(day);
    for (const row of opened.rows) add(row);
    ready = true;
    followDay();
  } catch {
    // another person's
  }
}

/** The session is over, or another's: nothing of the names is shown or can be read until somebody who may is back.
 * What waits to be sent stands, encrypted. */
function shut() {
  shuts += 1;
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
  draw();
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
  // Who came by a link to a day, chose it now.
  if (asked && day === asked && choice.day !== asked) noteChoice();
}

/** A day is theirs who chose it, until the date is another; whatever links they use meanwhile. */
function noteChoice() {
  choice = { date: today(), day };
  sessionStorage.setItem(CHOICE, JSON.stringify(choice));
}

const dayOn = (date) => days.find((one) => one.date === date);

/** When another of the days has come, the desk goes over to it and says so; not from a day that somebody has chosen
 * today, nor under the hands of one who types: then it asks (`drawDay`). Whether it did. */
function followDay() {
  const date = today();
  if (!ready || closed || day === date || !dayOn(date) || choice.date === date || isTyping()) return false;
  changeDay(date, true);
  return true;
}

function isTyping() {
  if (Date.now() - touched > REST) return false;
  const guest = document.querySelector("#gjest[open] form")?.elements;
  return Boolean(searchField().value || guest?.navn.value || guest?.fra.value);
}

/** Why nobody is ticked in now. A day that has not come opens by itself, with network or without. */
function isClosed() {
  const date = today();
  const chosen = dayOn(day);
  return closed || (chosen?.date > date ? chosen.opens : "") || (opening[0] > date ? opening[1] : "");
}

function changeDay(date, byItself = false) {
  chooseDay(date);
  hasArrived = byItself;
  said = null;
  const address = new URL(location.href);
  address.search = day === today() ? "" : `?dag=${day}`;
  history.replaceState(history.state, "", address);
  noteChoice();
  const field = document.querySelector("#gjest form")?.elements.dag;
  if (field) field.value = day;
  draw();
}

// --- the people

const FROM = "æäøöåéèêëàáâãçíìîïñóòôõúùûüýčđŋšŧž";
const TO = "{{||}eeeeaaaaciiiinoooouuuyycdnstz";
const EQUAL = { "|": "o", "}": "a", "{": "ae" };
const IGNORED = new Set("'’-–.");

/** What names are put in order by, as `norsk_nokkel` of kommuner/sortering.py. */
function sortKey(text) {
  let out = "";
  for (const sign of text.normalize("NFC").toLowerCase().replaceAll("aa", "å")) {
    if (IGNORED.has(sign)) continue;
    const at = FROM.indexOf(sign);
    out += at < 0 ? sign : TO[at];
  }
  return out;
}

/** As kommuner/sortering.py folds a name: Åsen, Aasen and asen are alike. */
const folded = (text) => sortKey(text).replace(/[|}{]/g, (sign) => EQUAL[sign]);

/** What a word may be looked for as: itself, and with oe for ø. */
const variants = (word, form) => [...new Set([form(word), form(word.toLowerCase().replaceAll("oe", "ø"))])];

const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** The order of those who are alike in all else: as `Skranketreff.orden`. Who is only written down here comes last. */
const byName = (a, b) => compare(a.sort, b.sort) || compare(a.number, b.number) || compare(b.key[0], a.key[0]);

/** A person or a guest. When they met, and whether they come, is asked of the day the desk works for. */
class Who {
  constructor(id) {
    this.key = id;
    this.number = id[0] === "n" ? Infinity : Number(id.slice(1));
    this.perDay = new Map();
  }

  describe(name, places, kommune, status, substituteFor) {
    const kommuner = [kommune].flat(); // "" for none
    Object.assign(this, { name, places, kommuner, status, substituteFor });
    this.sort = sortKey(name);
    const all = ` ${name} ${places} ${substituteFor}`;
    this.found = { name: ` ${this.sort}`, nameFolded: ` ${folded(name)}`, all: sortKey(all), allFolded: folded(all) };
    return this;
  }

  on(date) {
    if (!this.perDay.has(date)) this.perDay.set(date, { met: null, comes: false });
    return this.perDay.get(date);
  }

  get kommune() { return this.kommuner.filter(Boolean).join(", "); }
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
  who.key, who.name, who.places, who.kommuner, who.status, asText(who.met), who.substituteFor, who.comes,
  dates().map((date) => [asText(who.on(date).met), who.on(date).comes]),
];

/** On which of the days something was done; the one of a gathering over one. What was done when it had one day only,
 * was done that day (`Skrankebok`). */
function dayOf(event) {
  if (!days.length) return "";
  const date = isoDate.format(new Date(event.tid));
  return event.dag || (dayOn(date) ? date : day);
}

/** What waits to be sent stands over what the server last said. */
async function overlay() {
  const isShut = watch();
  for (const event of queue) {
    if (event.handling === "gjest") {
      if (people.has(`n${event.id}`)) continue;
      try {
        const guest = await reveal(event.hemmelig);
        if (isShut()) return;
        const replaced = guest.vara_for ? people.get(`p${guest.vara_for}`) : null;
        const standsInFor = replaced?.name || "";
        if (replaced && !replaced.hasMet) replaced.answer("avmeldt");
        add([`n${event.id}`, guest.navn, guest.fra, "", "paameldt", "", standsInFor]);
        const who = people.get(`n${event.id}`);
        who.answer("paameldt");
        const same = [...people.values()].find((one) => one.key[0] === "g" && isAlike(one, guest));
        if (same && becomesSubstitute(same, guest)) {
          for (const [date, one] of same.perDay) Object.assign(who.on(date), one);
          people.delete(same.key); // they are one, until the server says what they are
        }
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
  const nearness = ranker(q);
  const hits = [];
  for (const who of people.values()) {
    const near = nearness(who.found);
    if (near === null) continue;
    const order = ORDER[who.status] ?? 2;
    const isLikely = near < 2 || (!order && near < FARTHEST - 1);
    hits.push({ who, marks: [who.met ? 1 : 0, isLikely ? 0 : 1, near, order] });
  }
  const difference = (a, b) => a.marks.map((mark, nr) => mark - b.marks[nr]).find((gap) => gap) || byName(a.who, b.who);
  return hits.sort(difference).map((hit) => hit.who);
}

const FARTHEST = 7;

/** How near somebody is to what is typed, as `ranker` of kommuner/sortering.py; null when they are not found. */
function ranker(q) {
  const typed = q.split(/\s+/).filter(Boolean).slice(0, 5).filter(folded);
  const whole = typed.join(" ");
  const [asWritten, asFolded] = [sortKey, folded].map((form) => typed.map((word) => variants(word, form)));
  const has = (text, all, before = "") => all.every((word) => word.some((part) => text.includes(before + part)));
  const isCalled = (name, form) => variants(whole, form).some((part) => `${name} `.startsWith(` ${part} `));
  return ({ name, nameFolded, all, allFolded }) => {
    if (!typed.length || !has(allFolded, asFolded)) return null;
    const near = [
      isCalled(name, sortKey), isCalled(nameFolded, folded),
      has(name, asWritten, " "), has(nameFolded, asFolded, " "),
      has(all, asWritten, " "), has(allFolded, asFolded, " "),
      has(all, asWritten),
    ].indexOf(true);
    return near < 0 ? FARTHEST : near;
  };
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
  // What was done another day is not undone on this one.
  if (followDay() && handling === "angre") return;
  const [kind, number] = [who.key[0], who.key.slice(1)];
  const target = { p: { person: Number(number) }, g: { gjest: Number(number) }, n: { gjelder: number } }[kind];
  const isShut = watch();
  const event = await enqueue({ handling, ...target });
  if (isShut()) return;
  if (handling === "moett" && who.status === "ny") who.answer("paameldt");
  tickOff(who, event);
  tell(handling === "moett" ? words.moett : words.angret, who);
  keepNames();
  send();
}

async function addGuest(form) {
  if (!key) return;
  followDay();
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
  // Who stands there already, and now is said to come for somebody, is the same (`Skrankebok`).
  if (same && !becomesSubstitute(same, guest)) tell(words.staarDer, same, () => writeDown({ ...guest, en_annen: 1 }));
  else await writeDown(guest);
}

/** A guest, as met: now, or as `when` says. */
async function writeDown(guest, when = {}) {
  if (!key) return;
  const isShut = watch();
  const event = await enqueue({ handling: "gjest", hemmelig: await hide(guest), ...when });
  await overlay();
  if (isShut()) return;
  tell(words.moett, people.get(`n${event.id}`));
  send();
}

const isAlike = (who, guest) => folded(who.name) === folded(guest.navn) && folded(who.places) === folded(guest.fra);

const becomesSubstitute = (who, guest) => Boolean(guest.vara_for) && !guest.en_annen && !who.substituteFor;

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
  const isShut = watch();
  try {
    const answer = await fetch(address, {
      redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options,
    });
    if (isShut()) return null; // it was asked by somebody who is not here any more
    online = answer.status < 500;
    // Who is signed in and may not read, has no desk here; what they send may be refused because they are signed out.
    const isGone = answer.status === 404 || (answer.status === 403 && !options.method);
    signedOut = answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && !isGone);
    if (online && answer.status !== 429) gone = isGone ? Date.now() : 0;
    if (signedOut || isGone) shut();
    if (!online || signedOut || isGone || answer.status === 429) return null;
    return answer;
  } catch {
    online = false;
    return null;
  }
}

async function fetchNames() {
  const isShut = watch();
  const answer = await ask(`${path}navn/`);
  if (!answer?.ok) return;
  const data = await answer.json();
  if (!isShut()) await takeKey(data.noekkel);
  if (isShut()) return;
  since = data.nr;
  ahead = Date.parse(data.naa) - Date.now();
  closed = data.stengt;
  opening = data.aapner;
  stand = data.stand;
  roll = data.rull;
  rollAsked = Date.now();
  info = { tittel: data.tittel, sted: data.sted };
  days = data.dager.map(([date, name, opens]) => ({ date, name, opens }));
  chooseDay(day || data.dag);
  people.clear();
  for (const row of data.folk) add(row);
  ready = true;
  followDay();
  await overlay();
  await keepNames();
}

/** What other desks have done since; and now and then whether the people are still those that are kept here. */
async function fetchChanges() {
  const isShut = watch();
  const question = new URLSearchParams({ etter: since, stand });
  const isRollAsked = Date.now() - rollAsked > ROLL_AGAIN;
  if (isRollAsked) question.set("rull", roll);
  const answer = await ask(`${path}navn/?${question}`);
  if (!answer?.ok) return;
  if (isRollAsked) rollAsked = Date.now();
  if (answer.status === 204) return;
  const data = await answer.json();
  if (isShut()) return;
  if (data.stand !== stand || (isRollAsked && data.rull !== roll)) {
    await fetchNames(); // the gathering is ended, or has got other days; or others have signed up
    draw();
    return;
  }
  since = data.nr || since;
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

/** What can be sent: not a guest who was written down under another key, nor what was then done with that guest. They
 * wait for whoever wrote them. */
async function sendable() {
  const rows = [];
  const waiting = new Set();
  for (const row of queue) {
    if (stuckIds.has(row.id) || waiting.has(row.gjelder)) {
      waiting.add(row.id);
      continue;
    }
    try {
      rows.push([row, await toSend(row)]);
    } catch {
      waiting.add(row.id);
    }
    if (rows.length === AT_ONCE) break;
  }
  return rows;
}

/** One tab sends at a time, in the order in which it was done. */
function send() {
  return navigator.locks.request("skranke-send", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    let atOnce = AT_ONCE;
    for (;;) {
      await readQueue();
      const isShut = watch();
      const rows = (await sendable()).slice(0, atOnce);
      if (!rows.length) break;
      const answer = await ask(`${path}hendelser/`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(rows.map(([, event]) => event)),
      });
      if (!answer) break;
      const { svar, sagt } = answer.ok ? await answer.json() : { svar: {} };
      const taken = rows.filter(([row]) => row.id in svar);
      if (!taken.length) {
        // One of them hinders the others: fewer are sent, until it is alone; then it is told, and lies here.
        if (rows.length === 1) stuck(...rows[0]);
        atOnce = Math.ceil(rows.length / 2);
        continue;
      }
      atOnce = AT_ONCE;
      await store.write("ko", (kept) => taken.forEach(([row]) => kept.delete(row.nr)));
      if (isShut()) break;
      for (const [row, event] of taken) {
        if (row.handling === "gjest") people.delete(`n${row.id}`);
        if (svar[row.id]) refused(event, svar[row.id]);
        else if (sagt?.[row.id]) writtenElsewhere(event, sagt[row.id]);
      }
      await readQueue();
      if (taken.some(([row]) => svar[row.id])) {
        // The server said no: what stands there is asked for anew, now or when it answers again.
        [roll, rollAsked] = ["", 0];
        await fetchNames();
        draw();
      } else if (since) await fetchChanges();
    }
    showNetwork();
  });
}

const nameOf = (event) => event.navn || people.get(keyOf(event))?.name || words.navnloes;

function refused(event, why) {
  noticed("skranke-avvist", "danger", words.avvist, element("li", "", `${nameOf(event)}: ${why}`));
  said = null;
}

/** The server could not answer to this: it is kept, and sent again when the page is loaded anew. */
function stuck(row, event) {
  stuckIds.add(row.id);
  refused(event, words.sitterFast);
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
  const isShut = watch();
  const answer = await ask(`${path}navn/?q=${encodeURIComponent(q)}`);
  if (mine !== asking) return;
  if (!answer?.ok) {
    showNetwork();
    return;
  }
  const { folk } = await answer.json();
  if (isShut()) return;
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
  drawClosed();
  if (!ready) {
    showNetwork();
    return;
  }
  drawDays();
  drawDay();
  drawHits();
  drawFigures();
  if (isShell) {
    document.querySelector("[data-tittel]").textContent = info.tittel;
    document.querySelector("[data-sted]").textContent = info.sted;
  }
  showNetwork();
}

/** Why nobody is ticked in, of the gathering or the day. */
function drawClosed() {
  if (!ready && !gone) return;
  const why = shownClosed = gone ? words.borte : isClosed();
  const unsent = gone && queue.length ? many(queue.length, words.ligger, words.liggerFlere) : "";
  const box = document.getElementById("skranke-stengt");
  if (box.textContent !== why + unsent) {
    box.replaceChildren();
    if (why) {
      const alert = element("div", "ds-alert");
      alert.dataset.color = gone ? "danger" : "info";
      if (gone) alert.setAttribute("role", "alert");
      alert.append(element("p", "", why));
      if (unsent) alert.append(element("p", "", unsent));
      box.append(alert);
    }
  }
  document.getElementById("gjest")?.toggleAttribute("hidden", Boolean(why));
}

/** That the desk works for another day than today's, with the way to it; or that it has just gone over to it. */
function drawDay() {
  const date = today();
  const isBehind = day < date && dayOn(date) && !isClosed();
  const shown = isBehind ? `${day} ${date}` : hasArrived ? day : "";
  const box = document.getElementById("skranke-dag");
  if (box.dataset.viser === shown) return;
  box.dataset.viser = shown;
  box.replaceChildren();
  if (!shown) return;
  const alert = element("div", "ds-alert");
  alert.dataset.color = isBehind ? "warning" : "info";
  alert.setAttribute("role", "alert");
  const text = isBehind ? words.annenDag : words.nyDag;
  alert.append(element("p", "", text.replace("#1", dayOn(date)?.name).replace("#2", dayOn(day).name)));
  const button = element("button", "ds-button", isBehind ? words.tilDag.replace("#1", dayOn(date).name) : words.lukk);
  button.type = "button";
  button.dataset.variant = isBehind ? "primary" : "tertiary";
  button.addEventListener("click", () => {
    hasArrived = false;
    if (isBehind) changeDay(today());
    else drawDay();
    searchField().focus();
  });
  alert.append(button);
  box.append(alert);
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
      const link = element("a", "", `${name[0].toUpperCase()}${name.slice(1)} `);
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
  // To the note of another item, and back to the same day.
  for (const link of document.querySelectorAll(".app-paadagen__andre a")) {
    const address = new URL(link.href);
    if (day) address.searchParams.set("dag", day);
    link.href = address;
  }
}

/** All who are expected and have not met, when they are few; else none (as `few_expected` of the server). */
function fewExpected() {
  const rest = [...people.values()].filter((who) => !who.met && who.isExpected);
  if (isClosed() || rest.length > FEW_EXPECTED) return [];
  const order = (who) => (who.comes ? -1 : ORDER[who.status] ?? 2);
  return rest.sort((a, b) => order(a) - order(b) || byName(a, b));
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
    inSeveral += who.kommuner.length > 1 && Boolean(who.met || who.comes);
    for (const kommune of who.kommuner) {
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
  rows.sort(([a], [b]) => !a - !b || compare(sortKey(a), sortKey(b)));
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
  const of = element("span", "", signedUp ? `/${signedUp}` : ` ${words.bareMoett}`);
  of.setAttribute("aria-hidden", "true");
  figure.append(of);
  row.append(name, bar, figure);
  return row;
}

const many = (n, one, several) => (n === 1 ? one : several.replace("#", n));

function showNetwork() {
  const line = document.getElementById("skranke-nett");
  const n = queue.length;
  let text = n ? many(n, words.venterEn, words.venterFlere) : words.sendt;
  if (!online) text = n ? many(n, words.utenEn, words.utenFlere) : words.uten;
  if (!ready && online && !signedOut) text = words.henter;
  if (!ready && !online) text = words.ingenNavn;
  if (!ready && gone) text = words.erStengt;
  line.dataset.stand = signedOut || gone || (!online && n) ? "venter" : online && !n ? "sendt" : "uten";
  if (line.dataset.tekst === text + signedOut) return;
  line.dataset.tekst = text + signedOut;
  const icon = document.getElementById(online && !n && !signedOut && !gone ? "skranke-ok" : "skranke-venter");
  line.replaceChildren(icon.content.cloneNode(true));
  if (signedOut) {
    const link = element("a", "", words.loggInn);
    link.href = `${words.inn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    line.append(link, n ? ` ${many(n, words.venterEn, words.venterFlere)}` : "");
  } else line.append(element("span", "", text));
}

// --- the work

let taken = false;
function takeOver() {
  if (taken || !ready) return;
  taken = true;
  desk.addEventListener("input", () => {
    followDay(); // before what is typed now holds it
    touched = Date.now();
  }, true);
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
  if (gone && Date.now() - gone < GONE_AGAIN) return;
  if (!ready) {
    await fetchNames();
    takeOver();
    draw();
  }
  if ((await sendable()).length) await send();
  else if (ready) {
    await fetchChanges();
    await readQueue(); // another tab may have put something there
  }
  if (ready && !followDay()) {
    if (isClosed() !== shownClosed) draw(); // its day has come
    drawDay();
  }
  showNetwork();
}

async function start() {
  if (!window.indexedDB || !window.crypto?.subtle || !navigator.locks) return;
  if (!asked && choice.date === today()) day = choice.day;
  store = await openStore();
  // Somebody has signed out in another tab (utlogget.js).
  addEventListener("storage", (event) => {
    if (event.key !== "skranke-ute") return;
    signedOut = true;
    shut();
    work();
  });
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
