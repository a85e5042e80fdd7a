import json
import shutil
from io import StringIO
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.template import Context, Template
from django.utils import translation
from django.utils.translation import trans_real

from nettverk.spraak import bibliotek, fletting, katalog, kompilering, ordliste, sjekk, uttrekk
from nettverk.spraak.katalog import Tekst

ORDLISTE = Path(settings.BASE_DIR) / "docs" / "ordliste.md"

MAL = """
{% load i18n %}<title>{% translate "Samlinger" %}</title>
  {% if kommune == _("alle") %}{{ frist|default:_("uten frist") }}{% endif %}
{% translate "Åpne" context "verb" as knapp %}
    {% blocktranslate trimmed with navn=person.navn %}
      Hei, {{ navn }}.
      Du har nådd 92 % av målet.
    {% endblocktranslate %}
{% blocktranslate trimmed count antall=rader|length context "liste" asvar tittel %}
  {{ antall }} samling
{% plural %}
  {{ antall }} samlinger
{% endblocktranslate %}
"""

KILDE = """
from django.utils import translation
from django.utils.translation import gettext_lazy as _, ngettext_lazy as _n, pgettext
tittel = _("Årsrapport " "for nettverket")
antall = _n("%(n)d svar", "%(n)d svar i alt", "n")
måned = pgettext("måned", "mai")
annet = translation.npgettext("program", "én post", "flere poster", 2)
variabel = _(tittel)
"""


@pytest.fixture
def locale_folder(tmp_path, settings):
    """A copy of our catalogues that a test may change."""
    folder = tmp_path / "locale"
    shutil.copytree(settings.LOCALE_PATHS[0], folder)
    settings.LOCALE_PATHS = [folder]
    return folder


def _broken_texts(language):
    known = katalog.read(katalog.path_for(language), language)
    return sjekk.findings(fletting.required(language), known)


# --- the catalogues as they are


@pytest.mark.parametrize("language", katalog.SPRAAK)
def test_every_text_is_translated_and_keeps_its_placeholders(language):
    assert _broken_texts(language) == []


@pytest.mark.parametrize("language", katalog.SPRAAK)
def test_catalogue_holds_exactly_the_texts_of_the_source(language):
    on_disk = set(katalog.read(katalog.path_for(language), language))

    assert on_disk == {text.key for text in fletting.merged(language)}


def test_allauth_speaks_nynorsk():
    known = katalog.read(katalog.path_for("nn"), "nn")
    texts = bibliotek.allauth_texts()

    assert len(texts) > 300
    assert sjekk.findings(texts, known) == []


def test_django_has_no_gaps_in_norwegian():
    for language in ("nb", "nn"):
        known = katalog.read(katalog.path_for(language), language)
        assert sjekk.findings(bibliotek.django_gaps(language), known) == []


def test_source_texts_use_the_chosen_bokmaal_words():
    words = ordliste.read(ORDLISTE, "nb")
    texts = [string for text in uttrekk.extract().values() for string in text.sources]
    texts += _translations("nb")

    assert _losers(words, texts) == {}


def test_allauth_speaks_our_bokmaal():
    words = ordliste.read(ORDLISTE, "nb")
    folder = Path(allauth.__file__).parent / "locale"
    theirs = katalog.read(katalog.path_for("nb", folder), "nb")
    ours = katalog.read(katalog.path_for("nb"), "nb")
    shown = [string for text in (theirs | ours).values() for string in text.translation]

    assert _losers(words, shown) == {}


def test_nynorsk_uses_the_chosen_words_and_no_bokmaal():
    words = ordliste.read(ORDLISTE, "nn")

    assert _losers(words, _translations("nn")) == {}


def test_english_uses_the_chosen_words():
    words = ordliste.read(ORDLISTE, "en")

    assert _losers(words, _translations("en")) == {}


