// The day itself: the clock in the bar and the minutes that are left, from the server's time, so that a
// machine whose clock is wrong shows the same as the others. The page asks for what goes on each half minute.

let ahead = 0; // how far the server's clock is ahead of this one, in milliseconds

const panel = () => document.getElementById("naa");
const clock = document.querySelector("[data-klokke]");
const zone = "Europe/Oslo";
const written = new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: zone });

/** Reads the server's time from a panel that has just come. */
function set() {
  ahead = Number(panel()?.dataset.tjenertid) * 1000 - Date.now() || 0;
}

/** 1 t 20 min, as the server writes it (rolu.samlinger.programplan.hours). */
function inWords(minutes, words) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = hours ? [words.timer.replace("#", hours)] : [];
  if (rest || !hours) parts.push(words.minutter.replace("#", rest));
  return parts.join(" ");
}

function tick() {
  const now = Date.now() + ahead;
  if (clock) clock.textContent = written.format(now).replace(":", ".");
  const until = Number(panel()?.dataset.til) * 1000;
  const left = panel()?.querySelector("[data-igjen]");
  if (!until || !left) return;
  const minutes = Math.max(Math.ceil((until - now) / 60000), 0);
  left.textContent = inWords(minutes, left.dataset);
  left.toggleAttribute("data-lang", minutes > 59);
  const bar = panel().querySelector("[data-gaatt]");
  if (bar) bar.value = Math.max(bar.max - minutes, 0);
}

set();
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.id !== "naa") return;
  set();
  tick();
});
