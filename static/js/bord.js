// The tables by hand: a name that is dragged to another card is moved there by the form that the name's own page has.
// The form tells which table the name was seen at, so that the server can say when somebody else has moved it.

const form = document.getElementById("bordflytt");
let dragged = null;

const tableOf = (element) => element?.closest?.("[data-bord]");

function clear() {
  for (const table of document.querySelectorAll("[data-slipp]")) delete table.dataset.slipp;
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-noekkel]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.querySelector("bdi").textContent);
});

document.addEventListener("dragover", (event) => {
  const table = dragged && tableOf(event.target);
  if (!table) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  if ("slipp" in table.dataset) return;
  clear();
  table.dataset.slipp = "";
});

document.addEventListener("drop", (event) => {
  const table = dragged && tableOf(event.target);
  if (!table) return;
  event.preventDefault();
  const from = tableOf(dragged);
  if (from === table) return;
  form.action = `${dragged.dataset.noekkel}/`;
  form.elements.bord.value = table.dataset.bord;
  form.elements.stand.value = from.dataset.stand;
  form.submit();
});

document.addEventListener("dragend", () => {
  dragged = null;
  clear();
});
