"""From nothing to a network: Norway's kommuner, a new network with its shape, and what is left to do."""