@pytest.mark.parametrize(
    ("language", "text", "losers"),
    [
        ("nb", "Rediger notatet", ["Rediger"]),
        ("nb", "Mellomarbeidet er ikke startet, og 3 er meldt av", ["ikke startet", "meldt av"]),
        ("nb", "%(n)s programpost(er) er allereie her", ["programpost(er)", "allereie"]),
        ("nb", "Tallene hentes når du endrer noe. Verv: leder (KOG)", []),
        ("nn", "Ikkje starta. Ta kontakt om noko er feil", ["Ikkje starta", "om noko"]),
        (
            "nn",
            "Samlinga er alt publisert, difor kan du ikkje redigere ho",
            ["er alt publisert", "difor", "redigere"],
        ),
        ("nn", "Her er alt portalen har lagra. Vel om du kjem. Du bruker ein app", []),
        ("en", "Sign off from the agenda by email", ["Sign off", "agenda", "email"]),
        ("en", "Enter three letters of the programme", []),
    ],
)
def test_words_we_stopped_using_cannot_come_back(language, text, losers):
    assert ordliste.read(ORDLISTE, language).losers(text) == losers


def _translations(language):
    texts = katalog.read(katalog.path_for(language), language).values()
    return [string for text in texts for string in text.translation]


def _losers(words, texts):
    return {text: found for text in texts if (found := words.losers(text))}


# --- extraction


def test_extraction_finds_every_kind_of_template_text():
    found = {(t.context, t.msgid, t.plural) for t in uttrekk.from_template(MAL)}

    assert found == {
        ("", "Samlinger", ""),
        ("", "alle", ""),
        ("", "uten frist", ""),
        ("verb", "Åpne", ""),
        ("", "Hei, %(navn)s. Du har nådd 92 %% av målet.", ""),
        ("liste", "%(antall)s samling", "%(antall)s samlinger"),
    }


def test_extraction_finds_aliases_contexts_and_plurals_in_python():
    found = {(t.context, t.msgid, t.plural) for t in uttrekk.from_python(KILDE)}

    assert found == {
        ("", "Årsrapport for nettverket", ""),
        ("", "%(n)d svar", "%(n)d svar i alt"),
        ("måned", "mai", ""),
        ("program", "én post", "flere poster"),
    }


@pytest.mark.parametrize("call", ['_(f"Hei {navn}")', '_("Hei " + navn)', '_("{}".format(1))'])
def test_text_that_could_never_be_found_at_run_time_is_refused(call):
    with pytest.raises(ValueError, match="oversett teksten først"):
        list(uttrekk.from_python(call))


def test_template_text_is_what_django_looks_up(locale_folder):
    """The msgid we extract is the one the running template asks for, to the last percent sign."""
    text = next(t for t in uttrekk.from_template(MAL) if t.msgid.startswith("Hei"))
    text.translation = ("Hello, %(navn)s. You reached 92 %% of it.",)
    katalog.write(katalog.path_for("en"), "en", [text])
    kompilering.compile_all(force=True)

    with FreshTranslations("en"):
        html = Template(MAL).render(Context({"person": {"navn": "Kari"}, "rader": []}))

    assert "Hello, Kari. You reached 92 % of it." in html


class FreshTranslations:
    """Read the catalogues again, and forget them afterwards."""

    def __init__(self, language):
        self.override = translation.override(language)

    def __enter__(self):
        self._forget()
        self.override.__enter__()

    def __exit__(self, *error):
        self.override.__exit__(*error)
        self._forget()

    @staticmethod
    def _forget():
        vars(trans_real)["_translations"].clear()
        vars(trans_real)["_default"] = None


# --- merge and fill


@pytest.fixture
def source(locale_folder, settings, tmp_path):
    """A project whose only template holds exactly this."""
    settings.BASE_DIR = tmp_path
    template = tmp_path / "templates" / "a.html"
    template.parent.mkdir()

    def use(*lines):
        template.write_text("\n".join(lines))

    return use


LAGRE = '{% translate "Lagre" %}'
# Not a text of the portal: the copied catalogue has no translation of it.
HEI = "{% blocktranslate %}Hei på prøve, {{ navn }}{% endblocktranslate %}"
SVAR = "{% blocktranslate %}{{ n }} svar{% endblocktranslate %}"
FLERE = "{% blocktranslate count n=n %}én | to{% plural %}{{ n }} flere{% endblocktranslate %}"


def test_merge_keeps_translations_and_drops_what_is_gone(source):
    source(LAGRE, '{% translate "Slett" %}')
    fletting.merge("en")
    fletting.fill("en", {"Lagre": "Save", "Slett": "Delete"})
    source(LAGRE, '{% translate "Lever" %}')

    changed = fletting.merge("en")

    known = katalog.read(katalog.path_for("en"), "en")
    assert changed
    assert {t.msgid: t.translation for t in known.values()} == {"Lagre": ("Save",), "Lever": ()}
    assert not fletting.merge("en")


