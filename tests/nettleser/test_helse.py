"""The portal that the other tests here drive, is whole."""

from tests.nettleser.lesere import Lesere
from tests.nettleser.portal import Portal


def test_the_portal_says_that_all_of_it_is_well(lesere: Lesere, portal: Portal):
    svar = lesere.gjest("/").request.get("/helse/")
    assert svar.status == 200, f"{svar.text()}\n{portal.logger()}"
