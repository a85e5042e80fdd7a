// The pad of a tankesmie: what one writes is on the phone before it is sent, and is sent until the server has answered.
// A page that is loaded again, or a network that is gone for an hour, loses nothing; the field is never touched by what
// the server says. Words come from the template.

import { newKey, openKept, openQueue, token } from "./sendeko.js";

const pad = document.querySelector("[data-pad]");
const address = pad.dataset.pad;
const form = document.getElementById("pad-skjema");
const field = form?.elements.tekst;
const online = pad.querySelector("[data-nett]");
const own = pad.querySelector("[data-egne]");
const pattern = pad.querySelector("template[data-kort]");
const most = Number(pad.dataset.maks) || 1000;
const FORGET = 14 * 24 * 60 * 60 * 1000;

// The server's clock, whatever this one shows: when something was written decides whether it came in time.
let ahead = Number(pad.dataset.tjenertid) * 1000 - Date.now();
const now = () => new Date(Date.now() + ahead).toISOString();

const kept = await openKept(address);
for (const row of await kept.all()) if (Date.now() - row.tid > FORGET) await kept.drop(row);
const cards = new Map((await kept.all()).filter((row) => row.id !== "kladd").map((row) => [row.id, row]));

const lines = new Map();

const keep = async (card) => {
  cards.set(card.id, card);
  await kept.put(card);
};

// --- pictures: each is on the phone until the server has answered to it, and follows the card when that is sent. Sent
// twice it is one there.

const pictures = await openKept(`${address} bilder`);
// Where the browser has no room for them: as long as the page lasts.
const loose = new Map();
const HOUR = 60 * 60 * 1000;
const TRY_PICTURES = 5000;
const LONGEST = 120_000;
const PATIENCE = 120_000;

const allPictures = async () => [...(await pictures.all()), ...loose.values()];
const dropPicture = async (row) => void (loose.delete(row.id) || (await pictures.drop(row)));

/** Why the picture cannot be sent, as far as the phone can tell; "" when it may be. */
function whyNot(file) {
  if (/\.(heic|heif|hif)$/i.test(file.name)) return pad.dataset.heic.replace("#", file.name);
  return file.size > Number(pad.dataset.maksBilde) ? pad.dataset.forStort : "";
}

/** Its bytes and not the file: what a camera laid there, may be gone when there is a network. */
async function keepPicture(card, file) {
  const row = {
    id: newKey(), kort: card.id, sporsmaal: card.sporsmaal, skrevet: now(), navn: file.name,
    slag: file.type, innhold: await file.arrayBuffer(),
  };
  try {
    await pictures.put(row);
  } catch {
    loose.set(row.id, { ...row, utgave: 1, tid: Date.now() });
  }
}

/** "" when the server has it, else why it will not have it; null when it has not answered. */
async function postPicture(row) {
  const body = new FormData();
  for (const name of ["sporsmaal", "skrevet"]) body.set(name, row[name]);
  body.set("id", row.kort);
  body.set("bilde", new Blob([row.innhold], { type: row.slag }), row.navn);
  try {
    const answer = await fetch(pad.dataset.bildeadresse, {
      method: "POST",
      body,
      redirect: "manual",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { "X-CSRFToken": token() },
    });
    if (answer.status === 413) return pad.dataset.forStort || null;
    return answer.ok ? ((await answer.json()).svar[row.kort] ?? null) : null;
  } catch {
    return null;
  }
}

let pause = TRY_PICTURES;

async function sendAllPictures() {
  // Another tab may have sent the card.
  const stored = new Map((await kept.all()).map((row) => [row.id, row]));
  for (const row of await allPictures()) {
    const card = stored.get(row.kort);
    // The page was closed before its card was written.
    if (!card && Date.now() - row.tid > HOUR) await dropPicture(row);
    if (card?.stand !== "sendt") continue;
    const why = await postPicture(row);
    // Others may go through; this one is tried again, less often each time.
    if (why === null) {
      pause = Math.min(2 * pause, LONGEST);
      continue;
    }
    pause = TRY_PICTURES;
    // As it stands now, also when another tab has written in it.
    const naa = (await kept.all()).find((kort) => kort.id === row.kort);
    if (naa) await keep({ ...naa, bilde: why ? "nei" : "sendt", bildeHvorfor: why });
    await dropPicture(row);
    draw();
  }
}

/** One tab sends at a time. */
const sendPictures = () =>
  navigator.locks
    ? navigator.locks.request(`bilder ${address}`, { ifAvailable: true }, (lock) => lock && sendAllPictures())
    : sendAllPictures();

// One that was only in the page that is closed, is asked for again.
const there = new Set((await allPictures()).map((row) => row.kort));
for (const card of await kept.all()) {
  const lost = card.bilde === "venter" && cards.get(card.id)?.bilde === "venter" && !there.has(card.id);
  if (lost) await keep({ ...card, bilde: "nei", bildeHvorfor: pad.dataset.ulest || "" });
}

