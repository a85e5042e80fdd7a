"""What was remembered of letters in columns becomes letters, so that nobody is told twice."""

import uuid
from itertools import groupby
from operator import attrgetter

from django.db import migrations

SENDTE = {"tilstand": "sendt", "forsok": 1}


def _brev(Brev, nettverk, person, tid, **felt):
    return Brev(
        nettverk_id=nettverk.pk,
        til_id=person.pk,
        epost=person.epost,
        spraak=person.spraak or nettverk.maalform,
        melding_id=f"<{uuid.uuid4().hex}@nettverksportalen>",
        dato=tid,
        opprettet=tid,
        sendt=tid,
        **SENDTE,
        **felt,
    )


def _samlinger(apps) -> None:
    Brev, Deltakelse = apps.get_model("nettverk", "Brev"), apps.get_model("rolu", "Deltakelse")
    for samling in apps.get_model("rolu", "Samling").objects.select_related("nettverk"):
        om = f"rolu.Samling:{samling.pk}"
        rader = Deltakelse.objects.filter(samling=samling).select_related("verv__person")
        for merke, slag in (
            ("invitasjon_sendt", "rolu.invitasjon"),
            ("avlysning_sendt", "rolu.avlysning"),
        ):
            sendt = rader.exclude(**{merke: None}).order_by("verv__person", merke, "pk")
            sending = uuid.uuid4()
            for (person, tid), gruppe in groupby(sendt, attrgetter("verv.person", merke)):
                egne = list(gruppe)
                om_hvem = (
                    f"verv:{egne[0].verv_id}"
                    if slag == "rolu.invitasjon"
                    else f"person:{person.pk}"
                )
                noekkel = f"{slag}:{om}:{om_hvem}"
                if Brev.objects.filter(noekkel=noekkel).exists():
                    continue
                brev = _brev(
                    Brev,
                    samling.nettverk,
                    person,
                    tid,
                    slag=slag,
                    gjelder=om,
                    sending=sending,
                    noekkel=noekkel,
                )
                brev.save()
                if slag == "rolu.invitasjon":
                    Deltakelse.objects.filter(pk__in=[rad.pk for rad in egne]).update(
                        invitasjon=brev
                    )


def _oppdrag(apps) -> None:
    Brev, Verv = apps.get_model("nettverk", "Brev"), apps.get_model("nettverk", "Verv")
    Mellomarbeid = apps.get_model("rolu", "Mellomarbeid")
    for oppdrag in apps.get_model("rolu", "Oppdrag").objects.select_related("nettverk"):
        om, sending, nye = f"rolu.Oppdrag:{oppdrag.pk}", uuid.uuid4(), []
        for m in Mellomarbeid.objects.filter(oppdrag=oppdrag, varslet__isnull=False):
            ledere = Verv.objects.filter(
                gruppe_id=m.gruppe_id, rolle="formell_leder", gyldig__contains=m.varslet.date()
            )
            for person in {verv.person for verv in ledere.select_related("person")}:
                noekkel = f"rolu.oppdrag:{om}:mellomarbeid:{m.pk}:person:{person.pk}"
                felt = {"slag": "rolu.oppdrag", "gjelder": om, "sending": sending}
                nye.append(
                    _brev(Brev, oppdrag.nettverk, person, m.varslet, noekkel=noekkel, **felt)
                )
        Brev.objects.bulk_create(nye)


def forwards(apps, schema_editor) -> None:
    _samlinger(apps)
    _oppdrag(apps)


class Migration(migrations.Migration):
    dependencies = [("rolu", "0004_brev")]

    operations = [
        migrations.RunSQL(
            "UPDATE rolu_samling SET kalender_id = gen_random_uuid()", migrations.RunSQL.noop
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
