"""Who sits at which table: the seating is drawn (`plassering`), kept and changed (`bordkart`), told in words (`ord`),
shown (`side`, `flater`) and printed (`utskrift`)."""
