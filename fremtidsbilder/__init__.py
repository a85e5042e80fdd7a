"""Fremtidsbilder: where we want to go – future images, signs of good practice, goals, priority areas."""
