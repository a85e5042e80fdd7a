"""What the person is told after an act on a mellomarbeid."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from nettverk.skriving.konflikt import Lukket
from nettverk.tilgang.sider import PortalRequest
from rolu.mellomarbeid.innlevering import IKKE_LEVERT, LAAST, TOMT, KanIkke

GRUNNER = {
    TOMT: _("Skriv minst ett notat, eller legg ved en fil, før dere leverer."),
    LAAST: _("Årsrapporten for dette året er godkjent, så mellomarbeidet kan ikke åpnes igjen."),
    IKKE_LEVERT: _("Lever mellomarbeidet før dere deler det."),
}


@contextmanager
def levert_meldinger(request: PortalRequest, takk: str = "") -> Iterator[None]:
    """Say thanks when the act went well, and why when it could not be done."""
    try:
        yield
    except KanIkke as feil:
        messages.error(request, GRUNNER[feil.grunn])
    except Lukket as feil:
        messages.error(request, str(feil))
    else:
        if takk:
            messages.success(request, takk)
