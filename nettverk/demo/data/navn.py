"""Names of invented people: ordinary first names, and surnames put together from the shore."""

import itertools
import random
from collections.abc import Iterator

_FORNAVN = (
    "Aagot Aleksander Amalie Anders Anette Anita Anne Arild Arne Asbjørn Astrid Atle Aud Bente Berit "
    "Birger Bjarne Bjørg Bjørn Bodil Borghild Brit Cathrine Dag Dagny Einar Eirik Elin Eli Ellen Elisabeth "
    "Else Endre Erlend Espen Eva Even Frank Frode Geir Gerd Grete Gro Gudrun Gunn Guro Håkon Hallgeir "
    "Halvor Hanne Harald Hege Heidi Helge Henrik Hilde Idar Ida Inger Ingrid Ingvild Ivar Jan Jarle "
    "Johanne Jon Jorunn Jostein Kari Karin Kjell Kjersti Knut Kristin Kåre Lars Laila Leif Lene Line "
    "Linda Lisbet Liv Magne Magnhild Mari Marianne Marte Mette Mona Morten Nils Nina Oddvar Ola Olaug "
    "Olav Ole Oline Pål Per Petter Ragna Ragnar Randi Reidun Rigmor Roar Rolf Rune Sigrid Silje Sindre "
    "Siri Sissel Sofie Solveig Stein Stine Svein Synnøve Tobias Tone Tora Tore Torill Trine Trond Trygve "
    "Turid Unni Vegard Vidar Vigdis Ylva Yngve Ørjan Øystein Øyvind Åge Ågot Åshild Åsmund"
)

_FORLEDD = (
    "Alke Brenning Dønning Fjære Flo Geitrams Hav Hjelme Kluppe Krabbe Lyng Måke Mulle Nise Rogne "
    "Skarv Skjell Skodde Sild Sjøgras Snurre Spove Steinbit Svaberg Tang Tare Teist Tjeld Ulke Ærfugl Øyrestein"
)
_ETTERLEDD = (
    "berg bø dal eid fjell gard haug heim holm li lund mo mark myr nes rud rust seter skar skog stad strøm "
    "sund sve tangen vang vik vold ås øy"
)

FORNAVN = tuple(_FORNAVN.split())
ETTERNAVN = tuple(
    forledd + etterledd
    for forledd, etterledd in itertools.product(_FORLEDD.split(), _ETTERLEDD.split())
)

_TIL_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a", " ": ".", "-": "."})


def folk(rng: random.Random) -> Iterator[str]:
    """Full names without end, no surname twice before all are used."""
    while True:
        etternavn = list(ETTERNAVN)
        rng.shuffle(etternavn)
        for navn in etternavn:
            yield f"{rng.choice(FORNAVN)} {navn}"


def som_epost(navn: str, domene: str) -> str:
    """Kåre Måkevik → kare.makevik@…"""
    return f"{navn.lower().translate(_TIL_ASCII)}@{domene}"
