// The wall for those who arrange it: cards are dragged between themes, it is counted how many are ticked, and what is
// ticked and typed stays when the wall comes anew. It does not come anew in the middle of something. Without this one
// ticks and presses.

let dragged = null;
let moved = [];
let kept = [];
let open = [];
let isDone = false;

const wall = () => document.getElementById("modvegg");
const ticked = () => [...(wall()?.querySelectorAll("[name=kort]:checked") ?? [])];
const isBusy = () => dragged || wall()?.querySelector("input[name=navn]:focus, select:focus");

function showCount() {
  const count = wall()?.querySelector("[data-antall-kort]");
  if (count) count.textContent = ticked().length;
}

document.addEventListener("change", (event) => event.target.name === "kort" && showCount());
// After the boxes themselves are reset.
document.addEventListener("reset", () => setTimeout(showCount));
addEventListener("pageshow", showCount);

// From a card to what can be done with it, past all the others.
document.addEventListener("keydown", (event) => {
  const choices = document.getElementById("modvalg");
  if (event.key !== "Enter" || event.target.name !== "kort" || !choices) return;
  event.preventDefault();
  event.target.checked = true;
  showCount();
  choices.open = true;
  choices.querySelector("[name=navn]").focus();
});

document.addEventListener("dragstart", (event) => {
  const card = event.target.closest?.("[data-kort]");
  if (!card) return;
  dragged = card;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.kort);
});

document.addEventListener("dragover", (event) => {
  const theme = dragged && event.target.closest?.("[data-tema]");
  for (const other of document.querySelectorAll("[data-slipp]")) if (other !== theme) delete other.dataset.slipp;
  if (!theme) return;
  event.preventDefault();
  theme.dataset.slipp = "";
});

document.addEventListener("dragend", () => {
  dragged = null;
  for (const theme of document.querySelectorAll("[data-slipp]")) delete theme.dataset.slipp;
});

document.addEventListener("drop", (event) => {
  const theme = dragged && event.target.closest?.("[data-tema]");
  if (!theme) return;
  event.preventDefault();
  // What is ticked comes along when one of them is dragged.
  const marked = ticked().map((box) => box.value);
  moved = marked.includes(dragged.dataset.kort) ? marked : [dragged.dataset.kort];
  window.htmx.ajax("POST", theme.closest("form").getAttribute("hx-post"), {
    source: dragged,
    target: "#modvegg",
    swap: "outerHTML focus-scroll:false",
    values: { handling: "flytt", kort: moved, tema: theme.dataset.tema },
  });
  dragged = null;
});

// --- the wall comes anew

const written = (field) => (field.type === "checkbox" ? field.checked : field.value !== (field.dataset.fra ?? ""));

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "modvegg" && isBusy()) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "modvegg") return;
  const { verb, elt } = event.detail.requestConfig;
  if (verb === "get" && isBusy()) {
    event.detail.shouldSwap = false;
    return;
  }
  // What was done is done with; what was refused, and all else, stays.
  isDone = verb !== "get" && event.detail.xhr.status < 400;
  const wasMoved = (field) => field.name === "kort" && moved.includes(field.value);
  const stays = (field) => !isDone || (elt.matches("form") ? field.form !== elt : !wasMoved(field));
  kept = [...wall().querySelectorAll("input[id], select[id]")]
    .filter((field) => written(field) && stays(field))
    .map(({ id, type, checked, value }) => ({ id, type, checked, value }));
  open = [...wall().querySelectorAll("details[open]")].map((details) => details.id);
});

document.addEventListener("htmx:afterSwap", (event) => {
  const now = wall();
  if (!now || event.detail.target?.id !== "modvegg") return;
  for (const { id, type, checked, value } of kept) {
    const field = document.getElementById(id);
    if (!field || !now.contains(field)) continue;
    if (type === "checkbox") field.checked = checked;
    else field.value = value;
  }
  // With nothing ticked the choices begin anew.
  const isIdle = ticked().length === 0;
  for (const id of open) {
    const details = document.getElementById(id);
    if (details && !(isIdle && details.closest(".app-modverktoy"))) details.open = true;
  }
  [kept, open] = [[], []];
  showCount();
  // The button that was pressed may be away: one goes on from what was said.
  if (isDone && document.activeElement === document.body) {
    now.querySelector("[role=status] p")?.focus({ preventScroll: true });
  }
});
