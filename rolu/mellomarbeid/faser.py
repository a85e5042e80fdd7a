"""The phases of action learning and the question that helps whoever writes in each."""

from django.utils.translation import gettext_lazy as _

from rolu.models import Loggpost

LEDETEKSTER = {
    Loggpost.Fase.PLANLEGGE: _("Hva vil vi prøve, og hvorfor? Hva tror vi skjer?"),
    Loggpost.Fase.PROEVE: _("Hva gjorde vi?"),
    Loggpost.Fase.OBSERVERE: _("Hva så og hørte vi?"),
    Loggpost.Fase.REFLEKTERE: _("Hva betyr det? Hva overrasket oss?"),
    Loggpost.Fase.DELE: _("Hva kan andre ha nytte av?"),
}


def phase(oensket: str) -> str:
    """The phase that was asked for; «Prøve», which most begin with, when there is none such."""
    return oensket if oensket in Loggpost.Fase.values else Loggpost.Fase.PROEVE