const waits = (card) => card.bilde === "venter" && card.stand === "sendt";
const tryAgain = async () => {
  if ([...cards.values()].some(waits)) await sendPictures();
  setTimeout(tryAgain, pause);
};
setTimeout(tryAgain, pause);
addEventListener("online", sendPictures);

// --- what is written

const queue = await openQueue(address, {
  async onAnswer(row, why, data) {
    const card = cards.get(row.id);
    // What has been written since waits for an answer of its own.
    if (!card || card.utgave !== row.utgave) return;
    if (!card.tekst && !why) {
      cards.delete(card.id);
      await kept.drop(card);
    } else {
      await keep({ ...card, stand: why ? "nei" : "sendt", hvorfor: why, varsel: (data.varsler?.[row.id] || []).join(" ") });
    }
    draw();
    sendPictures();
  },
  onState({ online: isOnline, waiting, gone }) {
    const said = gone && waiting ? pad.dataset.paaNytt : isOnline || (!waiting && form?.hidden !== false) ? "" : pad.dataset.utenNett;
    if (online && online.textContent !== said) online.textContent = said;
    for (const card of cards.values()) if (card.stand === "venter") show(card);
  },
});

/** A card as the server is to have it. */
async function send(card) {
  await keep({ ...card, stand: "venter", hvorfor: "", varsel: "" });
  draw();
  await queue.put(asRow(card));
}

const asRow = ({ id, utgave, sporsmaal, bord, gruppe, tekst, skrevet }) => ({
  id, utgave, sporsmaal, bord, tekst, skrevet, ...(gruppe && { gruppe }),
});

// The page may have been closed between a card and its row, or between the answer and the card: then it is sent again.
const queued = new Set((await queue.rows()).map((row) => row.id));
for (const card of cards.values()) if (card.stand === "venter" && !queued.has(card.id)) await queue.put(asRow(card));

// --- one's own cards

function draw() {
  if (!own) return;
  const list = own.querySelector("ul");
  const seen = [...cards.values()].filter((card) => card.tekst || card.stand === "nei").reverse();
  for (const [id, line] of lines) {
    if (!seen.some((card) => card.id === id)) {
      line.remove();
      lines.delete(id);
    }
  }
  for (const card of seen) {
    if (!lines.has(card.id)) {
      const line = pattern.content.firstElementChild.cloneNode(true);
      lines.set(card.id, line);
      listen(line, card.id);
      // The newest stands first; those that are there are not moved, one may be writing in them.
      const after = seen[seen.indexOf(card) + 1];
      list.insertBefore(line, (after && lines.get(after.id)) || null);
    }
    show(card);
  }
  own.hidden = !seen.length;
}

function show(card) {
  const line = lines.get(card.id);
  if (!line) return;
  const find = (name) => line.querySelector(`[data-${name}]`);
  line.dataset.stand = card.stand;
  find("om").textContent = card.om || "";
  find("tekst").textContent = card.tekst;
  find("varsel").textContent = card.varsel || "";
  find("varsel").hidden = !card.varsel;
  const bilde = find("bilde");
  bilde.hidden = !card.bilde || card.stand === "nei";
  bilde.dataset.bilde = card.bilde || "";
  bilde.textContent = card.bilde === "nei"
    ? card.bildeHvorfor
    : card.bilde === "sendt" ? pad.dataset.bildetErMed : pad.dataset.bildetVenter;
  find("nyttbilde").hidden = !form || card.bilde !== "nei" || card.stand !== "sendt";
  find("status").textContent = card.stand === "sendt" ? pad.dataset.sendt : card.hvorfor || pad.dataset.venter;
  find("kopier").hidden = card.stand !== "nei";
  find("endre").hidden = find("fjern").hidden = !form;
  const open = card.kladd !== undefined;
  find("endring").hidden = !open;
  find("rad").hidden = open;
  const text = line.querySelector("textarea");
  if (open && document.activeElement !== text) text.value = card.kladd;
}

