// Lists one works in: many ticked at once, groups that fold, and the keys J, K, X, Enter and Escape. The keys
// are the list's own: they do nothing while the focus is elsewhere (WCAG 2.1.4).
// Everything is listened for on the document, since htmx changes the rows.

const boxes = (root = document) => [...root.querySelectorAll('.app-liste input[name="valgt"]')];
// One that says data-ikke-alle is ticked by itself alone.
const many = (root) => boxes(root).filter((box) => !box.hasAttribute("data-ikke-alle"));
const seen = (element) => element.getClientRects().length > 0;

let lastTicked = null;

function showCount() {
  const ticked = boxes().filter((box) => box.checked).length;
  const count = document.querySelector("[data-antall-valgt]");
  if (count) count.textContent = ticked;
  for (const master of document.querySelectorAll("[data-velg-alle], [data-velg-gruppe]")) {
    const root = master.closest(master.hasAttribute("data-velg-alle") ? "table" : "tbody");
    const own = many(root);
    const some = own.filter((box) => box.checked).length;
    master.checked = own.length > 0 && some === own.length;
    master.indeterminate = !master.checked && boxes(root).some((box) => box.checked);
  }
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('.app-liste input[name="valgt"]');
  if (box) {
    const all = boxes().filter(seen);
    if (event.shiftKey && lastTicked && all.includes(lastTicked)) {
      const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1))
        if (!box.checked || !between.hasAttribute("data-ikke-alle")) between.checked = box.checked;
    }
    lastTicked = box;
  }
  const fold = event.target.closest?.(".app-liste__fold");
  if (fold) {
    const open = fold.closest("tbody").toggleAttribute("data-aapen");
    fold.setAttribute("aria-expanded", String(open));
  }
});

// The rest of the page's rows, on a phone that began with some of them: they are hidden while the button is there.
document.addEventListener("click", (event) => {
  const more = event.target.closest?.("[data-vis-resten]");
  if (!more) return;
  const hidden = [...more.parentElement.querySelectorAll("tr, li")].filter((row) => !seen(row));
  more.remove();
  hidden.find(seen)?.querySelector("a, button")?.focus({ preventScroll: true });
});

// What is typed is searched for while one types. When one leaves the field for a chip, it is not to be
// searched for once more: that answer would come after the chip's.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches?.("#listevalg input[type=search]")) event.stopPropagation();
  },
  true,
);

document.addEventListener("change", (event) => {
  const master = event.target.closest?.("[data-velg-alle], [data-velg-gruppe]");
  if (master) {
    const root = master.closest(master.hasAttribute("data-velg-alle") ? "table" : "tbody");
    for (const box of master.checked ? many(root) : boxes(root)) box.checked = master.checked;
  }
  if (master || event.target.name === "valgt") showCount();
});
// After the boxes themselves are reset.
document.addEventListener("reset", () => setTimeout(showCount));
document.addEventListener("htmx:afterSettle", showCount);
addEventListener("pageshow", showCount);

// --- what stays when one scrolls, when it leaves most of the window to the rows

const wide = matchMedia("(width >= 64rem) and (height >= 36rem)");
const sizes = new ResizeObserver(fix);

function fix() {
  const root = document.documentElement;
  const height = (name) => document.querySelector(name)?.offsetHeight ?? 0;
  let [choices, head] = [height(".app-listevalg"), height(".app-listehode")];
  // Side by side they are as high as the higher, and both stay at the top.
  const top = (name) => document.querySelector(name)?.offsetTop ?? 0;
  if (choices && head && top(".app-listehode") < top(".app-listevalg") + choices / 2)
    [choices, head] = [0, Math.max(choices, head)];
  root.style.setProperty("--app-listevalg", `${choices}px`);
  root.style.setProperty("--app-listehode", `${head}px`);
  root.toggleAttribute("data-faste-valg", wide.matches && choices + head <= innerHeight / 4);
}

function prepare() {
  sizes.disconnect();
  for (const part of document.querySelectorAll(".app-listevalg, .app-listehode")) sizes.observe(part);
  // A click on a row that is no link gives the list the focus, and so its keys.
  for (const list of document.querySelectorAll("table.app-liste")) list.tabIndex = -1;
  fix();
}

wide.addEventListener("change", fix);
document.addEventListener("htmx:afterSettle", prepare);
prepare();

// --- keys

const writes = (element) =>
  element?.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(element?.tagName) && element.type !== "checkbox");

function move(step) {
  const rows = [...document.querySelectorAll(".app-liste tbody > tr")].filter(seen);
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.hasAttribute("data-her"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, here + step))];
  rows[here]?.removeAttribute("data-her");
  next.setAttribute("data-her", "");
  // The link or the fold of the row has the focus too, so Enter opens it and a reader says it.
  (next.querySelector("th a, th button") || next.querySelector("input"))?.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]") && boxes().some((box) => box.checked)) {
    document.getElementById("valgte")?.reset();
  }
  if (!event.target.closest?.("table.app-liste")) return;
  const key = event.key.toLowerCase();
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "x") document.querySelector('.app-liste tr[data-her] input[type="checkbox"]')?.click();
});

// A row that got the focus in another way is where J and K go on from.
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.(".app-liste tbody > tr");
  if (!row || row.hasAttribute("data-her")) return;
  document.querySelector(".app-liste tr[data-her]")?.removeAttribute("data-her");
  if (event.target.matches(":focus-visible")) row.setAttribute("data-her", "");
});
