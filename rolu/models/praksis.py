"""A praksisfortelling: what a unit has tried and tells the whole network, and that others use it."""

from typing import Any, Self

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fremtidsbilder.models import Tema
from kommuner.models import Enhet
from nettverk.models import Gruppe, Nettverk
from nettverk.sokeform import Sokevektor, nearness
from nettverk.tilgang.roller import Roller
from rolu.models.mellomarbeid import Loggpost, Mellomarbeid, Vedlegg

# As many of the newest matches as a search ranks, counts and shows.
TREFF_MAKS = 500

ORDET_SQL = "SELECT id, delt, mellomarbeid_id FROM rolu_praksisfortelling WHERE sok @@ $1 AND stand = 'vist'"
# The index of words first, then all else: let loose, PostgreSQL goes through every mellomarbeid of the network, or
# every story, and looks for the word in each; it does not know what it costs to unpack the words of a long text.
PRAKSISTREFF_SQL = f"""
CREATE OR REPLACE FUNCTION praksistreff(tsquery)
RETURNS TABLE (id bigint, delt timestamptz, mellomarbeid_id bigint)
LANGUAGE sql STABLE STRICT ROWS 2000 SET enable_seqscan = off
AS $sql$ {ORDET_SQL} $sql$;
"""
PRAKSISTREFF_FJERN_SQL = "DROP FUNCTION praksistreff(tsquery);"

_NYESTE_TREFF = """
SELECT ordet.id FROM praksistreff(sokesporring(%s)) ordet
WHERE ordet.mellomarbeid_id IN ({arbeidene})
ORDER BY ordet.delt DESC, ordet.id DESC LIMIT %s
"""
_NYESTE_TREFF_MED_TEMA = _NYESTE_TREFF.replace(
    "ORDER",
    """AND EXISTS (
    SELECT FROM rolu_praksisfortelling_temaer t WHERE t.praksisfortelling_id = ordet.id AND t.tema_id = %s
) ORDER""",
)


def newest_matches(
    q: str, arbeidene: models.QuerySet[Mellomarbeid], tema: int | None = None
) -> list[int]:
    """The pk of the newest that are shown of `arbeidene` and tell of `q`, at most `TREFF_MAKS`. One query.

    A common word stands in thousands: what is done with each of them costs more than to find them.
    """
    sql, verdier = arbeidene.order_by().values("pk").query.sql_with_params()
    sporring = (_NYESTE_TREFF if tema is None else _NYESTE_TREFF_MED_TEMA).format(arbeidene=sql)
    temaet = () if tema is None else (tema,)
    with connection.cursor() as db:
        db.execute(sporring, (q, *verdier, *temaet, TREFF_MAKS))
        return [pk for (pk,) in db]


class PraksisfortellingQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """What is shown, for every member, in a network that uses Praksis. The unit sees its own also when it is
        taken back or hidden, and the koordinator all."""
        egne = self.filter(mellomarbeid__oppdrag__nettverk=roller.nettverk)
        if not roller.er_medlem or not roller.nettverk.uses("praksis"):
            return egne.none()
        if roller.er_koordinator:
            return egne
        return egne.filter(
            Q(stand=Praksisfortelling.Stand.VIST)
            | Q(mellomarbeid__gruppe__enhet__in=roller.enheter)
        )

    def shown(self) -> Self:
        """Neither taken back by the unit nor hidden by the koordinator."""
        return self.filter(stand=Praksisfortelling.Stand.VIST)

    def public(self) -> Self:
        """Shown, and the unit has said that it may stand in the report that everyone reads."""
        return self.shown().filter(offentlig=True)

    def nearest_first(self, q: str) -> Self:
        """Those that tell most of `q` first. Of few: each is read (`newest_matches`)."""
        return self.annotate(naerhet=nearness("sok", q)).order_by("-naerhet", "-delt", "-pk")

    def with_uses(self) -> Self:
        """Adds `brukt`: how many units have taken it into use."""
        bruk = Praksisbruk.objects.filter(fortelling=OuterRef("pk")).order_by().values("fortelling")
        return self.annotate(brukt=Coalesce(Subquery(bruk.annotate(n=Count("pk")).values("n")), 0))

    def with_picture(self) -> Self:
        """Adds `bilde`: the first of its pictures that others may see, its `pk` and `tekst` (None without one)."""
        bilder = (
            Vedlegg.objects.pictures()
            .approved()
            .filter(fortellinger=OuterRef("pk"))
            .order_by(*Vedlegg.REKKEFOLGE)
        )
        som_json = JSONObject(pk="pk", tekst="alternativ_tekst")
        return self.annotate(bilde=Subquery(bilder.values(json=som_json)[:1]))

    def as_cards(self) -> Self:
        """With all that a practice card shows (templates/rolu/_praksiskort.html)."""
        return (
            self.with_picture()
            .with_uses()
            .select_related(
                "mellomarbeid__oppdrag__laeringsloype",
                "mellomarbeid__gruppe__enhet",
                "mellomarbeid__kommune",
            )
            .defer("mellomarbeid__kommune__grense", "mellomarbeid__oppdrag__tekst", "sok")
        )

    def newest_first(self) -> Self:
        return self.order_by("-delt", "-pk")


