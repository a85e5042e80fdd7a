"""What docker-compose.yml promises: few rights, limits on everything, and a database nobody outside reaches."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from nettverk.filer import bildeprosess, lagervalg, opplasting
from nettverk.maskinrom.binaerer import postgres_folder, valkey_program
from nettverk.maskinrom.miljo import ROT
from nettverk.maskinrom.postgres import SPRAAK
from tests.maskinrom.oppskrift import compose, dockerfile, image_environment, sent_to_build

FIL = ROT / "docker-compose.yml"
TJENESTER: dict[str, dict[str, Any]] = compose()["services"]
PORTALEN = {"web", "worker", "beat", "kopi", "migrer"}
BIN = Path(sys.executable).parent

# The only right that any service has on top of none, and why.
FAAR = {"proxy": ["NET_BIND_SERVICE"]}  # the certificate's ports, 80 and 443

# How far out people are told that they may scale (README.md).
ANTALL = {"web": 3, "worker": 2}
FOR_HAAND = 2  # manage.py commands beside it all
HELSE = 2  # /helse/ asks the database and the outbox in threads of their own
HELSESJEKK = 1
ADMINISTRATOR = 3  # superuser_reserved_connections

alle_tjenester = pytest.mark.parametrize("navn", sorted(TJENESTER))


def test_the_files_follow_the_schema_of_compose():
    filene = [FIL, ROT / "docker-compose.s3.yml"]
    svar = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *filene],
        capture_output=True,
        text=True,
    )
    assert svar.returncode == 0, svar.stdout + svar.stderr


@alle_tjenester
def test_memory_processes_and_processor_have_limits(navn: str):
    tjeneste = TJENESTER[navn]
    assert 0 < megabytes(tjeneste["mem_limit"]) <= 2048
    assert 0 < tjeneste["pids_limit"] <= 200
    # No more than one: Docker refuses a limit above what the machine has.
    assert 0 < tjeneste["cpus"] <= 1


@alle_tjenester
def test_no_rights_but_those_that_are_named(navn: str):
    tjeneste = TJENESTER[navn]
    assert tjeneste["cap_drop"] == ["ALL"]
    assert tjeneste.get("cap_add", []) == FAAR.get(navn, [])
    assert tjeneste["security_opt"] == ["no-new-privileges:true"]
    assert tjeneste["read_only"] is True
    assert not {"privileged", "pid", "ipc", "network_mode", "devices"} & set(tjeneste)
    assert not [volum for volum in tjeneste.get("volumes", []) if "docker.sock" in volum]


@alle_tjenester
def test_logs_end(navn: str):
    logg = TJENESTER[navn]["logging"]
    assert logg["driver"] == "local"
    assert logg["options"] == {"max-size": "10m", "max-file": "5"}


@alle_tjenester
def test_the_health_of_each_is_asked(navn: str):
    egen = TJENESTER[navn].get("healthcheck")
    if navn == "migrer":  # it ends, and the others wait for how
        assert egen == {"disable": True}
    elif navn == "web":
        assert egen is None
        assert dockerfile()["bildet"].of("HEALTHCHECK")
    else:
        assert egen["test"]


@alle_tjenester
def test_images_are_of_a_named_version(navn: str):
    bilde = TJENESTER[navn]["image"]
    assert navn in PORTALEN or re.search(r":\d+\.\d+", bilde), bilde


def test_only_the_proxy_meets_the_outside_and_it_does_not_meet_the_database():
    nett = {navn: set(tjeneste["networks"]) for navn, tjeneste in TJENESTER.items()}
    lukkede = {navn for navn, valg in compose()["networks"].items() if (valg or {}).get("internal")}

    assert {navn for navn, tjeneste in TJENESTER.items() if "ports" in tjeneste} == {"proxy"}
    assert lukkede == {"back"}
    assert nett["postgres"] == nett["redis"] == {"back"}
    assert not nett["proxy"] & lukkede
    assert nett["web"] == {"front", "back"}
    # Letters go out through the worker. The clock, the copies and the tables need no way out.
    assert nett["worker"] - lukkede == {"ut"}
    assert nett["beat"] == nett["kopi"] == nett["migrer"] == {"back"}


def test_files_in_a_store_reach_every_service_of_the_portal_and_the_copy_reaches_the_store():
    lager = {"LAGER_S3_BUCKET": "b", "LAGER_S3_NOEKKEL": "n", "LAGER_S3_HEMMELIGHET": "h"}
    fil = compose("docker-compose.s3.yml", **lager)
    assert set(fil["services"]) == PORTALEN
    for tjeneste in fil["services"].values():
        satt = tjeneste["environment"]
        assert {navn: satt[navn] for navn in lager} == lager
        assert lagervalg.storage(satt)["BACKEND"].endswith("S3Lager")
    assert fil["services"]["kopi"]["networks"] == ["back", "ut"]
    for navn in lager:
        with pytest.raises(LookupError, match=f"Sett {navn}"):
            compose("docker-compose.s3.yml", **{**lager, navn: ""})


def test_no_password_stands_inside_an_address():
    assert re.findall(r"://\S*\$\{\w*(?:PASS|SECRET|KEY)\w*", FIL.read_text()) == []


def test_what_is_missing_is_said_before_anything_starts():
    for navn in ("DOMENE", "SECRET_KEY", "POSTGRES_PASSORD", "REDIS_PASSORD", "EMAIL_HOST"):
        with pytest.raises(LookupError, match=f"Sett {navn}"):
            compose(**{navn: ""})


def test_the_portal_has_a_place_for_all_it_writes():
    miljo = image_environment()
    for navn in PORTALEN:
        steder = {volum.split(":")[1] for volum in TJENESTER[navn]["volumes"]}
        steder |= {sted.split(":")[0] for sted in TJENESTER[navn]["tmpfs"]}
        for variabel in ("MEDIA_ROOT", "TMPDIR", "HOME", "XDG_CACHE_HOME"):
            assert any(miljo[variabel].startswith(sted) for sted in steder), (navn, variabel)
    eies = " ".join(dockerfile()["bildet"].of("RUN"))
    assert all(f"/data/{mappe}" in eies for mappe in ("filer", "kopier", "midlertidig"))


def test_the_connections_are_enough_for_all_that_may_run():
    miljo = image_environment()
    traader = int(miljo["GRANIAN_BLOCKING_THREADS"]) + HELSE
    # One process more than it has while one takes over for another.
    web = (int(miljo["GRANIAN_WORKERS"]) + 1) * traader
    kommando = TJENESTER["worker"]["command"]
    samtidige = int(kommando[kommando.index("--concurrency") + 1])
    arbeider = (
        2 * samtidige + 1
    )  # the work, the thread that renews its lease, and the one that leads
    kopi = 3  # the command, the moment it holds fast, and pg_dump

    trengs = ANTALL["web"] * web + ANTALL["worker"] * arbeider
    trengs += 2 + kopi + FOR_HAAND + HELSESJEKK + ADMINISTRATOR  # beat and migrer hold one each

    assert trengs <= max_connections()
    # The numbers people read in the file are these.
    assert f"In all {trengs} of {max_connections()}." in FIL.read_text()
    assert f"--scale web={ANTALL['web']} --scale worker={ANTALL['worker']}" in FIL.read_text()


def test_the_web_processes_are_recycled_within_the_memory_there_is():
    miljo = image_environment()
    processer = int(miljo["GRANIAN_WORKERS"]) * int(miljo["GRANIAN_WORKERS_MAX_RSS"])
    i_minnet = sum(int(re.search(r"size=(\d+)m", sted)[1]) for sted in TJENESTER["web"]["tmpfs"])
    bildet = bildeprosess.MINNE // 2**20  # one picture at a time is unpacked beside them
    assert processer + i_minnet + bildet <= megabytes(TJENESTER["web"]["mem_limit"])
    assert miljo["GRANIAN_RESPAWN_FAILED_WORKERS"] == "true"


def test_the_queue_is_full_before_its_container_is():
    (kommando,) = (ledd for ledd in TJENESTER["redis"]["command"] if "valkey-server" in ledd)
    maks = megabytes(re.search(r"--maxmemory (\w+)", kommando)[1].removesuffix("b"))
    # Writing its file anew takes as much again at the most.
    assert 2 * maks <= megabytes(TJENESTER["redis"]["mem_limit"])


def test_the_database_is_the_one_the_tests_and_the_copies_use():
    program = postgres_folder(Path("/ingen"), None)
    for navn in ("postgres", "pg_dump"):
        svar = subprocess.run([program / navn, "--version"], capture_output=True, text=True)
        utgave = svar.stdout.split()[-1].split(".")[0]
        assert TJENESTER["postgres"]["image"].startswith(f"postgres:{utgave}.")
    initdb = TJENESTER["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert initdb == [*SPRAAK, "--data-checksums"]


def test_pg_dump_needs_nothing_that_a_slim_image_lacks():
    program = postgres_folder(Path("/ingen"), None) / "pg_dump"
    svar = subprocess.run(["ldd", program], capture_output=True, text=True, check=True)
    fra_systemet = {
        Path(treff).name
        for treff in re.findall(r"=> (/(?:usr/)?lib\S*/\S+)", svar.stdout)
        if "site-packages" not in treff
    }
    assert fra_systemet <= {
        "libc.so.6",
        "libm.so.6",
        "libz.so.1",
        "libpthread.so.0",
        "libdl.so.2",
        "librt.so.1",
    }


def test_the_other_servers_are_the_ones_the_tests_use():
    valkey = subprocess.run(
        [valkey_program(Path("/ingen"), None), "--version"], capture_output=True, text=True
    )
    assert f" v={TJENESTER['redis']['image'].split(':')[1]}." in valkey.stdout
    caddy = subprocess.run([BIN / "caddy", "version"], capture_output=True, text=True)
    utgave = TJENESTER["proxy"]["image"].split(":")[1].removesuffix("-alpine")
    assert caddy.stdout.startswith(f"v{utgave}.")


def test_the_proxys_limit_follows_the_forms():
    (ganger,) = re.findall(
        r"max_size \{\$OPPLASTING_FILM_MAKS_MB:200\}(0)MiB",
        (ROT / "docker" / "Caddyfile").read_text(),
    )
    assert int(f"1{ganger}") >= opplasting._SAMLET
    for navn in ("proxy", "web"):
        assert TJENESTER[navn]["environment"]["OPPLASTING_FILM_MAKS_MB"] == "200"
        annen = compose(OPPLASTING_FILM_MAKS_MB="60")["services"][navn]["environment"]
        assert annen["OPPLASTING_FILM_MAKS_MB"] == "60"
    assert TJENESTER["web"]["environment"]["OPPLASTING_MAKS_MB"] == "25"
    assert (
        '_number("OPPLASTING_FILM_MAKS_MB", 200)' in (ROT / "nettverk" / "settings.py").read_text()
    )
    assert '_number("OPPLASTING_MAKS_MB", 25)' in (ROT / "nettverk" / "settings.py").read_text()


def test_nothing_secret_or_needless_goes_to_the_build(tmp_path: Path):
    sendt = {fil.relative_to(ROT).as_posix() for fil in sent_to_build()}
    assert {"manage.py", "nettverk/settings.py", "docker/helsesjekk.py", ".npmrc"} <= sendt
    topper = {sti.split("/")[0] for sti in sendt}
    assert not topper & {".git", ".env", ".venv", "var", "tests", "docs", "node_modules", "build"}
    assert [sti for sti in sendt if sti.endswith((".mo", ".pyc", ".dump"))] == []


def megabytes(grense: str) -> int:
    return int(grense[:-1]) * {"m": 1, "g": 1024}[grense[-1]]


def max_connections() -> int:
    (valg,) = (v for v in TJENESTER["postgres"]["command"] if v.startswith("max_connections="))
    return int(valg.partition("=")[2])