def test_merge_keeps_library_texts(source):
    source("")

    fletting.merge("nn")

    known = katalog.read(katalog.path_for("nn"), "nn")
    assert known[("", "Sign Out")].translation == ("Logg ut",)
    assert known[("", "Sign Out")].origin == "allauth"


def test_text_that_becomes_plural_must_be_translated_anew(source):
    source(SVAR)
    fletting.fill("en", {"%(n)s svar": "%(n)s answers"})
    source(
        "{% blocktranslate count n=n %}{{ n }} svar{% plural %}{{ n }} alle{% endblocktranslate %}"
    )

    fletting.merge("en")

    assert list(fletting.untranslated("en")) == ["%(n)s svar"]


def test_fill_reads_context_and_plural_in_the_shape_it_was_asked(source):
    source(FLERE, '{% translate "mai" context "måned" %}')
    asked = fletting.untranslated("en")
    assert asked == {
        "måned|mai": "",
        "én | to": {"flertall": "%(n)s flere", "oversatt": ["", ""]},
    }

    asked["måned|mai"] = "May"
    asked["én | to"]["oversatt"] = ["one | two", "%(n)s more"]
    outcome = fletting.fill("en", json.loads(json.dumps(asked)))

    assert outcome.filled == 2
    assert fletting.untranslated("en") == {}


def test_fill_refuses_a_lost_placeholder_and_reports_an_unknown_text(source, tmp_path):
    source(HEI, LAGRE)
    file = tmp_path / "en.json"
    file.write_text(
        json.dumps({"Hei på prøve, %(navn)s": "Hi, %(name)s", "Lagre": "Save", "Borte": "Gone"})
    )

    stderr = StringIO()
    with pytest.raises(CommandError):
        call_command("spraak", fyll=["en", str(file)], stdout=StringIO(), stderr=stderr)

    assert "Borte" in stderr.getvalue()
    assert "plassholder %(navn)s" in stderr.getvalue()
    assert list(fletting.untranslated("en")) == ["Hei på prøve, %(navn)s"]


def test_check_fails_on_a_missing_text(source):
    source('{% translate "Noe nytt" %}')

    stdout = StringIO()
    with pytest.raises(CommandError):
        call_command("spraak", check=True, stdout=stdout)

    assert "en: mangler: 'Noe nytt' (templates/a.html)" in stdout.getvalue()


@pytest.mark.parametrize(
    ("source_text", "translated", "is_right"),
    [
        ("{antall} svar", "{antall} answers", True),
        ("{antall} svar", "{number} answers", False),
        ("%d av %s", "%s of %d", False),
        ("92 % sikker", "92 % sure", True),
        ("<b>Merk</b> dette", "Note this", False),
        ('<a href="%(url)s">her</a>', '<a href="%(url)s">here</a>', True),
        ("Hei ", "Hi", False),
    ],
)
def test_placeholders_and_tags_must_survive(source_text, translated, is_right):
    problems = sjekk.broken(Tekst(source_text, translation=(translated,)))

    assert (not problems) == is_right


# --- compiling


def test_compiles_only_what_is_new_and_leaves_out_the_uncertain(locale_folder):
    texts = [
        Tekst("Lagre", translation=("Save",)),
        Tekst("Lever", translation=("Hand in",), fuzzy=True),
    ]
    katalog.write(katalog.path_for("en"), "en", texts)
    kompilering.compile_all(force=True)

    assert kompilering.compile_all() == []
    with FreshTranslations("en"):
        assert translation.gettext("Lagre") == "Save"
        assert translation.gettext("Lever") == "Lever"


def test_nynorsk_sign_in_falls_back_to_nothing_but_nynorsk(locale_folder):
    kompilering.compile_all(force=True)

    with FreshTranslations("nn"):
        assert translation.gettext("Forgot your password?") == "Har du gløymt passordet?"
        assert translation.pgettext("field label", "Login") == "Logg inn"


# --- the word list


def test_word_list_looks_at_whole_words_outside_quotations():
    words = ordliste.read(ORDLISTE, "nn")

    assert words.losers("Det finst ingen samlingar frå «Hva skjer?» %(uke)s") == []
    assert words.losers("Ikke alle enheter er fra skolen, samlingen eller muligheten") == [
        "Ikke",
        "enheter",
        "fra",
        "skolen",
        "samlingen",
        "muligheten",
    ]
