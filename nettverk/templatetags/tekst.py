"""Text that people wrote, and names in more than one language: `{% load tekst %}`."""

from django import template

from nettverk.filer.papir import on_paper
from nettverk.side.innhold import innhold
from nettverk.side.markdown import markdown
from nettverk.side.skrivemaate import kommunenavn, shortened

register = template.Library()
register.filter("innhold", innhold)
register.filter("papir", on_paper)
register.filter("kommunenavn", kommunenavn)
register.filter("kort", shortened)
register.filter("markdown", markdown)
