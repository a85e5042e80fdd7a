// An entry of the log: rows for next steps and links, of which one is always empty (<div data-rader="steg"> with
// [data-rad] and a <template>, a formset by that prefix), what opens when something is in it, and who else writes
// here ([data-tilstede], its words come from the server).

const EVERY = 20000;

/** So many rows as there are in `entries`, which are about to be put in the form. */
function makeRoom(form, entries) {
  const total = new Map(entries);
  for (const area of form.querySelectorAll("[data-rader]")) {
    const wanted = Number(total.get(`${area.dataset.rader}-TOTAL_FORMS`)) || 0;
    while (area.querySelectorAll("[data-rad]").length < wanted && addRow(area));
  }
}

function addRow(area) {
  const count = area.querySelector(`[name="${area.dataset.rader}-TOTAL_FORMS"]`);
  const most = Number(area.querySelector(`[name="${area.dataset.rader}-MAX_NUM_FORMS"]`).value);
  const number = area.querySelectorAll("[data-rad]").length;
  if (number >= most) return false;
  const template = area.querySelector(":scope > template");
  const row = document.createElement("template");
  row.innerHTML = template.innerHTML.replaceAll("__prefix__", number);
  template.before(document.importNode(row.content, true));
  count.value = number + 1;
  return true;
}

const isEmpty = (row) =>
  ![...row.querySelectorAll("input:not([type=hidden]), select, textarea")].some((field) => field.value.trim());

function keepOneEmpty(area) {
  const last = [...area.querySelectorAll("[data-rad]")].at(-1);
  if (!last || !isEmpty(last)) addRow(area);
}

/** What has something in it, or something wrong, is not folded away. */
function unfold(form) {
  for (const fold of form.querySelectorAll("details[data-fold]:not([open])")) {
    const used = [...fold.querySelectorAll("input:not([type=hidden]), select, textarea")].some((f) => f.value.trim());
    if (used || fold.querySelector("[aria-invalid=true]")) fold.open = true;
  }
}

async function tell(place) {
  if (document.visibilityState === "hidden") return;
  try {
    const answer = await fetch(place.dataset.tilstede, { headers: { Accept: "application/json" } });
    const { andre } = answer.ok ? await answer.json() : { andre: "" };
    if (place.textContent !== andre) place.textContent = andre;
  } catch {
    place.textContent = ""; // no network: nobody knows
  }
}

const form = document.getElementById("logg");
if (form) {
  form.addEventListener("autolagre:fyll", (event) => makeRoom(form, event.detail));
  form.addEventListener("autolagre:fylt", () => {
    for (const area of form.querySelectorAll("[data-rader]")) keepOneEmpty(area);
    unfold(form);
  });
  form.addEventListener("input", (event) => {
    const area = event.target.closest("[data-rader]");
    if (area) keepOneEmpty(area);
  });
  unfold(form);
  const place = form.querySelector("[data-tilstede]");
  if (place) {
    tell(place);
    setInterval(() => tell(place), EVERY);
    document.addEventListener("visibilitychange", () => tell(place));
  }
}
