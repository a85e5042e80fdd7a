"""The forms of the learning tracks."""
