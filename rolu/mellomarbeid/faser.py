"""The phases of action learning and the question that helps whoever writes in each."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from rolu.models import Loggpost

LEDETEKSTER = {
    Loggpost.Fase.PLANLEGGE: _("Hva vil vi prøve, og hvorfor? Hva tror vi skjer?"),
    Loggpost.Fase.PROEVE: _("Hva gjorde vi?"),
    Loggpost.Fase.OBSERVERE: _("Hva så og hørte vi?"),
    Loggpost.Fase.REFLEKTERE: _("Hva betyr det? Hva overrasket oss?"),
    Loggpost.Fase.DELE: _("Hva kan andre ha nytte av?"),
}


# The prompts of an entry say more than its phase: what one noticed is observed, what one does now is thought over.
_SIER_OGSAA = {"merket": Loggpost.Fase.OBSERVERE, "videre": Loggpost.Fase.REFLEKTERE}
_RUNDEN = (
    Loggpost.Fase.PROEVE,
    Loggpost.Fase.OBSERVERE,
    Loggpost.Fase.REFLEKTERE,
    Loggpost.Fase.DELE,
)


def phase(oensket: str) -> str:
    """The phase that was asked for; «Prøve», which most begin with, when there is none such."""
    return oensket if oensket in Loggpost.Fase.values else Loggpost.Fase.PROEVE


def covered(poster: Iterable[Loggpost]) -> set[str]:
    """The phases that something is written in, also within an entry of another phase."""
    skrevet = [post for post in poster if post.tekst and not post.er_planlagt]
    ogsaa = {fase for post in skrevet for felt, fase in _SIER_OGSAA.items() if getattr(post, felt)}
    return {post.fase for post in skrevet} | ogsaa


def left(poster: Iterable[Loggpost]) -> Loggpost.Fase | None:
    """What comes next: first what was tried, then the first of what follows that nothing is written in; None after a
    whole round."""
    dekket = covered(poster)
    return next((fase for fase in _RUNDEN if fase not in dekket), None)


def proposed(poster: Iterable[Loggpost]) -> str:
    """What the next entry is about, as far as one can see from what is there; after a whole round, another."""
    return left(poster) or Loggpost.Fase.PROEVE
