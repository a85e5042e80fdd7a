"""Names of invented schools and kindergartens in Nordmøre, and how many each kommune has.

Real numbers: eight kommuner, 45 schools and 80 kindergartens. The names are nobody's.
"""

# kommunenummer: (schools, kindergartens), by the kommune's size.
ANTALL = {
    "1505": (14, 32),  # Kristiansund
    "1554": (5, 9),  # Averøy
    "1557": (4, 5),  # Gjemnes
    "1560": (4, 5),  # Tingvoll
    "1563": (6, 11),  # Sunndal
    "1566": (5, 9),  # Surnadal
    "1573": (3, 3),  # Smøla
    "1576": (4, 6),  # Aure
}
# Children or pupils, staff and parents in all, from the network's application of 2018.
STOERRELSE = {
    "barnehage": (3000, 850, 5000),
    "grunnskole": (6800, 1050, 10_000),
}
# The demo people's unit is the first school here.
DEMO_KOMMUNE = "1554"

SKOLER = """
Skoddevika skole
Tareneset skole
Måsodden barneskole
Alkeberget skole
Ulkedalen oppvekstsenter
Brenningsundet skole
Teisthaugen ungdomsskole
Krabbesletta skole
Tangvollen barneskole
Nisebukta skole
Skarvholmen skole
Silddalen skole
Fjæremoen ungdomsskole
Hjelmebakken skole
Steinbitneset skole
Sjøgrasenga barneskole
Dønningdalen skole
Snurresundet skole
Svabergåsen ungdomsskole
Ærfuglvika skole
Øyresteinen skole
Geitramsbakken skole
Kluppedalen oppvekstsenter
Tjeldsletta skole
Spovemyra barneskole
Havskodda skole
Mullenget skole
Floberget skole
Rognskaret ungdomsskole
Skjellsanden skole
Lyngspranget skole
Gråværet skole
Bruheia skole
Nordavindsletta skole
Sjøsprøyten barneskole
Kvitskumdalen skole
Havgløttet skole
Torskehodet oppvekstsenter
Vårflua skole
Bølgetoppen skole
Laksespranget skole
Naustlia skole
Glanskula skole
Åpenvika skole
Ytste Skjer skole
""".strip().splitlines()

BARNEHAGER = """
Tangsprellet barnehage
Blåskjellbanden barnehage
Krabbekloa barnehage
Skoddeheimen barnehage
Tarereiret barnehage
Måsungen barnehage
Ulketroll barnehage
Sjøpinnsvinet barnehage
Havgufset barnehage
Flyndreflekken barnehage
Albueskjellet barnehage
Snegleslottet barnehage
Kråkebollen barnehage
Sandloppa barnehage
Fjærekrabben barnehage
Tjeldmamma barnehage
Ærfugldunet barnehage
Teistegjengen barnehage
Strandasnellen barnehage
Sukkertaren barnehage
Blæretangen barnehage
Bølgeplasket barnehage
Saltdråpen barnehage
Skumtoppen barnehage
Svabergskrenten barnehage
Vindkastet barnehage
Regnfrakken barnehage
Sydvesten barnehage
Støvelsprut barnehage
Robåtripa barnehage
Åretaket barnehage
Garnblåsa barnehage
Fiskesprett barnehage
Sildestimen barnehage
Seiungen barnehage
Torskerogna barnehage
Makrellskya barnehage
Lyrblikket barnehage
Steinbitgliset barnehage
Kveitehula barnehage
Selkobben barnehage
Nisespranget barnehage
Oterstien naturbarnehage
Mårhiet naturbarnehage
Hjortekalven naturbarnehage
Ekornlabben barnehage
Haresporet barnehage
Bjørkebukken barnehage
Einerkrattet barnehage
Rognebærklasen barnehage
Geitramsbakken barnehage
Lyngtua barnehage
Mosedottene barnehage
Kongledalen barnehage
Tyttebærtua barnehage
Multemyrkanten barnehage
Krøkebærlyngen barnehage
Blåveisbakken naturbarnehage
Smørblomstenga barnehage
Løvetannfnugget barnehage
Hvitveishaugen barnehage
Humlesurr barnehage
Marihønebakken barnehage
Frøspranget barnehage
Salamanderdammen barnehage
Vårbekken barnehage
Elveleiken barnehage
Kulpen og stryket barnehage
Fossegrimen barnehage
Snøfonna barnehage
Istappen barnehage
Rimfrosten barnehage
Solgløttet barnehage
Nordlysstripa barnehage
Månestien barnehage
Morgendisen barnehage
Kveldsbrisen barnehage
Fyrlykta barnehage
Ytterste holmen barnehage
Åkerrikseenga barnehage
""".strip().splitlines()
