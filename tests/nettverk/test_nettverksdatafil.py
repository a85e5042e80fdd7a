"""A network's data file that cannot be used: which, and why; and nothing is loaded of it."""

import pytest
from django.core.management import CommandError, call_command

from kommuner.lasting import load_kommuner
from nettverk.models import Nettverk
from nettverk.nettverksdata import Datafeil, load_nettverk, nettverksdata

pytestmark = pytest.mark.django_db


HEL = """
slug = "ny"
navn = "Nytt nettverk"
kortnavn = "Ny"
rekkefolge = 90
fra = 2020-01-01
kommuner = [{ nummer = "1573", kart = [0, 0] }]
"""


def test_a_whole_file_is_read(tmp_path):
    (tmp_path / "ny.toml").write_text(HEL)

    assert [data["slug"] for data in nettverksdata(tmp_path)] == ["ny"]


@pytest.mark.parametrize("felt", ["slug", "navn", "kortnavn", "rekkefolge", "fra", "kommuner"])
def test_what_a_file_lacks_is_named_with_the_file(tmp_path, felt: str):
    uten = [linje for linje in HEL.splitlines() if not linje.startswith(f"{felt} ")]
    (tmp_path / "ny.toml").write_text("\n".join(uten))

    with pytest.raises(Datafeil, match=rf"ny\.toml mangler {felt}\."):
        nettverksdata(tmp_path)


@pytest.mark.parametrize(
    "innhold", [b'navn = "uten slutt', b"= 1", b'navn = "\xff"', b"a = 1\na = 2"]
)
def test_a_file_that_is_not_toml_is_named(tmp_path, innhold: bytes):
    (tmp_path / "galt.toml").write_bytes(innhold)

    with pytest.raises(Datafeil, match=r"galt\.toml kan ikke leses"):
        nettverksdata(tmp_path)


def test_an_unknown_kommune_is_named_and_nothing_is_loaded(tmp_path):
    (tmp_path / "ny.toml").write_text(HEL.replace("1573", "9999"))
    [data] = nettverksdata(tmp_path)

    with pytest.raises(Datafeil, match="ny: ukjent kommunenummer 9999"):
        load_nettverk(data)

    assert not Nettverk.objects.exists()


def test_an_unknown_kind_of_group_is_named(tmp_path):
    load_kommuner()
    (tmp_path / "ny.toml").write_text(HEL + '[[grupper]]\ntype = "kor"\nnavn = "Koret"\n')
    [data] = nettverksdata(tmp_path)

    with pytest.raises(ValueError, match="'kor' is not a valid Gruppe"):
        load_nettverk(data)

    assert not Nettverk.objects.exists()


def test_the_command_tells_of_the_file_without_a_traceback(tmp_path):
    (tmp_path / "ny.toml").write_text(HEL.replace('slug = "ny"', ""))

    with pytest.raises(CommandError, match=r"ny\.toml mangler slug"):
        call_command("last_nettverk", str(tmp_path / "ny.toml"))


def test_no_network_is_loaded_that_is_not_named(capsys):
    call_command("last_nettverk")

    assert not Nettverk.objects.exists()
    assert "nordmore: Oppvekstnettverk Nordmøre" in capsys.readouterr().out


def test_only_those_that_are_named_are_loaded_by_address_or_by_file(tmp_path):
    (tmp_path / "ny.toml").write_text(HEL)

    call_command("last_nettverk", "salten", str(tmp_path / "ny.toml"))

    assert set(Nettverk.objects.values_list("slug", flat=True)) == {"salten", "ny"}


def test_a_name_that_is_neither_is_told_with_those_there_are():
    with pytest.raises(CommandError, match=r"helgeland er verken en fil .* nordmore"):
        call_command("last_nettverk", "salten", "helgeland")

    assert not Nettverk.objects.exists()
