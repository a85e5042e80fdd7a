"""The web container's health: what /helse/web/ says. The worker and the queue have checks of their own."""

import os
import sys
import urllib.error
import urllib.request

vert = os.environ.get("ALLOWED_HOSTS", "localhost").replace(",", " ").split()[0].lstrip(".")
adresse = f"http://127.0.0.1:{os.environ.get('GRANIAN_PORT', '8000')}/helse/web/"
sporsmaal = urllib.request.Request(adresse, headers={"Host": vert, "X-Forwarded-Proto": "https"})
try:
    with urllib.request.urlopen(sporsmaal, timeout=8) as svar:
        sys.stdout.write(svar.read(2000).decode())
except urllib.error.HTTPError as feil:
    sys.exit(f"{feil.code}: {feil.read(2000).decode(errors='replace')}")
except OSError as feil:
    sys.exit(str(feil))
