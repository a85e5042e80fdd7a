"""Letters to many: one that cannot be sent does not stop the others."""

import logging
import smtplib
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nettverk.arbeid.jobber import JobbFeil

logger = logging.getLogger(__name__)

_VIS_HOEYST = 10  # addresses named to the person
_BORTE_ETTER = 3  # letters in a row that never reached the mail server


class Utsending:
    """A round of letters: how many went, and to which addresses they could not be sent."""

    def __init__(self) -> None:
        self.sendt = 0
        self.usendt: dict[str, None] = {}  # each address once, in the order they were tried
        self._uten_kontakt = 0

    def send(self, epost: str, brev: Callable[[], bool]) -> bool:
        """Send one letter; False when it could not be sent. `brev` tells whether there was one to send.

        Stops the round only when the mail server itself is away: then the others would not go either.
        """
        try:
            self.sendt += brev()
        except (smtplib.SMTPException, OSError) as feil:
            # The server's own words may hold the address; the log needs only the kind.
            logger.warning("Et brev kunne ikke sendes (%s)", type(feil).__name__)
            self.usendt[epost] = None
            self._uten_kontakt = self._uten_kontakt + 1 if _without_contact(feil) else 0
            if self._uten_kontakt >= _BORTE_ETTER:
                raise JobbFeil(
                    _(
                        "Vi får ikke sendt e-post akkurat nå. Prøv igjen om litt. "
                        "De som allerede har fått e-posten, får den ikke en gang til."
                    )
                ) from feil
            return False
        self._uten_kontakt = 0
        return True

    def tell(self) -> None:
        """Fail, in plain words, when some letters could not be sent."""
        if not self.usendt:
            return
        adresser = list(self.usendt)
        vist = ", ".join(adresser[:_VIS_HOEYST])
        if len(adresser) > _VIS_HOEYST:
            vist += " …"
        raise JobbFeil(
            ngettext(
                "%(n)s e-post kunne ikke sendes: %(adresser)s. Sjekk adressen, og prøv igjen. "
                "Da sender vi bare den som mangler.",
                "%(n)s e-poster kunne ikke sendes: %(adresser)s. Sjekk adressene, og prøv igjen. "
                "Da sender vi bare dem som mangler.",
                len(adresser),
            )
            % {"n": len(adresser), "adresser": vist}
        )


def _without_contact(feil: Exception) -> bool:
    return not isinstance(feil, smtplib.SMTPException) or isinstance(
        feil, smtplib.SMTPServerDisconnected | smtplib.SMTPConnectError
    )
