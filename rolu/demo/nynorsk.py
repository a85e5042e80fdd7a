"""Demo: what units write in their log in a network on nynorsk: (phase, kindergartens, schools)."""

from rolu.models import Loggpost

_F = Loggpost.Fase

LESESTUND = [
    (
        _F.PLANLEGGE,
        [
            "Vi vil lese same boka med ei lita gruppe fem dagar på rad. Vi trur fleire torer å snakke når boka er kjend.",
            "Personalet valde tre bøker med få ord og store bilete. Alle barna skal ha vore med i ein samtale kvar veke.",
        ],
        [
            "Vi set av tolv minutt lesing etter storefri på alle trinn. Vi trur roa etterpå gir betre samtalar i timen.",
            "Mellomtrinnet les éi felles bok. Vi vil sjå om fleire elevar er med i samtalen.",
        ],
    ),
    (
        _F.PROEVE,
        [
            "Vi las boka måndag til fredag. Frå onsdag fekk barna fortelje sida før vi las ho.",
            "Ein av oss las, ein annan skreiv ned kva barna sa. Vi bytte på annankvar dag.",
        ],
        [
            "Alle klassar har hatt lesestund fire dagar i veka. Læraren las sjølv, saman med elevane.",
            "Vi prøvde lesevener i seks veker. Para valde bok på biblioteket saman først.",
        ],
    ),
    (
        _F.OBSERVERE,
        [
            "Fleire barn tok fram bøker på eige initiativ. Nokre las for kvarandre med orda og tonefallet vårt.",
            "Samtalane vart lengre. Mot slutten var det barna som spurde oss.",
        ],
        [
            "Elevane spurde etter lesestunda når ho fall bort. Det er rolegare på gangen etterpå.",
            "Dei som ikkje tok ordet, lytta meir enn vi trudde.",
        ],
    ),
    (
        _F.REFLEKTERE,
        [
            "Vi har snakka for mykje sjølve. Når vi ventar litt lenger, kjem svara.",
            "Det var ikkje boka som avgjorde, men kor mange som sat saman.",
        ],
        [
            "Tida vi «mista», fekk vi att i arbeidsro. Vi må bli samde om kva vi gjer når vi har vikar.",
            "Vi vil lage opnare spørsmål neste gong.",
        ],
    ),
]

HVEM_BARNEHAGE = ["Heile avdelinga", "To vaksne og seks barn", "Utviklingsgruppa", ""]
HVEM_SKOLE = ["Alle lærarane på trinnet", "To lærarar og 22 elevar", "Utviklingsgruppa", ""]
