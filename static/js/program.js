// The programme by keyboard and by hand. Alt and an arrow on the item that is opened press the buttons in its
// bar; an item that is dragged goes to the five minutes where it is let go, by the same address. After an act
// the focus stays where it was, and what happened is said by the server's own words.

// --- by keyboard

const keys = (event) =>
  [event.altKey && "Alt", event.shiftKey && "Shift", event.key].filter(Boolean).join("+");

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey) return;
  const item = event.target.closest?.(".app-post--valgt");
  const button = item?.querySelector(`[aria-keyshortcuts="${keys(event)}"]`);
  if (!button) return;
  event.preventDefault();
  button.click(); // not requestSubmit: htmx sends along the button that was pressed
});

// Escape closes the item that is open.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest?.(".app-post--valgt")?.querySelector("[data-post]")?.click();
});

// --- by hand: with a mouse or a pen anywhere on an item, with a finger by the handle of the one that is open,
// so that the page can still be scrolled

const STEP = 5; // minutes
const DAY = 24 * 60;
const OUTSIDE = 1.44; // pixels to a minute above the first line and below the last
const SLACK = 4; // pixels before a press is a drag
const EDGE = 56; // pixels from the edge of the window where the page scrolls along

let drag = null;

const program = () => document.getElementById("program");
const lineOf = (item) => [Number(item.dataset.fra), Number(item.dataset.fra) + Number(item.dataset.varer)];

/** Where which minute of the day is on the page: the lines of the grid, in a narrow window the items. */
function scale(item) {
  const box = (element) => element.getBoundingClientRect();
  const shown = (element) => element.getClientRects().length;
  let rows = [...item.closest(".app-rutenettet").querySelectorAll(".app-tider > [data-fra]")].filter(shown);
  const minutes = rows.length ? (row) => [Number(row.dataset.fra), Number(row.dataset.til)] : lineOf;
  if (!rows.length) rows = [...item.closest(".app-dag").querySelectorAll("[data-flytt]")];
  const points = [];
  for (const row of rows) {
    const [from, to] = minutes(row);
    // The lines stand where the rows do; their figures are drawn a little above.
    const lift = parseFloat(getComputedStyle(row).marginTop) || 0;
    points.push([box(row).top - (minutes === lineOf ? 0 : lift) + scrollY, from], [box(row).bottom + scrollY, to]);
  }
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let latest = -1;
  for (const point of points) latest = point[1] = Math.max(point[1], latest);
  return points;
}

/** Along the scale, from one side of it (0: pixels, 1: minutes) to the other. */
function along(points, value, from) {
  const to = 1 - from;
  const slope = from ? OUTSIDE : 1 / OUTSIDE;
  const first = points[0], last = points.at(-1);
  if (value <= first[from]) return first[to] + (value - first[from]) * slope;
  if (value >= last[from]) return last[to] + (value - last[from]) * slope;
  const after = points.findIndex((point) => point[from] >= value);
  const [a, b] = [points[after - 1], points[after]];
  return a[to] + ((value - a[from]) / (b[from] - a[from] || 1)) * (b[to] - a[to]);
}

function clock(minute, separator) {
  const parts = [Math.floor(minute / 60) % 24, minute % 60];
  return parts.map((n) => String(n).padStart(2, "0")).join(separator);
}

function follow() {
  const { item, points, from, length, time, words } = drag;
  const minute = along(points, drag.top + drag.y + scrollY - drag.grabbed, 0);
  const near = Math.abs(minute - from) < STEP / 2 ? from : Math.round(minute / STEP) * STEP;
  drag.minute = Math.min(Math.max(near, 0), DAY - STEP);
  item.style.translate = `0 ${along(points, drag.minute, 1) - along(points, from, 1)}px`;
  const separator = words.match(/\d(\D)\d/)?.[1] ?? ".";
  time.textContent = `${clock(drag.minute, separator)}–${clock(drag.minute + length, separator)}`;
}

function begin() {
  const { item } = drag;
  drag.begun = true;
  drag.points = scale(item);
  drag.top = along(drag.points, drag.from, 1);
  item.setPointerCapture(drag.pointer);
  item.classList.add("app-post--drar");
  const roll = () => {
    if (!drag?.begun || drag.item !== item) return;
    const step = drag.y < EDGE ? -10 : drag.y > innerHeight - EDGE ? 10 : 0;
    if (step) {
      scrollBy(0, step);
      follow();
    }
    requestAnimationFrame(roll);
  };
  requestAnimationFrame(roll);
}

/** Lets go; the item stands where it stood. */
function putBack({ item, time, words }) {
  item.classList.remove("app-post--drar");
  item.removeAttribute("style");
  time.textContent = words;
}

async function move(dropped) {
  const { item, minute, from } = dropped;
  const page = program();
  page.setAttribute("aria-busy", "true");
  const open = page.querySelector(".app-post--valgt");
  // htmx carries attributes over to what it puts in, and a style attribute is never let in.
  document.addEventListener("htmx:beforeSwap", () => item.removeAttribute("style"), { once: true });
  await htmx
    .ajax("POST", item.dataset.flytt, {
      source: "#program",
      target: "#program",
      swap: "outerHTML show:none",
      values: { hva: "post", minutter: minute - from, stand: page.dataset.stand, aapen: open?.id.slice(5) ?? "" },
    })
    .catch(() => {}); // the page has said it (static/js/app.js)
  if (!item.isConnected) return;
  page.removeAttribute("aria-busy");
  putBack(dropped);
}

document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.("[data-flytt]");
  if (!item || drag || event.button !== 0 || !event.isPrimary || program().getAttribute("aria-busy")) return;
  const handle = event.target.closest("[data-grep]");
  if (!handle && (event.pointerType === "touch" || event.target.closest(".app-postvalg"))) return;
  const [from, until] = lineOf(item);
  const time = item.querySelector(".app-post__tid");
  const at = event.clientY;
  drag = { item, from, length: until - from, time, words: time.textContent, pointer: event.pointerId, minute: from };
  Object.assign(drag, { y: at, grabbed: at + scrollY, begun: false });
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.pointer) return;
  drag.y = event.clientY;
  if (!drag.begun && Math.abs(drag.y + scrollY - drag.grabbed) >= SLACK) begin();
  if (drag.begun) follow();
});

document.addEventListener("pointerup", (event) => {
  if (event.pointerId !== drag?.pointer) return;
  const dropped = drag;
  drag = null;
  if (!dropped.begun) return;
  // The click that follows would open the item.
  const stop = (click) => (click.preventDefault(), click.stopPropagation());
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }));
  if (dropped.minute === dropped.from) putBack(dropped);
  else move(dropped);
});

function giveUp() {
  if (drag?.begun) putBack(drag);
  drag = null;
}
document.addEventListener("pointercancel", giveUp);
document.addEventListener("keydown", (event) => event.key === "Escape" && giveUp());
// A link is not dragged out of the page.
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-flytt]") && event.preventDefault());
