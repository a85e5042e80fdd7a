// The form of a gathering. A day's end follows its start until it is written by hand: an empty end becomes six
// hours later. A day that is added is the one after the last, with the same hours. In the proposal for the
// gathering after another, all of it is proposed: with the first day the other days and the last day to answer
// move as many days, and the end of the first as many minutes as its start, until they are written by hand.

const LENGTH = 6 * 60;
const box = document.querySelector("[data-dager]");
const deadline = document.querySelector("[name=paameldingsfrist]");
const isProposal = Boolean(document.querySelector("[name=kopier]")?.value);
const rows = [...(box?.querySelectorAll("[data-dag]") ?? [])];
const fields = (row) => [...row.querySelectorAll("input")];
const isEmpty = (row) => fields(row).every((field) => !field.value);

/** The date that stands in a field, as 2026-11-24; "" of anything else. */
const day = (field) => field?.closest("app-dato")?.iso || "";

/** Minutes since midnight of 09.30, 9:30, 0930 or 9; NaN of anything else. */
function minutes(text) {
  const digits = text.trim().match(/^(\d{1,2})(?:[.:]?(\d{2}))?$/);
  return digits ? Number(digits[1]) * 60 + Number(digits[2] ?? 0) : NaN;
}

const clock = (n) => [Math.floor(n / 60), n % 60].map((part) => String(part).padStart(2, "0")).join(".");

/** Let a field hold the date that is so many milliseconds after `iso`; untouched when that is not a date. */
function put(field, iso, length) {
  const date = Date.parse(iso) + length;
  if (!Number.isNaN(date)) field.closest("app-dato").iso = new Date(date).toISOString().slice(0, 10);
}

// --- the end follows the start

for (const row of rows) {
  const [, from, to] = fields(row);
  let before = from.value;
  const follows = () => !to.dataset.skrevet && (isProposal || !to.dataset.sto);
  if (to.value) to.dataset.sto = "1";
  to.addEventListener("change", () => (to.dataset.skrevet = "1"));
  // What is proposed may have come in as one goes there: what is written takes its place.
  to.addEventListener("focus", () => to.select());
  from.addEventListener("change", () => {
    const start = minutes(from.value);
    if (!follows() || Number.isNaN(start) || start >= 24 * 60) return;
    const length = isProposal ? minutes(to.value) - minutes(before) : LENGTH;
    to.value = clock(Math.min(start + (length > 0 ? length : LENGTH), 24 * 60 - 1));
    before = from.value;
  });
}

// --- the days of a proposal move together

if (isProposal) {
  const dates = [...rows.map((row) => fields(row)[0]), deadline].filter(Boolean);
  for (const date of dates) date.addEventListener("change", () => (date.dataset.skrevet = "1"));
  const [first, ...rest] = dates;
  let before = day(first);
  first.addEventListener("change", () => {
    const length = Date.parse(day(first)) - Date.parse(before);
    if (!day(first)) return; // being written
    for (const date of rest) if (date.value && !date.dataset.skrevet) put(date, day(date), length);
    before = day(first);
  });
}

// --- days are added and taken away

const more = box?.querySelector("details");
const add = box?.querySelector("[data-legg-til]");

/** Only the rows that are in use; the button as long as there is room. */
function show() {
  const used = rows.filter((row, nr) => nr === 0 || !row.hidden);
  if (add) add.hidden = used.length === rows.length;
  if (more) more.hidden = ![...more.querySelectorAll("[data-dag]")].some((row) => !row.hidden);
}

if (add) {
  more.open = true;
  more.querySelector("summary").hidden = true;
  for (const row of more.querySelectorAll("[data-dag]")) row.hidden = isEmpty(row);
  show();
  add.addEventListener("click", () => {
    const row = rows.find((candidate) => candidate.hidden);
    const last = rows[rows.indexOf(row) - 1];
    row.hidden = false;
    show();
    const [date, from, to] = fields(row);
    const [lastDate, lastFrom, lastTo] = fields(last);
    put(date, day(lastDate), 24 * 60 * 60 * 1000);
    [from.value, to.value] = [lastFrom.value, lastTo.value];
    date.focus();
  });
}

box?.addEventListener("click", (event) => {
  const row = event.target.closest("[data-fjern]")?.closest("[data-dag]");
  if (!row) return;
  // What stands below moves up, and the last row is the one that goes.
  const used = rows.filter((candidate) => !candidate.hidden);
  let here = used.indexOf(row);
  for (; here < used.length - 1; here += 1) {
    fields(used[here]).forEach((field, nr) => (field.value = fields(used[here + 1])[nr].value));
  }
  for (const field of fields(used[here])) field.value = "";
  used[here].hidden = true;
  show();
  (add && !add.hidden ? add : fields(used[here - 1])[0]).focus();
});
