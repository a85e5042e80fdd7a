"""Which goals people work on: what the red thread leads to from each."""

import datetime

from fremtidsbilder.maal.tre import Gren, Tre
from fremtidsbilder.traadslag import MAAL
from kommuner.gyldighet import idag
from nettverk.models import Nettverk
from nettverk.roedtraad.lesing import worked_on

ET_AAR = datetime.timedelta(days=365)


def without_work(tre: Tre, nettverk: Nettverk) -> list[Gren]:
    """Of the goals that the filter asks for and that are not reached: those that nothing people do has come of for a
    year, nor of the goals below them. None of them where no part of the network has work. One query."""
    arbeidet_med = worked_on(MAAL, nettverk, siden=idag() - ET_AAR)
    if arbeidet_med is None:
        return []
    return [gren for gren in tre.i_arbeid if gren.maal.pk not in arbeidet_med]
