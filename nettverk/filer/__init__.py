"""Files in and out: checked before they are kept, and let out only through one door."""
