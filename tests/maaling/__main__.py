"""`make bench`: two databases, 1 and 10 networks, measured side by side in one run.

Every page is measured in turn in both databases, and in each against its bare view, a few requests at
a time, round after round, so that what else the machine does falls on all alike. Prints a table.
`--skala 1 10`, `--runder 12`, `--uten-rapport`; one alone: `--bare-skranke`, `--bare-vegg`, `--bare-evaluering`, `--bare-praksis`,
`--bare-bord`, `--bare-autolagring`, `--bare-traad`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nettverk.maskinrom.servere import Servere
from tests.maaling.sider import Side, sidene

PER_RUNDE = 4
ROT = Path(__file__).resolve().parents[2]


class Prosess:
    """One server process over one database."""

    def __init__(self, skala: int, miljo: dict[str, str]) -> None:
        self.skala = skala
        self.miljo = miljo
        self.p = subprocess.Popen(
            [sys.executable, "-m", "tests.maaling.tjener"],
            env=miljo,
            cwd=ROT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.klar = self._les()

    def _les(self) -> dict[str, Any]:
        linje = self.p.stdout.readline()
        if not linje:
            raise SystemExit(f"Målingen stoppet (skala {self.skala}).")
        return json.loads(linje)

    def be(self, gjoer: str, **ordre: Any) -> Any:
        self.p.stdin.write(json.dumps({"gjoer": gjoer, **ordre}) + "\n")
        self.p.stdin.flush()
        return self._les()

    def stopp(self) -> None:
        self.p.stdin.close()
        self.p.wait(20)


def _database(servere: Servere, skala: int, mappe: Path) -> dict[str, str]:
    """A migrated database with `skala` networks; returns the environment that points to it."""
    import psycopg

    adresser = servere.addresses()
    navn = f"maaling_{skala}"
    with psycopg.connect(adresser["DATABASE_URL"], autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{navn}"')
    url = adresser["DATABASE_URL"].replace("/portal?", f"/{navn}?")
    if url == adresser["DATABASE_URL"]:
        url = url.rsplit("/", 1)[0] + f"/{navn}"
    miljo = {
        **os.environ,
        **adresser,
        "DATABASE_URL": url,
        "DEBUG": "0",
        "DEMO": "0",
        "SECRET_KEY": "maaling-" + "0" * 50,
        "ALLOWED_HOSTS": "portal.example",
        "STATIC_ROOT": str(mappe / "statisk"),
        "LOG_LEVEL": "ERROR",
    }
    for kommando in (["migrate", "-v0"], ["testdata", "--skala", str(skala)]):
        subprocess.run([sys.executable, "manage.py", *kommando], env=miljo, cwd=ROT, check=True)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("VACUUM ANALYZE")
    return miljo


def _ask(modul: str, p: Prosess | None = None, *argumenter: str) -> Any:
    """What another measurement of this folder prints as its last line, over the database of `p`."""
    ut = subprocess.run(
        [sys.executable, "-m", f"tests.maaling.{modul}", *argumenter],
        env=p.miljo if p else None,
        cwd=ROT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return json.loads(ut.splitlines()[-1])


def _median_ms(tider: list[float]) -> float:
    return 1000 * statistics.median(tider)


def _p95_ms(tider: list[float]) -> float:
    return 1000 * sorted(tider)[int(0.95 * (len(tider) - 1))]


def _maal_side(side: Side, prosesser: list[Prosess], runder: int) -> dict[str, Any]:
    tall: dict[str, Any] = {
        "spoerringer": [
            p.be("spoerringer", adresse=side.adresse, som=side.som, htmx=side.htmx)
            for p in prosesser
        ]
    }
    maalt: dict[tuple[int, str], dict[str, list[float]]] = {}
    for _ in range(runder):
        for p in prosesser:
            for hva, adresse in (("side", side.adresse), ("bar", side.bar)):
                if not adresse:
                    continue
                svar = p.be("maal", adresse=adresse, antall=PER_RUNDE, som=side.som, htmx=side.htmx)
                samlet = maalt.setdefault((p.skala, hva), {"vegg": [], "prosessor": []})
                samlet["vegg"] += svar["vegg"]
                samlet["prosessor"] += svar["prosessor"]
                tall[f"bytes_{hva}"] = svar["bytes"]
    tall["maalt"] = maalt
    return tall


def _aim(tall: float | None) -> str:
    return f"≤{tall:g}" if tall else "–"


def _skriv_side(side: Side, tall: dict[str, Any], prosesser: list[Prosess]) -> None:
    foerste = prosesser[0].skala
    grunn = _median_ms(tall["maalt"][foerste, "side"]["prosessor"])
    for nr, p in enumerate(prosesser):
        ours = tall["maalt"][p.skala, "side"]
        cpu = _median_ms(ours["prosessor"])
        bar_cpu, mot_bar = "–", "–"
        if side.bar:
            bart = _median_ms(tall["maalt"][p.skala, "bar"]["prosessor"])
            bar_cpu, mot_bar = f"{bart:.1f}", f"{cpu / bart:.2f}"
        print(
            f"{side.navn:<22}{p.skala:>5}{tall['spoerringer'][nr]:>6}{'≤' + str(side.maal_spoerringer):>6}"
            f"{_median_ms(ours['vegg']):>9.1f}{_p95_ms(ours['vegg']):>9.1f}{cpu:>9.1f}{bar_cpu:>9}"
            f"{mot_bar:>8}{_aim(side.maal_forhold):>6}{cpu / grunn:>9.2f}{_aim(side.maal_skala):>6}"
            f"{tall['bytes_side'] / 1000:>9.1f}"
        )


def _skriv_besok(p: Prosess) -> None:
    stoerrelser = p.be("foerste_besok", adresse="/test-001/hjem/")
    neste = stoerrelser.pop("/test-001/hjem/")
    print("\nFørste besøk, komprimert (kB):")
    for navn, antall in sorted(stoerrelser.items(), key=lambda par: -par[1]):
        print(f"  {antall / 1000:>7.1f}  {navn.rsplit('/', 1)[-1]}")
    print(f"  {neste / 1000:>7.1f}  siden selv (neste side, mål ≤ 20)")
    print(f"  {(neste + sum(stoerrelser.values())) / 1000:>7.1f}  i alt (mål ≤ 160)")


def _maal_rapport(p: Prosess, mappe: Path, runder: int) -> None:
    fil = mappe / "rapport.html"
    maalt: dict[str, list[dict[str, float]]] = {"hele": [], "bare": []}
    for _ in range(runder):
        for hva, liste in maalt.items():
            liste.append(_ask("rapport", p, hva, str(fil)))
    print("\nÅrsrapporten mot WeasyPrint alene på samme HTML (median):")
    median = {
        hva: {felt: statistics.median(m[felt] for m in liste) for felt in liste[0]}
        for hva, liste in maalt.items()
    }
    for hva, m in median.items():
        print(
            f"  {hva:<6}{m['prosessor']:>7.2f} s prosessor {m['vegg']:>7.2f} s {m['minne']:>7.0f} MB {m['bytes'] / 1000:>7.0f} kB"
        )
    hele, bare = median["hele"], median["bare"]
    print(
        f"  forhold: tid {hele['prosessor'] / bare['prosessor']:.2f}, minne {hele['minne'] / bare['minne']:.2f} (mål ≤ 1,1)"
    )


def _maal_folk(p: Prosess) -> None:
    """Last, since it writes: an import of people as a worker does it."""
    m = _ask("folk", p, "test-001")
    print("\nImport av 700 personer med 1 100 verv:")
    print(
        f"  forespeil {m['forespeil']:>5.1f} s (mål ≤ 5), skrevet {m['skrevet']:>5.1f} s (mål ≤ 15)"
    )
    print(f"  minne {m['minne']:>5.0f} MB (mål ≤ 300); {m['utfall']} → {m['resultat']}")


def _maal_publikum(p: Prosess) -> None:
    """It writes too: an audience counted, ten times as large as the other."""
    liten, stor = _ask("publikum", p, "test-001")
    print("\nOpptelling av mottakere, 8 000 og 80 000 verv:")
    for navn, m in (("8 000", liten), ("80 000", stor)):
        print(
            f"  {navn:<7}{m['p50']:>7.1f} ms p50 {m['p95']:>7.1f} ms p95 {m['spoerringer']:>3} spørringer"
            f" ({m['personer']} personer i {m['grupper']} grupper, {m['i_flere']} i flere kommuner)"
        )
    print(
        f"  forhold {stor['p50'] / liten['p50']:.1f} (mål ≤ 10), størst {stor['p50']:.0f} ms (mål ≤ 150),"
        f" {stor['spoerringer']} mot {liten['spoerringer']} spørringer (mål: like mange)"
    )


def _maal_skranke(p: Prosess, mappe: Path) -> None:
    """It writes too: twenty desks at one gathering, and the badges of it."""
    m = _ask("skranke", p, "test-001")
    print(f"\nSkranken, 20 skranker og {m['deltakere']} deltakere:")
    print(
        f"  en bokstav  {m['bokstav_p50']:>6.1f} ms p50 {m['bokstav_p95']:>6.1f} ms p95 (mål ≤ 50)"
    )
    print(
        f"  et kryss    {m['kryss_p50']:>6.1f} ms p50 {m['kryss_p95']:>6.1f} ms p95;"
        f" {m['sendt']} sendt på {m['sekunder']:.0f} s (mål ≤ 60)"
    )
    print(
        f"  i basen etterpå: {m['hendelser']} hendelser, {m['moett']} møtt"
        f" (mål: {m['deltakere']} av hver){' FEIL: ' + '; '.join(m['feil']) if m['feil'] else ''}"
    )
    fil = str(mappe / "skilt.html")
    hele = _ask("skilt", p, "hele", fil, "test-001")
    bare = _ask("skilt", p, "bare", fil)
    print(
        f"  navneskiltene: {hele['prosessor']:.1f} s prosessor, {hele['minne']:.0f} MB; forhold til WeasyPrint"
        f" alene: tid {hele['prosessor'] / bare['prosessor']:.2f}, minne {hele['minne'] / bare['minne']:.2f} (mål ≤ 1,1)"
    )


def _maal_autolagring(p: Prosess) -> None:
    """It writes too: a hundred who write in their logs at once."""
    m = _ask("autolagring", p, "test-001")
    print(f"\nLoggen, 100 som skriver samtidig ({m['lagringer']} lagringer):")
    print(
        f"  en lagring hos tjeneren {m['tjener_p50']:>6.1f} ms p50 {m['tjener_p95']:>6.1f} ms p95 (mål ≤ 50)"
    )
    print(f"  en lagring hos den som skriver {m['p50']:>6.1f} ms p50 {m['p95']:>6.1f} ms p95")
    print(
        f"  i basen etterpå: {m['notater']} nye notater"
        f" (mål: 100){' FEIL: ' + '; '.join(m['feil']) if m['feil'] else ''}"
    )


def _maal_vegg(p: Prosess) -> None:
    """A tankesmie in the hall: phones that write and three hundred who watch."""
    m = _ask("vegg", p, "test-001")
    print("\nVeggen, ett kort i sekundet og 300 som ser på:")
    print(
        f"  oppfrisket  {m['frisk_p50']:>6.1f} ms p50 {m['frisk_p95']:>6.1f} ms p95 (mål ≤ 100);"
        f" {m['oppfriskninger']} ganger, {m['nye']} med noe nytt"
    )
    print(f"  et kort     {m['kort_p50']:>6.1f} ms p50 {m['kort_p95']:>6.1f} ms p95")
    print(
        f"  i basen etterpå: {m['kommet']} av {m['skrevet']} kort, {m['ekstra']} for mange"
        f"{' FEIL: ' + '; '.join(m['feil']) if m['feil'] else ''}"
    )
    print(
        f"  2000 kort åpnes på {m['stor_p50']:.0f} ms p50 {m['stor_p95']:.0f} ms på det meste (mål ≤ 300),"
        f" {m['spoerringer']} spørringer (mål ≤ 12)"
    )


def _maal_traad(p: Prosess) -> None:
    """The red thread of a goal and the tree of the goals, in a transaction that is rolled back."""
    print("\nEt mål med 10 000 under seg og 10 000 stemmer bak, og treet av 400 mål:")
    for hva, m in _ask("traad", p, "test-001").items():
        maal = " (mål ≤ 200)" if hva == "tråden" else ""
        print(
            f"  {hva:<18}{m['p50']:>7.1f} ms p50 {m['p95']:>7.1f} ms p95{maal},"
            f" {m['spoerringer']} spørringer (mål ≤ 12)"
        )


def _maal_evaluering(p: Prosess) -> None:
    """It writes too: seven hundred phones that answer."""
    m = _ask("evaluering", p, "test-001")
    print(f"\nEvalueringen, {m['telefoner']} telefoner på {m['sekunder']:.0f} s (mål ≤ 600):")
    print(
        f"  et svar {m['svar_p50']:>6.1f} ms p50 {m['svar_p95']:>6.1f} ms p95, siden {m['siden_p95']:.1f} ms p95,"
        f" resultatene {m['resultat_p95']:.1f} ms p95"
    )
    print(
        f"  i basen etterpå: {m['svar']} svar (mål: {m['telefoner']}), {m['nyeste']} endret, {m['verdier']} verdier"
        f"{' FEIL: ' + '; '.join(m['feil']) if m['feil'] else ''}"
    )


def _maal_praksis(p: Prosess) -> None:
    """The search in Praksis over sixty thousand, in a transaction that is rolled back."""
    m = _ask("praksis", p, "test-001")
    print(
        f"\nSøk i Praksis, 60 000 fortellinger, skrevet på {m['skrevet']:.0f} s (mål: p95 ≤ 100 ms):"
    )
    for navn in ("siden", "spørringen"):
        print(f"  {navn:<11}{m[navn]['p50']:>7.1f} ms p50 {m[navn]['p95']:>7.1f} ms p95")
    print(f"  {m['spoerringer']} spørringer på siden (mål ≤ 12)")
    print("  treff: " + ", ".join(f"{q} {n}" for q, n in m["treff"].items()))
    for q, plan in m["planer"].items():
        print(f"\n  «{q}»:\n{plan}")


def _maal_bord() -> None:
    """The seating of 700 people: needs no database."""
    m = _ask("bord")
    print("\nBordkart, 700 personer, 88 bord og seks regler (brudd per regel, den tyngste først):")
    for hva in ("spres", "samles"):
        d = m[hva]
        print(
            f"  gruppene {hva:<7}{d['sekunder']:>5.1f} s prosessor (mål ≤ 10); brudd {d['brudd']}, minst {d['minst']};"
            f" {d['bedre_enn_tilfeldig']:.1f} ganger bedre enn den beste av 200 tilfeldige;"
            f" samme frø {'gir det samme' if d['likt'] else 'FEIL: gir noe annet'}"
        )
    print(
        f"  fem flyttet for hånd: {m['juster']:.2f} s, {m['flyttet']} flyttet seg, brudd {m['brudd_etter']};"
        f" åtte som kom sent: {1000 * m['sene']:.0f} ms; minne {m['minne']:.0f} MB"
    )


# Those that may be measured alone.
_ALENE: dict[str, Callable[[Prosess, Path], None]] = {
    "skranke": _maal_skranke,
    "vegg": lambda p, _mappe: _maal_vegg(p),
    "evaluering": lambda p, _mappe: _maal_evaluering(p),
    "praksis": lambda p, _mappe: _maal_praksis(p),
    "autolagring": lambda p, _mappe: _maal_autolagring(p),
    "traad": lambda p, _mappe: _maal_traad(p),
}


def main() -> None:
    argumenter = argparse.ArgumentParser(description=__doc__)
    argumenter.add_argument("--skala", type=int, nargs="+", default=[1, 10])
    argumenter.add_argument("--runder", type=int, default=12)
    argumenter.add_argument("--uten-rapport", action="store_true")
    argumenter.add_argument("--bare-bord", action="store_true")
    for navn in _ALENE:
        argumenter.add_argument(f"--bare-{navn}", action="store_true")
    valg = argumenter.parse_args()
    if valg.bare_bord:
        _maal_bord()
        return
    with tempfile.TemporaryDirectory(prefix="maaling-") as tmp:
        mappe = Path(tmp)
        mappe.chmod(0o755)
        # Its own servers and databases: the developer's data is left alone.
        for navn in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "MEDIA_ROOT"):
            os.environ.pop(navn, None)
        with Servere(mappe / "var") as servere:
            maal(servere, mappe, valg)


def maal(servere: Servere, mappe: Path, valg: argparse.Namespace) -> None:
    alene = [navn for navn in _ALENE if getattr(valg, f"bare_{navn}")]
    if alene:  # in one network only
        valg.skala = valg.skala[:1]
    miljoer = {}
    for skala in valg.skala:
        print(f"Lager {skala} nettverk …", flush=True)
        miljoer[skala] = _database(servere, skala, mappe)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"],
        env=miljoer[valg.skala[0]],
        cwd=ROT,
        check=True,
    )
    prosesser = [Prosess(skala, miljoer[skala]) for skala in valg.skala]
    for navn in alene:
        _ALENE[navn](prosesser[0], mappe)
    if alene:
        return
    print(
        f"Samlingen har {prosesser[0].klar['deltakere']} deltakere. {valg.runder} runder à {PER_RUNDE}.\n"
    )
    print(
        f"{'side':<22}{'skala':>5}{'spørr':>6}{'mål':>6}{'p50 ms':>9}{'p95 ms':>9}{'cpu ms':>9}{'bar ms':>9}"
        f"{'× bar':>8}{'mål':>6}{'× skala':>9}{'mål':>6}{'kB':>9}"
    )
    # The same network in both databases, but its rows have their own ids in each.
    egne = [sidene(*(p.klar[hva] for hva in ("samling", "serie", "kommune"))) for p in prosesser]
    for sider in zip(*egne, strict=True):
        tall = (
            _maal_side(sider[0], prosesser, valg.runder)
            if len({s.adresse for s in sider}) == 1
            else None
        )
        if tall is None:
            raise SystemExit("Nettverkene er ikke laget likt i de to databasene.")
        _skriv_side(sider[0], tall, prosesser)
    _skriv_besok(prosesser[0])
    for p in prosesser:
        p.stopp()
    if not valg.uten_rapport:
        _maal_rapport(prosesser[0], mappe, 3)
    _maal_folk(prosesser[0])
    _maal_publikum(prosesser[-1])
    _maal_skranke(prosesser[0], mappe)
    _maal_vegg(prosesser[0])
    _maal_autolagring(prosesser[0])
    _maal_traad(prosesser[0])

    _maal_bord()

    _maal_evaluering(prosesser[0])


if __name__ == "__main__":
    main()
