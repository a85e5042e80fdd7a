"""The red thread: what a thing came from, and what it has led to."""
