"""Safety of the accounts: limits that hold in parallel, and the log of what happened."""
