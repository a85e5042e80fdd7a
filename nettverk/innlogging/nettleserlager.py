"""What a page keeps in the browser of others than the person, and that is gone when they sign out."""

# In the session, once such a page has been open.
LAGRER_I_NETTLESEREN = "lagrer_i_nettleseren"
