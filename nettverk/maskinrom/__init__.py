"""Maskinrommet: what stands between a fresh machine and a running portal.

The set-up (`oppsett`), the embedded PostgreSQL and Valkey (`postgres`, `valkey`, `servere`), and the
supervisor that runs them with the web server, the Celery worker and Celery beat (`drift`).
"""
