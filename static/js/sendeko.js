// What is written without network is kept in the browser and sent when there is one. A row has a key of its own, made
// here: sent twice it counts once (nettverk/side/bunke.py). A row written anew before it is sent takes the old one's
// place; `utgave` says which is newer. Nothing is dropped before the server has answered to its key.
//
//   const queue = await openQueue(address, { onAnswer(row, why), onState({ online, waiting }) });
//   await queue.put({ id: newKey(), utgave: 1, tekst });   // on the disk when it returns
//   await queue.rows();                                     // what waits, the oldest first

const TRY_AGAIN = 3000;
const PATIENCE = 8000;
const MOST = 50;

/** A key that nobody else makes. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The token that a form of this page would send. */
export const token = () => document.cookie.match(/(?:^|;\s*)(?:__Secure-|__Host-)?csrftoken=([^;]+)/)?.[1] || "";

const done = (request) =>
  new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });

/** A store that lasts; in memory where the browser keeps none (a private window), so that writing goes on. */
async function openStore() {
  try {
    const request = indexedDB.open("sendeko", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("rader", { keyPath: ["adresse", "id"] }).createIndex("adresse", "adresse");
    };
    const base = await done(request);
    const within = (act) =>
      new Promise((yes, no) => {
        const work = base.transaction("rader", "readwrite", { durability: "strict" });
        work.oncomplete = yes;
        work.onabort = work.onerror = () => no(work.error);
        act(work.objectStore("rader"));
      });
    return {
      all: (address) => done(base.transaction("rader").objectStore("rader").index("adresse").getAll(address)),
      put: (row) => within((rows) => rows.put(row)),
      // Only the one that was sent: what has been written since, stays.
      drop: (row) =>
        within((rows) => {
          rows.get([row.adresse, row.id]).onsuccess = ({ target }) => {
            if (target.result?.utgave === row.utgave) rows.delete([row.adresse, row.id]);
          };
        }),
    };
  } catch {
    const kept = new Map();
    const key = (row) => `${row.adresse} ${row.id}`;
    return {
      all: async (address) => [...kept.values()].filter((row) => row.adresse === address),
      put: async (row) => void kept.set(key(row), row),
      drop: async (row) => void (kept.get(key(row))?.utgave === row.utgave && kept.delete(key(row))),
    };
  }
}

/** What a page keeps for itself beside the queue and sends nowhere: a draft, what one has written. */
export async function openKept(name) {
  const store = await openStore();
  const address = `beholdt ${name}`;
  return {
    all: async () => (await store.all(address)).sort((a, b) => a.tid - b.tid),
    put: (row) => store.put({ utgave: 1, tid: Date.now(), ...row, adresse: address }),
    drop: (row) => store.drop({ ...row, adresse: address }),
  };
}

/**
 * The queue of one address. `onAnswer(row, why, data)`: the server has taken the row (why is "") or refused it, with
 * what else it said in `data`; `onState({ online, waiting, gone })`: how it stands. `gone`: the page is no more, or
 * wants to be opened anew; the rows stay.
 */
export async function openQueue(address, { onAnswer = () => {}, onState = () => {} } = {}) {
  const store = await openStore();
  let online = navigator.onLine;
  let gone = false;

  const rows = async () => (await store.all(address)).sort((a, b) => a.tid - b.tid);
  const tell = async () => onState({ online, gone, waiting: (await rows()).length });

  async function post(batch) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify(batch.map(({ adresse, tid, ...row }) => row)),
      });
      online = answer.status < 500 && answer.status !== 429;
      gone = answer.type === "opaqueredirect" || [401, 403, 404, 410].includes(answer.status);
      return answer.ok ? await answer.json() : null;
    } catch {
      online = false;
      return null;
    }
  }

  /** One tab sends at a time, in the order in which it was written. */
  async function sendAll() {
    for (;;) {
      const batch = (await rows()).slice(0, MOST);
      if (!batch.length) break;
      const data = await post(batch);
      const answered = data ? batch.filter((row) => row.id in data.svar) : [];
      if (!answered.length) break;
      for (const row of answered) {
        await store.drop(row);
        await onAnswer(row, data.svar[row.id], data);
      }
    }
    await tell();
  }

  const send = () =>
    navigator.locks
      ? navigator.locks.request(`sendeko ${address}`, { ifAvailable: true }, (lock) => lock && sendAll())
      : sendAll();

  async function put(row) {
    await store.put({ utgave: 1, ...row, adresse: address, tid: Date.now() });
    await tell();
    send();
  }

  // The browser's own «online» is a hint only.
  addEventListener("online", send);
  setInterval(async () => (await rows()).length && send(), TRY_AGAIN);
  await tell();
  send();
  return { put, rows, send };
}
