# «make hjelp» lists what there is. Set-up runs by itself and costs nothing when nothing has changed.
.DEFAULT_GOAL := hjelp
SHELL := /bin/sh

PYTHON3 ?= python3
PORT ?= 8000
ARGS ?=
MILJO ?=
BIN := .venv/bin
MED := $(BIN)/python -m nettverk.maskinrom med --
MANAGE := $(MED) $(BIN)/python manage.py
# For commands that read the settings but need no server.
ADRESSER := DATABASE_URL=postgresql:///ingen REDIS_URL=redis://ingen/0
UTEN := DEBUG=1 DEMO=1 $(ADRESSER)
SOM_I_DRIFT := DEBUG=0 DEMO=0 ALLOWED_HOSTS=portal.example $(ADRESSER) \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')

hjelp: ## denne lista
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: oppsett ## start portalen med demodata på http://localhost:8000 (PORT=8001 velger en annen port)
	@exec $(BIN)/python -m nettverk.maskinrom kjor --port $(PORT)

test: oppsett-tester ## alle testene (ARGS="tests/nettverk -k samling" for noen av dem)
	@$(BIN)/pytest -n auto $(ARGS)

check: oppsett-tester ## form, feilsøking, typer, maler, migreringer, oversettelser, drift
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/djangofmt --quiet --check templates
	@$(BIN)/djlint --quiet --lint templates
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml docker-compose.s3.yml
	@$(UTEN) $(BIN)/mypy
	@$(PYTHON3) docs/tegn_huset.py --check
	@$(MANAGE) makemigrations --check --dry-run
	@$(UTEN) $(BIN)/python manage.py spraak --check
	@$(SOM_I_DRIFT) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: oppsett-tester ## målinger av de viktigste sidene og rapporten
	@$(BIN)/python -m tests.maaling $(ARGS)

angrep: oppsett-tester ## en egen portal angrepet: tilgang, inndata, kappløp og avbrudd (omtrent tolv minutter)
	@$(BIN)/python -m tests.angrep $(ARGS)

manage: oppsett ## en av Djangos kommandoer, for eksempel: make manage ARGS="shell"
	@$(MANAGE) $(ARGS)

bygg: ## bygg portalen for drift: pakker, sider, språk og statiske filer
	@$(PYTHON3) nettverk/maskinrom/oppsett.py --drift

sjekk-drift: ## se etter at alt er klart for drift (MILJO=fil i stedet for /etc/nettverksportalen/portal.env)
	@PORTAL_MILJO="$(MILJO)" exec drift/portal driftssjekk

format: oppsett-tester ## rett formen på koden og malene
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format . && $(BIN)/djangofmt templates

spraak: oppsett ## hent tekstene inn i oversettelsene og lag språkfilene
	@$(MANAGE) spraak
	@$(MANAGE) kompiler_spraak

bilder: oppsett-tester ## ta bildene på forsiden og i README på nytt, fra demoen (static/img/forside/)
	@$(MED) $(BIN)/python -m tests.bilder

tegning: ## tegn huset på nytt fra importene (docs/bilder/huset.svg)
	@$(PYTHON3) docs/tegn_huset.py

krav: oppsett-tester ## lås kravene på nytt fra requirements/*.in
	@.ci/laas-krav

sbom: oppsett-tester ## skriv hva portalen er bygd av (CycloneDX) i build/sbom/
	@$(BIN)/python .ci/sbom.py

revisjon: oppsett-tester ## spør om noe av det vi bygger på, har kjente feil (trenger nettet)
	@$(BIN)/python .ci/revisjon.py

oppsett: ## sett opp alt portalen trenger
	@$(PYTHON3) nettverk/maskinrom/oppsett.py

oppsett-tester: ## og alt testene og sjekkene trenger
	@$(PYTHON3) nettverk/maskinrom/oppsett.py --tests

rydd: ## slett alt som er laget, unntatt dataene i var/
	rm -rf .venv .verktoy build node_modules .pytest_cache .mypy_cache .ruff_cache

.PHONY: hjelp bygg sjekk-drift run test check bench angrep manage format spraak bilder tegning krav sbom revisjon oppsett oppsett-tester rydd
