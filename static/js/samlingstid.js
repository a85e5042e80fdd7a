// The form of a gathering: the end follows the start until it is written by hand. An empty end becomes
// the same day, six hours later; an end that stands there moves as many days as the start does.
// In the proposal for the gathering after another, all of it is proposed: the end moves as many minutes as
// the start, and the last day to answer as many days, until they are written by hand.

const LENGTH = 6 * 60;
const field = (name) => document.querySelector(`[name="${name}"]`);
const [startDate, startTime, endDate, endTime] = ["start_0", "start_1", "slutt_0", "slutt_1"].map(field);
const deadline = field("paameldingsfrist");
const isProposal = Boolean(field("kopier")?.value);
/** The date that stands in a field, as 2026-11-24; "" of anything else. */
const day = (field) => field?.closest("app-dato")?.iso || "";
let before = day(startDate);
let timeBefore = startTime?.value;
const timeFollows = isProposal || !endTime?.value;

/** Minutes since midnight of 09.30, 9:30, 0930 or 9; NaN of anything else. */
function minutes(text) {
  const digits = text.trim().match(/^(\d{1,2})(?:[.:]?(\d{2}))?$/);
  return digits ? Number(digits[1]) * 60 + Number(digits[2] ?? 0) : NaN;
}

/** The date in `field`, moved as far as from one moment to another; untouched when it is not a date. */
function shift(field, length) {
  const date = Date.parse(day(field));
  if (!Number.isNaN(date + length)) field.closest("app-dato").iso = new Date(date + length).toISOString().slice(0, 10);
}

function moveDate() {
  const length = Date.parse(day(startDate)) - Date.parse(before);
  if (!day(startDate)) return; // being written
  if (!endDate.dataset.skrevet) {
    if (endDate.value) shift(endDate, length);
    else endDate.value = startDate.value;
  }
  if (isProposal && deadline && !deadline.dataset.skrevet) shift(deadline, length);
  before = day(startDate);
}

function moveTime() {
  const start = minutes(startTime.value);
  if (Number.isNaN(start) || start >= 24 * 60) return;
  const length = isProposal ? minutes(endTime.value) - minutes(timeBefore) : LENGTH;
  const end = Math.min(start + (length > 0 ? length : LENGTH), 24 * 60 - 1);
  endTime.value = [Math.floor(end / 60), end % 60].map((n) => String(n).padStart(2, "0")).join(".");
  timeBefore = startTime.value;
}

if (startDate && endDate) {
  startDate.addEventListener("change", moveDate);
  startTime.addEventListener("change", () => timeFollows && !endTime.dataset.skrevet && moveTime());
  endDate.addEventListener("change", () => (endDate.dataset.skrevet = "1"));
  endTime.addEventListener("change", () => (endTime.dataset.skrevet = "1"));
  deadline?.addEventListener("change", () => (deadline.dataset.skrevet = "1"));
}
