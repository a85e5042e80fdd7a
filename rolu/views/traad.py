"""What the thread shows on the page of a mellomarbeid; said, taken back and tapped in `rolu.views.tilbakemelding`."""

from collections.abc import Iterable
from typing import Any

from nettverk.side.portalform import sent
from nettverk.tilgang.sider import PortalRequest
from nettverk.tilgang.tillatelser import kan
from rolu.forms.tilbakemelding import TilbakemeldingForm
from rolu.mellomarbeid import tilbakemelding
from rolu.models import Loggpost, Mellomarbeid


def thread_context(
    request: PortalRequest,
    arbeid: Mellomarbeid,
    *,
    poster: Iterable[Loggpost] | None = None,
    sendt: bool = False,
) -> dict[str, Any]:
    """What `rolu/_mellomarbeid_traad.html` needs; `poster` are its entries, when the page has them; `sendt`
    when the form is what this request sends."""
    kan_si = kan(request.user, "rolu.answer_mellomarbeid", arbeid)
    traad = tilbakemelding.thread(arbeid, request.roller, kan_si=kan_si)
    form = None
    if kan_si:
        form = TilbakemeldingForm(
            **(sent(request) if sendt else {}),
            poster=arbeid.loggposter.all() if poster is None else poster,
            lesere=traad.lesere,
        )
    return {"traad": traad, "traadskjema": form}
