// The form of a gathering: the end follows the start until it is written by hand. An empty end becomes
// the same day, six hours later; an end that stands there moves as many days as the start does.

const LENGTH = 6 * 60;
const field = (name) => document.querySelector(`[name="${name}"]`);
const [startDate, startTime, endDate, endTime] = ["start_0", "start_1", "slutt_0", "slutt_1"].map(field);
let before = startDate?.value;
let timeFollows = !endTime?.value;

/** Minutes since midnight of 09.30, 9:30, 0930 or 9; NaN of anything else. */
function minutes(text) {
  const digits = text.trim().match(/^(\d{1,2})(?:[.:]?(\d{2}))?$/);
  return digits ? Number(digits[1]) * 60 + Number(digits[2] ?? 0) : NaN;
}

function moveDate() {
  const from = Date.parse(before);
  const to = Date.parse(startDate.value);
  const end = Date.parse(endDate.value);
  if (Number.isNaN(to)) return; // being written
  if (Number.isNaN(end)) endDate.value = startDate.value;
  else if (!Number.isNaN(from)) endDate.value = new Date(end + to - from).toISOString().slice(0, 10);
  before = startDate.value;
}

function moveTime() {
  const start = minutes(startTime.value);
  if (Number.isNaN(start) || start >= 24 * 60) return;
  const end = Math.min(start + LENGTH, 24 * 60 - 1);
  endTime.value = [Math.floor(end / 60), end % 60].map((n) => String(n).padStart(2, "0")).join(".");
}

if (startDate && endDate) {
  startDate.addEventListener("change", () => endDate.dataset.skrevet || moveDate());
  startTime.addEventListener("change", () => timeFollows && moveTime());
  endDate.addEventListener("change", () => (endDate.dataset.skrevet = "1"));
  endTime.addEventListener("change", () => (timeFollows = false));
}
