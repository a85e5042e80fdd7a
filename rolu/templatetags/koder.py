"""A participant's code on a page: as it is written, as a picture, and its address."""

from django import template

from nettverk.side import kode
from rolu.samlinger import koder

register = template.Library()
register.filter("kode", kode.shown)
register.filter("qr", koder.qr)
register.filter("kodeadresse", koder.path)
