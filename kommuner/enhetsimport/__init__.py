"""Import of units from a file: read it, compare it with the register, write what was confirmed.

    aapning         a file of any kind → a table (`kommuner.tabellfil`), or JSON (udir)
    kilde           what both give: rows of text under known columns
    kolonner        the columns, and all that they are called
    tolking         a row → a Post (one unit as the file describes it), or what is wrong with it
    likhet          the units that a row without a known number is like
    sammenligning   Posts against the register: new, changed, unchanged, refused – and who is gone
    deling          units of a kommune that was divided, and where people say they went
    skriving        the same comparison again, and the writing, in one transaction for each batch

A bad row never stops the good ones, nothing is deleted, and a second run of the same file changes
nothing. This floor knows no networks: it is given the kommuner that units may lie in.
"""
