"""A form as the browser has it: what stands in its fields before anybody writes."""

from html.parser import HTMLParser


class _Leser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.skjemaer: list[dict[str, list[str]]] = []
        self._i_skjema = False
        self._tekstfelt = ""
        self._valg = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {navn: verdi or "" for navn, verdi in attrs}
        if tag == "form":
            self._i_skjema = True
            self.skjemaer.append({})
        if not self._i_skjema:
            return
        felt, navn = self.skjemaer[-1], a.get("name", "")
        if tag == "input" and navn and a.get("type") not in {"submit", "button", "file"}:
            krysses = a.get("type") in {"checkbox", "radio"}
            verdier = felt.setdefault(navn, [])
            if "checked" in a or not krysses:
                verdier.append(a.get("value", "on" if krysses else ""))
        elif tag == "textarea" and navn:
            felt.setdefault(navn, []).append("")
            self._tekstfelt = navn
        elif tag == "select" and navn:
            felt.setdefault(navn, [])
            self._valg = navn
        elif tag == "option" and self._valg and "selected" in a:
            felt[self._valg].append(a.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._i_skjema = False
        elif tag == "textarea":
            self._tekstfelt = ""
        elif tag == "select":
            self._valg = ""

    def handle_data(self, data: str) -> None:
        if self._tekstfelt:
            verdier = self.skjemaer[-1][self._tekstfelt]
            # The line break after the tag is not part of the text.
            verdier[-1] += data if verdier[-1] else data.removeprefix("\n")


def form_with(html: str, felt: str) -> dict[str, object]:
    """The fields of the page's form that has `felt` among them, as they would be sent untouched."""
    leser = _Leser()
    leser.feed(html)
    for skjema in leser.skjemaer:
        if felt in skjema:
            return {
                navn: verdier if len(verdier) > 1 else verdier[0]
                for navn, verdier in skjema.items()
                if verdier and navn != "csrfmiddlewaretoken"  # the client has its own
            }
    raise LookupError(f"Fant ikke et skjema med «{felt}» på siden.")
