// The day itself: the clock, what is left, and what goes away by itself, from the server's time, so that a machine
// whose clock is wrong shows the same as the others. Asked for again by the pages themselves.
//
//   data-tjenertid   the server's time, in seconds, on a piece when it comes
//   data-klokke      the time of day is written here
//   data-til         counts down to this: what is left is written in its [data-igjen], in minutes or, with
//                    data-sekunder, as 4:59 (where # stands in data-igjen, if it says more) and at last data-ute
//   data-vises-til   is shown until then

let ahead = 0; // how far the server's clock is ahead of this one, in milliseconds

const zone = "Europe/Oslo";
const written = new Intl.DateTimeFormat("nb-NO", { hour: "2-digit", minute: "2-digit", timeZone: zone });

/** Reads the server's time from a piece that has just come. */
function set(piece) {
  const told = piece.matches?.("[data-tjenertid]") ? piece : piece.querySelector?.("[data-tjenertid]");
  if (told) ahead = Number(told.dataset.tjenertid) * 1000 - Date.now() || 0;
}

/** 1 t 20 min, as the server writes it (rolu.samlinger.programplan.hours). */
function inWords(minutes, words) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  const parts = hours ? [words.timer.replace("#", hours)] : [];
  if (rest || !hours) parts.push(words.minutter.replace("#", rest));
  return parts.join(" ");
}

function inSeconds(seconds, words) {
  if (seconds <= 0) return words.ute;
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (words.igjen || "#").replace("#", clock);
}

function countDown(panel, now) {
  const left = panel.querySelector("[data-igjen]");
  // One countdown may stand inside another: each has its own.
  if (!left || left.closest("[data-til]") !== panel) return;
  const remaining = Number(panel.dataset.til) * 1000 - now;
  if ("sekunder" in left.dataset) {
    left.textContent = inSeconds(Math.ceil(remaining / 1000), left.dataset);
    left.toggleAttribute("data-er-ute", remaining <= 0);
    return;
  }
  const minutes = Math.max(Math.ceil(remaining / 60000), 0);
  left.textContent = inWords(minutes, left.dataset);
  left.toggleAttribute("data-lang", minutes > 59);
  const bar = panel.querySelector("[data-gaatt]");
  if (bar) bar.value = Math.max(bar.max - minutes, 0);
}

function tick() {
  const now = Date.now() + ahead;
  const time = written.format(now).replace(":", ".");
  for (const clock of document.querySelectorAll("[data-klokke]")) clock.textContent = time;
  for (const panel of document.querySelectorAll("[data-til]")) countDown(panel, now);
  for (const passing of document.querySelectorAll("[data-vises-til]")) {
    passing.hidden = now >= Number(passing.dataset.visesTil) * 1000;
  }
}

// What the page asks for by itself, waits while something is pressed: a button that is swapped under the finger is not
// pressed. It comes with the next question.
let isPressed = false;
addEventListener("pointerdown", () => {
  isPressed = true;
});
for (const ended of ["pointerup", "pointercancel"]) {
  addEventListener(ended, () => {
    isPressed = false;
  });
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, requestConfig } = event.detail;
  if (isPressed && requestConfig.verb === "get" && target.matches("[hx-trigger^=every]")) {
    event.detail.shouldSwap = false;
  }
});

set(document);
tick();
setInterval(tick, 500);
document.addEventListener("htmx:load", (event) => {
  set(event.detail.elt);
  tick();
});
