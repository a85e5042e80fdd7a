// A survey on a phone. What is answered is kept on the phone first and then sent (sendeko.js): without network it waits,
// and the same phone is one answer however often it is sent. Without this script the form is an ordinary one.
import { openQueue } from "./sendeko.js";

const page = document.querySelector("[data-undersokelse]");
const form = page?.querySelector('[data-stand="skjema"] form');
const panel = (name) => page.querySelector(`[data-stand="${name}"]`);
const questions = form ? [...form.querySelectorAll("[data-sporsmaal]")] : [];
let edition = 0;

const filled = (part) =>
  [...part.querySelectorAll("input, textarea")].some((field) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked : field.value.trim(),
  );
const parts = (question) => [...question.querySelectorAll("[data-del]")];
const isAnswered = (question) => (parts(question).length ? parts(question).every(filled) : filled(question));
// «Vet ikke» about how it is now asks for no wish.
const isHalf = (question) =>
  parts(question).some(filled) &&
  !parts(question).every(filled) &&
  question.querySelector('[value="0"]:checked') === null;

function showProgress() {
  const where = form.querySelector("[data-framdrift]");
  const done = questions.filter((q) => isAnswered(q) || (parts(q).some(filled) && !isHalf(q))).length;
  where.hidden = false;
  where.querySelector("progress").value = done;
  const text = where.querySelector("[data-mal]");
  text.textContent = text.dataset.mal.replace("{n}", done).replace("{m}", questions.length);
}

function show(name) {
  for (const one of page.querySelectorAll("[data-stand]")) one.hidden = one !== panel(name);
  panel(name).focus();
  scrollTo(0, 0);
}

function refuse(text) {
  const box = page.querySelector("[data-nei]");
  box.textContent = text;
  box.hidden = !text;
  if (text) box.scrollIntoView({ block: "center" });
}

/** What must be mended before it is kept, said where it is; whether there was anything. */
function mustMend() {
  for (const old of form.querySelectorAll("[data-mend]")) old.remove();
  for (const question of questions) delete question.dataset.feil;
  refuse("");
  const wrong = questions.filter((q) => isHalf(q) || ("paakrevd" in q.dataset && !parts(q).some(filled) && !filled(q)));
  for (const question of wrong) {
    const text = document.createElement("p");
    text.className = "ds-validation-message";
    text.dataset.mend = "";
    text.textContent = isHalf(question) ? page.dataset.halvt : page.dataset.mangler;
    question.append(text);
    question.dataset.feil = "";
  }
  const first = wrong[0]?.querySelector("input, textarea");
  first?.focus();
  if (!wrong.length && !questions.some(filled)) refuse(page.dataset.ingenting);
  return wrong.length > 0 || !questions.some(filled);
}

function row() {
  const data = new FormData(form);
  const fields = {};
  for (const name of new Set(data.keys())) {
    if (name.startsWith("s-")) fields[name] = data.getAll(name).join(",");
  }
  edition = Math.max(Date.now(), edition + 1);
  return { id: data.get("nokkel"), utgave: edition, ...fields };
}

/** Let the form hold what was kept before the page was opened anew. */
function fillIn(kept) {
  for (const field of form.elements) {
    if (!field.name.startsWith("s-")) continue;
    const value = kept[field.name] ?? "";
    if (field.type === "radio" || field.type === "checkbox") field.checked = value.split(",").includes(field.value);
    else field.value = value;
  }
}

/** What the server wants looked at once more, in the thanks. */
async function fetchWarnings() {
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    const theirs = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-varsler]");
    if (theirs) panel("takk").querySelector("[data-varsler]").replaceChildren(...theirs.children);
  } catch {
    // The answer has come in; that is what matters.
  }
}

function onAnswer(kept, why) {
  if (!form) {
    // Opened anew with an answer that was still on its way: the page says how it went.
    if (why) refuse(why);
    else location.reload();
    return;
  }
  if (kept.id !== form.elements.nokkel.value || kept.utgave < edition) return;
  if (why) {
    show("skjema");
    refuse(why);
  } else {
    show("takk");
    fetchWarnings();
  }
}

if (page) {
  const queue = await openQueue(page.dataset.adresse, { onAnswer });
  if (form) {
    const kept = (await queue.rows()).find((one) => one.id === form.elements.nokkel.value);
    if (kept) {
      edition = kept.utgave;
      fillIn(kept);
      show("venter");
    }
    showProgress();
    form.addEventListener("input", showProgress);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (mustMend()) return;
      const ours = row();
      show("venter");
      await queue.put(ours);
    });
    page.querySelector("[data-rediger]").addEventListener("click", () => show("skjema"));
  }
}
