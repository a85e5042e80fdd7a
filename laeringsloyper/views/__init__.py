"""The pages of the learning tracks."""
