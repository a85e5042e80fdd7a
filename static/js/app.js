// What every page needs beside htmx: errors that can be seen, focus that follows, menus that close.
// Loaded as a module. All words come from the templates.

const alertBox = document.getElementById("feilmelding");
const announcer = document.getElementById("annonsering");

/** Show a plain sentence that something failed; it stays until it is closed or the next act works. */
function showError(kind, words = "") {
  if (!alertBox) return;
  const text = document.createElement("p");
  text.textContent = words || alertBox.dataset[kind] || alertBox.dataset.tjener;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "ds-button";
  close.dataset.variant = "tertiary";
  close.dataset.color = "danger";
  close.textContent = alertBox.dataset.lukk;
  close.addEventListener("click", hideError);
  alertBox.replaceChildren(text, close);
}

function hideError() {
  alertBox?.replaceChildren();
}

/** Tell a screen reader once, however often the same words are swapped in. */
let lastAnnounced = "";
function announce(text) {
  if (!announcer || text === lastAnnounced) return;
  lastAnnounced = text;
  announcer.textContent = text;
}

// --- htmx

document.addEventListener("portal:feil", (event) => showError(event.detail));
document.addEventListener("htmx:sendError", () => showError("nett"));
document.addEventListener("htmx:timeout", () => showError("nett"));
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  // The Verv that opened this page has ended: the server says which.
  if (xhr.getResponseHeader("X-Verv-Slutt")) {
    showError("tilgang", JSON.parse(xhr.responseText).tekst);
    return;
  }
  const kinds = { 401: "tilgang", 403: "tilgang", 404: "borte", 410: "borte" };
  showError(kinds[xhr.status] || "tjener");
});
document.addEventListener("htmx:afterSwap", hideError);

/** After an act one goes on from what came of it, and a screen reader reads it. Where the address ends in a place on the
 * page, it is told there; a field or a button that asks for the focus keeps it. */
function focusMessages() {
  const messages = document.getElementById("meldinger");
  const told = messages?.childElementCount ? messages : document.querySelector("[data-kvittering]");
  if (!told) return;
  const wants = document.activeElement;
  if (told === messages) bringToPlace(messages);
  if (wants !== document.body) {
    wants.focus();
    return;
  }
  told.tabIndex = -1;
  told.focus({ preventScroll: told === messages && !location.hash });
}

/** Where the address leads to a part of a long page that has room for them. */
function bringToPlace(messages) {
  const place = document.getElementById(location.hash.slice(1));
  place?.closest("[data-meldinger-her]")?.prepend(messages);
}

// What is fetched in the place of what had the focus, has it on.
let hadFocus = false;
document.addEventListener("htmx:beforeSwap", (event) => {
  const { activeElement } = document;
  hadFocus = activeElement !== document.body && event.detail.target.contains(activeElement);
});
function keepFocus(added) {
  if (hadFocus && document.activeElement === document.body) {
    const first = added.querySelector?.("a[href], button, summary, input:not([type=hidden]), [tabindex]");
    first?.focus({ preventScroll: true });
  }
  hadFocus = false;
}

document.addEventListener("htmx:load", (event) => {
  const added = event.detail.elt;
  const find = (selector) => (added.matches?.(selector) ? added : added.querySelector?.(selector));
  const summary = find("[data-feiloppsummering]");
  if (summary) summary.focus();
  else if (added === document.body) focusMessages();
  else keepFocus(added);
  const speaking = find("[data-annonser]");
  if (speaking) announce(speaking.dataset.annonser);
});

// --- drop-downs made of details: one open at a time, closed by Escape and by a click outside

const dropdowns = () => document.querySelectorAll("details.app-nedtrekk[open]");
document.addEventListener("click", (event) => {
  for (const menu of dropdowns()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of dropdowns()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("focusin", (event) => {
  for (const menu of dropdowns()) if (!menu.contains(event.target)) menu.open = false;
});

// --- tabs that do not fit: the one that is open is in sight, and the edge with more behind it fades

for (const row of document.querySelectorAll(".app-faner ul")) {
  const fade = () => {
    const before = row.scrollLeft > 4;
    const after = row.scrollLeft + row.clientWidth < row.scrollWidth - 4;
    row.dataset.mer = before && after ? "begge" : before ? "foran" : after ? "etter" : "";
  };
  const open = row.querySelector("[aria-current]")?.getBoundingClientRect();
  const box = row.getBoundingClientRect();
  if (open) row.scrollLeft += open.left + open.width / 2 - box.left - box.width / 2;
  row.addEventListener("scroll", fade, { passive: true });
  new ResizeObserver(fade).observe(row);
}

// --- questions before a destructive act: a link to the page that asks becomes a dialog

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog?.showModal && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  } else if (event.target.matches?.("dialog[closedby=any][open]")) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right &&
      event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// --- a form is sent once, however often the button is pressed

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented || form.matches("[hx-post],[data-hx-post]")) return;
  if (form.dataset.sendes) {
    event.preventDefault();
    return;
  }
  form.dataset.sendes = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  const release = () => {
    delete form.dataset.sendes;
    event.submitter?.removeAttribute("aria-busy");
  };
  setTimeout(release, 5000);
  addEventListener("pageshow", release, { once: true });
});
