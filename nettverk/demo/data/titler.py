"""What people are called at work, as their own network writes it."""

NYNORSK = {
    "barnehagelærer": "barnehagelærar",
    "fagansvarlig": "fagansvarleg",
    "høgskolelektor": "høgskulelektor",
    "lærer": "lærar",
    "pedagogisk leder": "pedagogisk leiar",
    "PP-rådgiver": "PP-rådgivar",
    "prosessveileder": "prosessrettleiar",
    "rådgiver": "rådgivar",
    "SFO-leder": "SFO-leiar",
    "styrer": "styrar",
    "utviklingsveileder": "utviklingsrettleiar",
}
