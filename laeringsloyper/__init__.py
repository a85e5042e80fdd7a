"""Læringsløyper: what we learn – tracks over three periods of three years."""
