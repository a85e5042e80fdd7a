"""People and their Verv from a spreadsheet: read, compared, shown, confirmed, written – in that order.

`tabell` reads cells, `tolking` makes posts of them, `sammenligning` says what each would change, and
`handlinger` are the acts and the two jobs.
"""
