// Names after an @ in the text of a thread: those that fit are shown below, arrows choose, Enter and a tap
// writes the whole name. Without this the names are ticked in the list, and a whole name written is found.
const apne = (felt) => /(^|\s)@([^@\n]{0,40})$/u.exec(felt.value.slice(0, felt.selectionStart));

for (const felt of document.querySelectorAll("textarea[data-nevn]")) {
  const folk = [...(felt.form?.querySelectorAll("input[name=nevnte]") ?? [])].map((boks) => ({
    boks,
    navn: boks.closest("label, .ds-field, div").textContent.trim(),
  }));
  if (!folk.length) continue;

  const liste = document.createElement("ul");
  liste.className = "app-nevn";
  liste.id = `${felt.id}-nevn`;
  liste.role = "listbox";
  liste.hidden = true;
  felt.after(liste);
  felt.setAttribute("aria-controls", liste.id);
  felt.setAttribute("aria-autocomplete", "list");

  let treff = [];
  let valgt = 0;

  const lukk = () => {
    liste.hidden = true;
    treff = [];
    felt.removeAttribute("aria-activedescendant");
  };

  const merk = () => {
    [...liste.children].forEach((rad, nummer) => {
      rad.setAttribute("aria-selected", String(nummer === valgt));
      if (nummer === valgt) rad.scrollIntoView({ block: "nearest" });
    });
    felt.setAttribute("aria-activedescendant", `${liste.id}-${valgt}`);
  };

  const velg = (nummer) => {
    const funn = apne(felt);
    if (!funn) return lukk();
    const { navn, boks } = treff[nummer];
    const fra = felt.selectionStart - funn[2].length - 1;
    felt.setRangeText(`@${navn} `, fra, felt.selectionStart, "end");
    boks.checked = true;
    felt.dispatchEvent(new Event("input", { bubbles: true }));
    lukk();
    felt.focus();
  };

  felt.addEventListener("input", () => {
    const funn = apne(felt);
    const sokt = funn?.[2].toLocaleLowerCase("nb");
    treff = funn
      ? folk.filter(({ navn }) => {
          const lite = navn.toLocaleLowerCase("nb");
          return lite !== sokt.trim() && (lite.startsWith(sokt) || lite.includes(` ${sokt}`));
        })
      : [];
    if (!treff.length) return lukk();
    valgt = 0;
    liste.replaceChildren(
      ...treff.map(({ navn }, nummer) => {
        const rad = document.createElement("li");
        rad.id = `${liste.id}-${nummer}`;
        rad.role = "option";
        rad.textContent = navn;
        rad.addEventListener("mousedown", (event) => {
          event.preventDefault();
          velg(nummer);
        });
        return rad;
      }),
    );
    liste.hidden = false;
    merk();
  });

  felt.addEventListener("keydown", (event) => {
    if (liste.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      valgt = (valgt + (event.key === "ArrowDown" ? 1 : treff.length - 1)) % treff.length;
      merk();
    } else if (event.key === "Enter" || event.key === "Tab") {
      velg(valgt);
    } else if (event.key === "Escape") {
      lukk();
    } else {
      return;
    }
    event.preventDefault();
  });
  felt.addEventListener("blur", lukk);
}
