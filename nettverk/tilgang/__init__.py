"""Who is this, what may they do, and the frame of every page of a network that asks."""