@pghistory.track(exclude=["sok"])
class Praksisfortelling(models.Model):
    """What a unit tells the whole network of something it has tried: a title and a short text, from one entry or
    from all of its log. The unit is its author, never a person. Change through `rolu.mellomarbeid.praksis`."""

    class Stand(models.TextChoices):
        VIST = "vist", _("vist")
        TATT_TILBAKE = "tilbake", _("tatt tilbake av enheten")
        SKJULT = "skjult", _("skjult av koordinatoren")

    mellomarbeid = models.ForeignKey(
        Mellomarbeid,
        on_delete=models.CASCADE,
        related_name="fortellinger",
        verbose_name=_("mellomarbeid"),
    )
    # Of all that the unit wrote. Else of one entry, which may be removed since: then `loggpost` is None too.
    om_alt = models.BooleanField(_("om alt dere skrev"), default=False)
    # The entry it was made of.
    loggpost = models.OneToOneField(
        Loggpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="fortelling",
        verbose_name=_("loggpost"),
    )
    tittel = models.CharField(_("tittel"), max_length=150)
    tekst = models.TextField(_("fortellingen"), blank=True)
    bilder = models.ManyToManyField(
        Vedlegg, blank=True, related_name="fortellinger", verbose_name=_("bilder")
    )
    temaer = models.ManyToManyField(
        Tema, blank=True, related_name="fortellinger", verbose_name=_("temaer")
    )
    stand = models.CharField(_("stand"), max_length=10, choices=Stand, default=Stand.VIST)
    # Why the koordinator hides it. It stays when the unit takes the hidden one back: told again, it is still hidden.
    grunn = models.CharField(_("grunn"), max_length=300, blank=True)
    # The unit's own consent, never anybody else's, and to this one only: the report is read by everyone.
    offentlig = models.BooleanField(_("kan stå i den offentlige rapporten"), default=False)
    delt = models.DateTimeField(_("delt"), default=timezone.now)
    delt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("delt av"),
    )
    sok = models.GeneratedField(
        expression=Sokevektor("tittel", "tekst"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    # Added by `with_uses` and `with_picture`.
    brukt: int
    bilde: dict[str, Any] | None

    objects = PraksisfortellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("praksisfortelling")
        verbose_name_plural = _("praksisfortellinger")
        ordering = ["-delt", "-pk"]
        indexes = [
            # Told seldom, searched often: no list of what is not yet in the index, which each search goes through.
            GinIndex(fields=["sok"], name="praksisfortelling_sok", fastupdate=False),
            models.Index(fields=["-delt", "-id"], name="praksisfortelling_nyest"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(tittel=""), name="praksisfortelling_har_tittel"),
            models.CheckConstraint(
                condition=Q(stand="skjult") & ~Q(grunn="")
                | Q(stand="vist", grunn="")
                | Q(stand="tilbake"),
                name="praksisfortelling_skjult_med_grunn",
                violation_error_message=_("Skriv hvorfor fortellingen skjules."),
            ),
            models.CheckConstraint(
                condition=Q(om_alt=False) | Q(loggpost__isnull=True),
                name="praksisfortelling_om_alt_eller_ett",
            ),
            models.UniqueConstraint(
                fields=["mellomarbeid"],
                condition=Q(om_alt=True),
                name="praksisfortelling_en_om_alt",
            ),
        ]

    def __str__(self) -> str:
        return self.tittel

    @property
    def nettverk(self) -> Nettverk:
        return self.mellomarbeid.nettverk

    @property
    def enhet(self) -> Enhet | None:
        return self.mellomarbeid.enhet

    @property
    def enhet_id(self) -> int | None:
        return self.mellomarbeid.enhet_id

    @property
    def kommune_id(self) -> int | None:
        return self.mellomarbeid.kommune_id

    @property
    def er_vist(self) -> bool:
        return self.stand == self.Stand.VIST

    @property
    def er_skjult(self) -> bool:
        return self.stand == self.Stand.SKJULT

    @property
    def er_tatt_tilbake(self) -> bool:
        return self.stand == self.Stand.TATT_TILBAKE


class PraksisbrukQuerySet(models.QuerySet):
    def visible_to(self, roller: Roller) -> Self:
        """Who uses what, for those who may read it."""
        return self.filter(fortelling__in=Praksisfortelling.objects.visible_to(roller))

    def kept(self) -> Self:
        """Kept to be planned later, and still told."""
        return self.filter(loggpost=None, fortelling__stand=Praksisfortelling.Stand.VIST)


@pghistory.track()
class Praksisbruk(models.Model):
    """That a unit has taken another's praksisfortelling into use: its idea is copied to a planned entry in the
    unit's own log. Without an entry it is kept, to be planned when the unit has a log that is open. Made by
    `rolu.mellomarbeid.praksis.use` and `keep`."""

    fortelling = models.ForeignKey(
        Praksisfortelling,
        on_delete=models.CASCADE,
        related_name="bruk",
        verbose_name=_("praksisfortelling"),
    )
    gruppe = models.ForeignKey(
        Gruppe,
        on_delete=models.PROTECT,
        related_name="praksisbruk",
        verbose_name=_("utviklingsgruppe"),
    )
    loggpost = models.OneToOneField(
        Loggpost,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="praksisbruk",
        verbose_name=_("loggpost"),
    )
    brukt = models.DateTimeField(_("brukt"), default=timezone.now)
    brukt_av = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("brukt av"),
    )

    objects = PraksisbrukQuerySet.as_manager()

    class Meta:
        verbose_name = _("bruk av praksis")
        verbose_name_plural = _("bruk av praksis")
        ordering = ["brukt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fortelling", "gruppe"], name="praksisbruk_en_gang"),
        ]

    def __str__(self) -> str:
        return f"{self.gruppe} – {self.fortelling}"

    @property
    def nettverk(self) -> Nettverk:
        return self.fortelling.nettverk
