"""The portal's own texts in nynorsk and English: found, merged, checked and compiled.

Bokmål is the source. Everything here is plain Python with Babel, because a fresh machine has no
gettext programs. `manage.py spraak` and `manage.py kompiler_spraak` are the way in.
"""