function listen(line, id) {
  const find = (name) => line.querySelector(`[data-${name}]`);
  const text = line.querySelector("textarea");
  const card = () => cards.get(id);
  const close = (button) => {
    draw();
    find(button).focus();
  };
  find("endre").addEventListener("click", async () => {
    await keep({ ...card(), kladd: card().tekst });
    draw();
    text.focus();
  });
  text.addEventListener("input", () => keep({ ...card(), kladd: text.value, kladdet: now() }));
  find("avbryt").addEventListener("click", async () => {
    const { kladd, kladdet, ...rest } = card();
    await keep(rest);
    close("endre");
  });
  find("lagre").addEventListener("click", async () => {
    const { kladd, kladdet, ...rest } = card();
    const tekst = text.value.trim();
    if (!tekst || tekst.length > most) return text.focus();
    await send({ ...rest, tekst, utgave: rest.utgave + 1, skrevet: kladdet || now() });
    close("endre");
  });
  find("nyttbilde").addEventListener("change", async ({ target }) => {
    const file = target.files[0];
    if (!file) return;
    let why = whyNot(file);
    try {
      if (!why) await keepPicture(card(), file);
    } catch {
      why = pad.dataset.ulest;
    }
    target.value = "";
    await keep({ ...card(), bilde: why ? "nei" : "venter", bildeHvorfor: why });
    draw();
    sendPictures();
  });
  find("fjern").addEventListener("click", async () => {
    const { kladd, kladdet, bilde, ...rest } = card();
    for (const row of await allPictures()) if (row.kort === id) await dropPicture(row);
    // One that was refused is only here.
    if (rest.stand === "nei" && !rest.kom) {
      cards.delete(id);
      await kept.drop(rest);
      return draw();
    }
    await send({ ...rest, tekst: "", utgave: rest.utgave + 1, skrevet: now() });
    field?.focus();
  });
  find("kopier").addEventListener("click", async () => {
    await navigator.clipboard?.writeText(card().tekst);
    find("status").textContent = pad.dataset.kopiert;
  });
}

// --- the field

let written = "";

function count() {
  const left = most - field.value.length;
  const line = form.querySelector("[data-teller]");
  line.textContent = left < 0
    ? pad.dataset.forLang.replace("#", field.value.length)
    : left < 150 ? pad.dataset.tegnIgjen.replace("#", left) : "";
  line.toggleAttribute("data-for-lang", left < 0);
}

const stand = () => document.getElementById("pad-stand");
const asked = () => document.getElementById("pad-sporsmaal")?.textContent.trim() || "";
let question = { pk: form?.elements.sporsmaal.value || "", om: stand()?.dataset.sporsmaal ? asked() : "" };

/** The draft is on the phone with the question it belongs to. */
const draft = () =>
  kept.put({ id: "kladd", utgave: 1, tekst: field.value, sporsmaal: question.pk, om: question.om, skrevet: written });

/** Follow the question that is open; what is being written keeps its own until it is sent. */
function follow() {
  const open = stand()?.dataset.sporsmaal || "";
  const other = open !== question.pk;
  const writing = field.value.trim() !== "";
  if (other && !writing) {
    question = { pk: open, om: open ? asked() : "" };
    form.elements.sporsmaal.value = open;
  } else if (!other) {
    question.om = open ? asked() : question.om;
  }
  form.hidden = !question.pk;
  form.querySelector("[data-gammelt]").hidden = !(other && writing);
}

if (form) {
  const picture = form.elements.bilde;
  const wrong = form.querySelector("[data-bildefeil]");
  let sending = false;

  async function sendWritten() {
    const tekst = field.value.trim();
    const file = picture.files[0];
    wrong.textContent = file ? (tekst ? whyNot(file) : pad.dataset.utenTekst) : "";
    if (!tekst || tekst.length > most) {
      count();
      return field.focus();
    }
    if (wrong.textContent) return picture.focus();
    const bord = Number(form.elements.bord.value) || 0;
    const gruppe = Number(form.elements.gruppe?.value) || 0;
    const card = {
      id: newKey(), utgave: 1, sporsmaal: question.pk, om: question.om, bord, gruppe, tekst, skrevet: written || now(),
      ...(file && { bilde: "venter" }),
    };
    try {
      // Before its card: what is on the phone is sent, and the text stands in the field until both are there.
      if (file) await keepPicture(card, file);
    } catch {
      wrong.textContent = pad.dataset.ulest;
      return picture.focus();
    }
    await send(card);
    field.value = "";
    picture.value = "";
    written = "";
    await draft();
    count();
    follow();
    field.focus();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    // A picture takes a moment to lay by: pressed twice it is one card.
    if (sending) return;
    sending = true;
    try {
      await sendWritten();
    } finally {
      sending = false;
    }
  }, { capture: true });
  picture.addEventListener("change", () => {
    wrong.textContent = picture.files[0] ? whyNot(picture.files[0]) : "";
  });
  field.addEventListener("input", () => {
    written = now();
    draft();
    count();
  });

  const before = (await kept.all()).find((row) => row.id === "kladd");
  // What the server gave back after a plain form stands.
  if (before?.tekst && !field.value) {
    field.value = before.tekst;
    written = before.skrevet;
    question = { pk: before.sporsmaal, om: before.om };
    form.elements.sporsmaal.value = before.sporsmaal;
  }
  count();
  follow();
}

// --- what the server says

pad.addEventListener("htmx:afterSwap", () => {
  const seconds = Number(stand()?.dataset.tjenertid);
  if (seconds) ahead = seconds * 1000 - Date.now();
  if (form) follow();
});
// Without network the pad says so itself.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  pad.addEventListener(name, (event) => event.stopPropagation());
}

draw();
sendPictures();
