"""How a page is drawn: forms, fields, dates, diagrams, maps and the few compiled lists."""
