"""Demo: what the units write to each other when they share. Each text is used once before any comes again.

Invented, but as people write in such networks: what was tried, what was seen, and one thing to take along.
No child is named.
"""

# (kindergartens, schools)
LESESTUND = (
    [
        "Boka ble med ut i gapahuken. Ute pekte barna på ekte røtter og maur, og da fikk ordene feste.",
        "Fire barn og én voksen er nok. Da vi delte gruppa i to, snakket også de som pleier å tie.",
        "Den samme boka fem dager på rad ga mest. Mandag hørte barna etter, onsdag fortalte de, og fredag var det de som leste for oss.",
        "Vi teller til fem før vi spør igjen. Det føles lenge, men nesten alle svarer når de får pausen.",
        "Garderoben er blitt lesekroken vår. De ti minuttene mens vi venter på alle, er nå dagens roligste.",
        "Heng opp en ordliste ved bordet. Hver voksen noterer ett ord barna lurte på, og vi tar ordene opp på avdelingsmøtet.",
        "Vi lot barna velge bok med en klesklype på hylla. Plutselig var det barna som ba om lesestund.",
        "Foreldrene fikk låne boka hjem på morsmålet. Dagen etter fortalte barna historien på to språk.",
        "En av oss leste, en annen noterte. Notatene viste at vi stilte tre ganger så mange spørsmål som barna.",
        "Bruk rekvisitter fra sløydbua. En kongle og et garnnøste holdt samtalen i gang lenger enn bildene.",
        "Nattbordslampa gjorde susen. Vi slukket taklyset, og barna hvisket frem historien sammen med oss.",
        "Les mindre og snakk mer. Vi kom aldri lenger enn til side fire, og det ble de beste samtalene.",
        "Vi sang boka. Med en enkel melodi kom de yngste inn på de samme linjene hver dag.",
        "Førskolegruppa laget fortsettelsen selv. De tegnet, vi skrev, og nå står boka deres i hylla.",
        "Fast plass i sirkelen ga ro. Vi bruker små tepper, og ingen spør lenger hvem de skal sitte ved.",
        "Vikarene fikk et kort med tre spørsmål. Da falt ikke lesestunden bort de dagene noen var syke.",
    ],
    [
        "Tolv minutter er nok. Det viktigste er at det skjer hver dag, og at læreren leser selv.",
        "La lesevennene velge bok selv. Vi satte av tid til å øve på høytlesing før de møttes, og da turte alle.",
        "Samtalekortene virket best uten fasit. Vi strøk halvparten av spørsmålene og fikk dobbelt så lange svar.",
        "Fjerde trinn forklarte ord for første trinn. De eldste skjønte selv først hva ordene betydde da de måtte vise dem.",
        "Vi leser stående ved vinduet etter storefri. Det tar to minutter før roen kommer, mot ti før.",
        "Elevene skrev ett spørsmål hver før vi snakket. Da var det ikke lenger de samme tre som svarte.",
        "Én felles bok på hele mellomtrinnet ga praten i friminuttene. Kontaktlærerne leser den samtidig.",
        "Skolebiblioteket åpnet i lunsjen. Utlånet gikk opp allerede andre uka, mest av tegneserier og faktabøker.",
        "En av oss telte hvem som avbrøt hvem. Det var vi voksne som avbrøt, ikke elevene.",
        "Lekse ble lesestund hjemme. Familiene valgte språk selv, og elevene fortalte om boka dagen etter.",
        "Start med bildene. Elevene som strever med å lese, hadde mest å si da vi dekket til teksten.",
        "Timeplanen fikk en fast rute til lesing. Så lenge den var frivillig, forsvant den hver gang noe annet hastet.",
    ],
)

MATTE_UTE = (
    [
        "Pinner i snøen ble en hel tallrekke. Den korteste pinnen fikk navnet en, og så begynte barna å krangle om halv.",
        "Barna telte båtene i havna og la én stein for hver. Steinene ble med hjem, og tellingen fortsatte i sandkassa.",
        "Vi veide steiner med en bøtte i hver ende av en planke. Den største var ikke den tyngste, og det måtte prøves mange ganger.",
        "Tauet på turen er alltid like langt. Når det rekker rundt to trær, men ikke tre, kommer ordene av seg selv.",
    ],
    [
        "Tre måter å måle flaggstanga på ga tre svar. Uenigheten ble den beste matematikktimen vi har hatt i år.",
        "Elevene laget oppgaver til hverandre i fjæra. De vanskeligste kom fra dem som sjelden rekker opp hånda inne.",
        "Målebånd av skritt holdt lenge. Da gruppene fikk ulikt svar, foreslo elevene selv at alle måtte bruke samme skritt.",
    ],
)

LESESTUND_NN = (
    [
        "Vi las den same boka kvar dag i ei veke. Til slutt var det barna som fortalde, og vi som høyrde på.",
        "Fem sekund er lenge å vente. Vi øvde oss på pausen, og då kom svara frå dei som elles er stille.",
        "Boka vart med i fjøra. Der fann barna tanga og skjela frå historia, og dei nye orda sat.",
        "Små grupper gav store samtalar. Vi deler no i fire og fire, òg dei dagane vi er få vaksne.",
        "Dei eldste laga si eiga bok om turen til naustet. No ligg ho i hylla og blir lesen oftare enn dei andre.",
        "Foreldra fekk boka med heim. Fleire barn fortalde ho på morsmålet sitt i samlinga dagen etter.",
    ],
    [
        "Tolv minutt kvar dag er nok. Det som avgjer, er at læraren les saman med elevane.",
        "Lesevener på tvers av trinn gav mest til dei eldste. Dei måtte forklare orda, og då forstod dei dei sjølve.",
        "Vi strauk halvparten av spørsmåla våre. Elevane svarte lengre når det ikkje fanst noko fasitsvar.",
        "Alle skreiv eitt spørsmål før vi snakka saman. Då var det ikkje lenger dei same tre som tok ordet.",
        "Leserom i lunsjen fekk fleire innom biblioteket. Teikneseriar og faktabøker går det mest av.",
        "Ein av oss talde kven som braut av. Det var vi vaksne, og no ventar vi på tur.",
    ],
)

# What a child drew of it (rolu.demo.tegninger), by the text's beginning.
TEGNET = {
    "Boka ble med ut": 0,
    "Fire barn og én voksen": 1,
    "Barna telte båtene": 2,
    "Pinner i snøen": 3,
}
