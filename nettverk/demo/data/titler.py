"""What people are called at work, as their own network writes it."""

NYNORSK = {
    "barnehagelærer": "barnehagelærar",
    "lærer": "lærar",
    "pedagogisk leder": "pedagogisk leiar",
    "PP-rådgiver": "PP-rådgjevar",
    "rådgiver": "rådgjevar",
    "styrer": "styrar",
    "utviklingsveileder": "utviklingsrettleiar",
}
