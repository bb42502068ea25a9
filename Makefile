# farenctl: `make demo` plays the main road, `make test` runs all tests. Both install PostgreSQL when it is missing.
SHELL := /bin/bash
.DEFAULT_GOAL := help
GO ?= go
BIN := bin/farenctl
PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
LINT := $(GO) tool -modfile=.tools/golangci-lint.mod golangci-lint
TESTFLAGS ?= -race

.PHONY: help
help: ## show the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## build bin/farenctl
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) ./cmd/farenctl

.PHONY: demo
demo: postgres build ## play registration, review and sign-in on a private server
	FARENCTL=$(CURDIR)/$(BIN) testdata/demo/demo.sh

# The thousands of processes that the package of the commands starts are slow under the race detector: `make race` runs that one under it, too.
.PHONY: test
test: postgres pgbouncer ## run all tests on a PostgreSQL of their own, all but those of the commands under the race detector
	$(GO) test $(TESTFLAGS) -timeout 8m $$($(GO) list ./... | grep -v '/internal/cli$$')
	$(GO) test -timeout 11m ./internal/cli

.PHONY: race
race: postgres pgbouncer ## run all tests under the race detector, which takes long
	$(GO) test -race -timeout 40m ./...

.PHONY: lint
lint: ## run the linters, at the pinned version
	$(LINT) run

.PHONY: generate
generate: ## make the generated files again
	$(GO) generate ./...

.PHONY: verify
verify: ## check format, vet, lint, module files, known vulnerabilities and generated files
	@files=$$(gofmt -l cmd internal); if [ -n "$$files" ]; then echo "not formatted: $$files" >&2; exit 1; fi
	$(GO) vet ./...
	$(GO) mod tidy -diff
	$(MAKE) --no-print-directory lint
	GO=$(GO) .tools/vuln
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && cp -r . "$$work/tree" && cd "$$work/tree" && $(GO) generate ./... && \
		diff -r --exclude=.git --exclude=bin $(CURDIR) . || { echo "generated files are not up to date: run make generate" >&2; exit 1; }

.PHONY: bench
bench: postgres build ## measure against baselines of the same run; JSON=file keeps the figures, ROWS=n is the register's size
	FARENCTL=$(CURDIR)/$(BIN) $(GO) run ./internal/bench $(if $(JSON),-json $(JSON)) $(if $(ROWS),-rows $(ROWS))

.PHONY: bench-scale
bench-scale: postgres build ## measure at ten thousand accounts and at SIZE=n (ten million), which take some 5 kB each on disk
	FARENCTL=$(CURDIR)/$(BIN) $(GO) run ./internal/bench -rounds 10 -scale $(or $(SIZE),10000000) $(if $(JSON),-json $(JSON))

.PHONY: install
install: build ## install program, completions, manual under PREFIX
	install -D -m 0755 $(BIN) $(DESTDIR)$(PREFIX)/bin/farenctl
	install -D -m 0644 completions/farenctl.bash $(SHARE)/bash-completion/completions/farenctl
	install -D -m 0644 completions/_farenctl $(SHARE)/zsh/site-functions/_farenctl
	install -D -m 0644 completions/farenctl.fish $(SHARE)/fish/vendor_completions.d/farenctl.fish
	install -D -m 0644 completions/farenctl.ps1 $(SHARE)/farenctl/farenctl.ps1
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && $(BIN) man --lang en --out "$$work" -q >/dev/null && \
		install -D -m 0644 -t $(SHARE)/man/man1 "$$work"/*.1 && install -D -m 0644 -t $(SHARE)/man/man7 "$$work"/*.7

# PostgreSQL's server programs; a cluster of Debian's is neither needed nor made.
.PHONY: postgres
postgres:
	@if [ -n "$$FARENCTL_PG_BIN" ] || command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "install PostgreSQL 15 or newer, or set FARENCTL_PG_BIN" >&2; exit 1; fi; \
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	$$sudo mkdir -p /etc/postgresql-common/createcluster.d && \
	echo 'create_main_cluster = false' | $$sudo tee /etc/postgresql-common/createcluster.d/farenctl.conf >/dev/null && \
	$$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql

# A pooler, which the tests stand before a database.
.PHONY: pgbouncer
pgbouncer:
	@if command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ]; then exit 0; fi; \
	if ! command -v apt-get >/dev/null; then echo "install pgbouncer, which the tests need" >&2; exit 1; fi; \
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	$$sudo apt-get update && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends pgbouncer
