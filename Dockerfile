# One image for web, worker, beat, backup and the commands. Built and started by docker-compose.yml.
FROM python:3.13-slim-bookworm AS grunn
# Pango draws the PDFs.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

FROM grunn AS bygg
COPY requirements/produksjon.txt requirements/node.txt requirements/
# Node.js is for building only, so it gets an environment that is left behind here.
RUN python -m venv /opt/venv \
    && pip install --no-cache-dir --quiet --require-hashes --requirement requirements/produksjon.txt
RUN python -m venv /opt/node \
    && /opt/node/bin/pip install --no-cache-dir --quiet --require-hashes --requirement requirements/node.txt
COPY package.json package-lock.json .npmrc ./
RUN PATH=/opt/node/bin:$PATH npm ci --no-audit --no-fund
COPY nettverk/frontend nettverk/frontend
RUN PATH=/opt/node/bin:$PATH PYTHON=/opt/venv/bin/python npm run build
COPY . .
# The settings ask for addresses and a key; neither of these two commands uses them.
RUN export SECRET_KEY=bygg DATABASE_URL=postgresql:///ingen REDIS_URL=redis://ingen/0 \
    && python manage.py kompiler_spraak \
    && python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules build/tema

FROM grunn
# The folders that are volumes take their owner from here the first time.
RUN useradd --system --uid 1000 --create-home portal \
    && install -d -o portal -g portal /data/filer /data/kopier /data/midlertidig
COPY --from=bygg /opt/venv /opt/venv
COPY --from=bygg /app /app
USER portal
# Nothing is written outside /data and /tmp: the rest may be read-only. Uploads on their way in are too
# large for a /tmp in memory. A web process that dies or grows past its size is replaced by a new one.
ENV MEDIA_ROOT=/data/filer TMPDIR=/data/midlertidig HOME=/tmp XDG_CACHE_HOME=/tmp/.cache \
    GRANIAN_INTERFACE=wsgi GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=8 GRANIAN_WEBSOCKETS=false GRANIAN_LOG_LEVEL=warning \
    GRANIAN_RESPAWN_FAILED_WORKERS=true GRANIAN_WORKERS_MAX_RSS=512 GRANIAN_RSS_SAMPLE_INTERVAL=10 \
    GRANIAN_WORKERS_KILL_TIMEOUT=30
VOLUME /data/filer
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=40s --retries=4 \
    CMD ["python", "/app/docker/helsesjekk.py"]
CMD ["granian", "nettverk.wsgi:application"]
