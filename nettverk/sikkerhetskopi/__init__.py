"""Backup and restore: the database and the files in one file, whole or not at all."""
