"""The words of a text that say something: without the small ones, in bokmål, nynorsk and English."""

import re

_ORD = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]{2,})*")

# What stands between the words that are meant.
_SMAA_ORD = """
about aldri all alle alltid alt and andre annen annet are bare ble blei bli blir blitt
blive but bør både can deg dei deim deira deires dem den denne der dere deres derfor
derre desse dessuten det dette din disse ditt dykk dykkar ein eit eitt eller elles ene
eneste enn ett etter fikk fleire fler flere for fordi fra fram framfor from frå før
først får ganske gir gjennom gjer gjera gjere gjerne gjorde gjort gjør gjøre god gode
godt går hadde han hans har hatt have heile hele hennar henne hennes her hjå honom hos
how hun hva hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor håper iblant
igjen ikke ikkje ingen ingenting inkje inn inne innen jeg kan kanskje kjem kom komme
kommer korleis korso kunne kva kvar kvarhelst kven kvi kvifor lage lager lite litt man
mange med medan meg meget mei meir meire mellom men mens mer mest min mine mitt more mot
mye mykje måtte ned nede nei noe noen noka noko nokon nokor nokre not når også omkring
opp oss our over saa sia sidan siden sin sine sitt sjøl sjå skal skulle slik slike som
somme somt stor store stort støtt synes synest sånn tar that the they this til tror trur
under upp utan uten var vart varte ved veldig vere verte vil ville vore vors vort være
vært vår våre vårt was what when will with you åssen
"""
_SMAA = frozenset(_SMAA_ORD.split())


def words_of(tekst: str) -> set[str]:
    """Each of them once, in small letters."""
    return {ord_ for ord_ in _ORD.findall(tekst.lower()) if ord_ not in _SMAA}
