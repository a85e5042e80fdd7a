"""What a stranger writes in a field, by what the field is for."""

LANGT = "å" * 60_000
SIFRE = "9" * 4_400

# Must never be found in a page as it stands here.
SKRIPT = "<script>angrep()</script>"
ATTRIBUTT = '"><img src=x onerror=angrep()>'
RAATT = ("<script>angrep()", "<img src=x onerror=angrep()")
FREMMED = "https://ond.example/"

TEGN = [
    "a\x00b",  # NUL, which PostgreSQL refuses
    "en\rto",  # a lone CR
    "en\r\nto: ond@example.org",
    "\ud800",  # half a character: sent as the bytes ED A0 80
    "\u202eteks\u202d",
    "\ufeff\u2028\u2029\x0b\x7f\x85",
    "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "=1+1",
    SKRIPT,
    ATTRIBUTT,
    "' OR 1=1; --",
    "{{ 7*7 }}{% debug %}%(navn)s%s",
    "../../../../etc/passwd",
    '{"a": [1, null]}',
    "   ",
]
TALL = [
    "²",
    "٣",
    SIFRE,
    "-1",
    "0",
    str(2**31),
    str(2**63),
    "1e400",
    "NaN",
    "-Infinity",
    "1_0",
    "0x1f",
    "1.5",
]
DATO = [
    "0001-01-01",
    "9999-12-31",
    "31.02.2026",
    "2026-02-31",
    "1899-12-31",
    "2101-01-01",
    "0000-00-00",
    "٢٠٢٦-٠١-٠١",
    "-0001-01-01",
    "20260101",
]
TID = ["25.00", "24:00", "²3.00", "09.00.00.0000001", "-1", "0960"]
EPOST = [
    f"{'a' * 303}@example.org",  # 315 characters
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.no",  # right in form, 260 characters
    "a@b\r\nBcc: ond@example.org",
    '"<script>angrep()</script>"@example.org',
    "å@øæ.no",
    "a@\u202e.no",
    "navn@kommune.no\x00",
]
UUID = ["00000000-0000-0000-0000-000000000000", "{6f1f64f8-6ad3-4e4f-9f0b-6f0f0f1f2f3f}", "x"]
JSON = ['{"a": [1, null]}', "[" * 20_000, "null"]
ADRESSE = [
    FREMMED,
    "//ond.example/",
    "javascript:angrep()",
    "/\\ond.example",
    "https:///ond.example/",
]

# Several at once, where one value is as good as another for what is shown.
BLANDING = (
    "\u202eteks\u202d 👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿 =1+1 ' OR 1=1; -- {{ 7*7 }}{% debug %}%(navn)s%s ../../etc/passwd"
    + SKRIPT
    + ATTRIBUTT
)

# One field at a time, the others as a kind person would fill them in: what may come through to the act.
_PER_SLAG: dict[str, list[str]] = {
    "tekst": ["a\x00b", "en\rto", BLANDING, LANGT],
    "tall": ["²", SIFRE, "-1", str(2**31), str(2**63), "1e400"],
    "dato": ["0001-01-01", "9999-12-31", "31.02.2026", "٢٠٢٦-٠١-٠١"],
    "tid": ["25.00", "²3.00", "09.00.00.0000001"],
    "epost": EPOST[:4] + [EPOST[5]],
    "valg": ["a\x00b", str(2**63), "²"],
    "skjult": ["", "a\x00b", str(2**63), JSON[0], JSON[1]],
    "adresse": [SKRIPT, *ADRESSE],
}

# All fields of a form at once, and all parameters of an address at once.
OVERALT = [
    BLANDING,
    "a\x00b",
    "en\rto",
    "\ud800",
    "²",
    SIFRE,
    str(2**63),
    "NaN",
    LANGT,
    "0001-01-01",
    "9999-12-31",
    FREMMED,
]
# Everything there is, for a parameter that is read from the address (cheap to ask).
ALT: dict[str, list[str]] = {
    "tekst": [*TEGN, "²", LANGT],
    "tall": [*TALL, *TEGN[:4], LANGT],
    "dato": [*DATO, "²", SIFRE, "a\x00b", SKRIPT],
    "skjult": [*UUID, *JSON, *TEGN[:4], str(2**63), ATTRIBUTT],
    "adresse": [*ADRESSE, *TEGN[:4], SKRIPT],
}

# In the place of <int:pk>, <slug:…>, <uuid:…> and <str:…>.
I_ADRESSEN: dict[str, list[str]] = {
    "int": ["0", "9" * 30, str(2**31), str(2**63), SIFRE, "٣"],
    "slug": ["x" * 300, "-", "None", "admin"],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
    "str": ["%00", "%ED%A0%80", "x" * 300, "%3Cscript%3Eangrep()%3C%2Fscript%3E", "%0D%0Aa"],
}

HODER: list[dict[str, str]] = [
    {"HX-Request": "true"},
    {
        "HX-Request": "true",
        "HX-Current-URL": "https://ond.example/²\x7f",
        "HX-Target": ATTRIBUTT,
        "HX-Trigger": SKRIPT,
        "HX-Trigger-Name": "²",
        "HX-Prompt": SIFRE,
        "HX-Boosted": "nei",
        "HX-History-Restore-Request": "true",
    },
    {"Accept-Language": "nn;q=²," + "x" * 5_000, "Referer": "https://[ond/"},
    {"Referer": "javascript:angrep()", "X-Autolagre": "²"},
    {
        "Accept": SIFRE,
        "If-Modified-Since": "31.02.0001",
        "If-None-Match": SKRIPT,
        "Range": f"bytes=-{SIFRE}",
    },
    {
        "X-Forwarded-For": "²," + "1" * 500,
        "X-Forwarded-Proto": "gopher",
        "X-Requested-With": "\x7f",
    },
]
KAPSLER: list[dict[str, str]] = [
    {"django_language": SKRIPT},
    {"django_language": "../../etc", "csrftoken": "²"},
    {"sessionid": "x" * 3_000},
    {"sessionid": "%00", "messages": '["' + "x" * 2_000},
    {"messages": '[["__json_message",0,"x","<script>angrep()</script>"]]:x:y'},
]


def values_for(slag: str) -> list[str]:
    """The hostile values of a kind of field, one at a time."""
    return list(dict.fromkeys(_PER_SLAG[slag]))
