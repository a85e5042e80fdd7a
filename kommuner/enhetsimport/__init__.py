"""Import of units from a file: read it, compare it with the register, write what was confirmed.

    aapning         a file of any kind → the one of regneark, tekstfil and udir that reads it
    kilde           what they all give: rows of text under known columns
    tolking         a row → a Post (one unit as the file describes it), or what is wrong with it
    sammenligning   Posts against the register: new, changed, unchanged, refused – and who is gone
    skriving        the same comparison again, and the writing, in one transaction for each batch

A bad row never stops the good ones, nothing is deleted, and a second run of the same file changes
nothing. This floor knows no networks: it is given the kommuner that units may lie in.
"""
