"""A table that somebody gives us – a spreadsheet, a CSV file, a paste – as headings and rows of text.

    lesing          a file of any kind, or pasted text → the table; what is no table is refused in plain words
    kolonner        which columns a kind of list has, and all that they are called
    overskrifter    the headings: near the top, in one row or two
    xlsx, csvfil    the two kinds of file
    saerceller      the cells of a sheet that do not hold the words they show
    tegn            broken letters: a whole file read right, a single text never taken for a new name
    celler          a cell as text

Everything that reads a list reads it here; what the columns and rows mean is said where the list belongs.
"""
