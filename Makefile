# SPDX-License-Identifier: MIT
# make            build build/nslab
# make demo       install what is missing, build, show a lab
# make check      install what the tests need, run them all
# make check-vm   run them all under Debian's kernel, in a virtual machine; make check does so with some
# make bench      measure it; BENCH="start exec" BENCH_OPTIONS="--repeat 3 --json FILE" choose
# make install    into $(DESTDIR)$(PREFIX);  make uninstall

PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
MANDIR     ?= $(PREFIX)/share/man
SHAREDIR   ?= $(PREFIX)/share/nslab
BASHDIR    ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR     ?= $(PREFIX)/share/zsh/site-functions

CC         ?= cc
CFLAGS     ?= -O2 -g
WARNINGS   := -Wall -Wextra -Wshadow -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes \
              -Wwrite-strings -Wswitch-enum -Wundef -Wpointer-arith
VERSION    := 0.1
PACKAGES   := libmnl libnl-3.0 libnl-route-3.0

# BUILD is another folder for another kind of build: make BUILD=build/asan SANITIZE=address,undefined
BUILD      ?= build
SANITIZE   ?=

# libnl's and iniparser's headers are not ours to mend: as system headers they give no warnings.
PKG_CFLAGS  = $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PACKAGES)))
# Libraries of which there are archives become part of the program: any other is five mappings, and
# mappings are copied for each node.
library     = $(if $(wildcard $(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
PKG_LIBS    = $(shell pkg-config --libs-only-L $(PACKAGES)) \
              $(foreach name,nl-route-3 nl-3 iniparser resolv,$(call library,$(name))) -lmnl -lm

ALL_CFLAGS  = -std=gnu11 $(WARNINGS) -Isrc -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
              -fstack-protector-strong $(PKG_CFLAGS) $(CFLAGS)
ifneq ($(SANITIZE),)
ALL_CFLAGS += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer -fno-sanitize-recover=all
LDFLAGS    += -fsanitize=$(SANITIZE)
endif
# All symbols are looked up once, at the start: else each node's first process would do it again.
ALL_LDFLAGS = -Wl,-z,relro,-z,now $(LDFLAGS)

LAYERS     := base topology generate plan kernel lab test cmd
SOURCES    := $(sort $(wildcard $(LAYERS:%=src/%/*.c)))
OBJECTS    := $(SOURCES:src/%.c=$(BUILD)/%.o)
UNIT       := $(sort $(wildcard tests/unit/test_*.c))
UNIT_BINS  := $(UNIT:tests/unit/%.c=$(BUILD)/tests/%)

INSTALL_DIRS := $(addprefix $(DESTDIR),$(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(BASHDIR) \
                  $(ZSHDIR) $(SHAREDIR)/topologies)
C_FILES     = $(sort $(shell find src tests -name '*.[ch]'))
# Scripts have no suffix: they are found by their first line.
SHELL_FILES = $(sort $(shell grep -rlE '^\#!.*\bbash$$|shellcheck shell=bash' scripts tests))

.PHONY: all unit unit-programs clean install uninstall demo check check-vm check-programs bench format
all: $(BUILD)/nslab

$(BUILD)/nslab: $(BUILD)/main.o $(OBJECTS)
	$(CC) $(CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/unit/%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -MMD -MP -o $@ $< $(OBJECTS) $(ALL_LDFLAGS) -lcmocka $(PKG_LIBS)

$(BUILD)/bench/floor: tests/bench/floor.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(LDFLAGS) -lmnl

# What cannot be installed is named, and left out of the measurement.
bench:
	-scripts/install-packages build run bench
	@$(MAKE) --no-print-directory all $(BUILD)/bench/floor
	NSLAB=$(BUILD)/nslab FLOOR=$(BUILD)/bench/floor tests/bench/run $(BENCH_OPTIONS) $(BENCH)

unit: $(UNIT_BINS)
	@failed=0; for test in $(UNIT_BINS); do $$test || failed=1; done; exit $$failed

clean:
	rm -rf $(BUILD)

demo:
	@scripts/install-packages build run
	@$(MAKE) --no-print-directory all
	@NSLAB=$(BUILD)/nslab scripts/demo

install: $(BUILD)/nslab
	install -d $(INSTALL_DIRS)
	install -m 755 $(BUILD)/nslab $(DESTDIR)$(BINDIR)/nslab
	install -m 644 docs/nslab.1 $(DESTDIR)$(MANDIR)/man1/nslab.1
	install -m 644 docs/nslab-topology.5 $(DESTDIR)$(MANDIR)/man5/nslab-topology.5
	install -m 644 scripts/completion/nslab.bash $(DESTDIR)$(BASHDIR)/nslab
	install -m 644 scripts/completion/_nslab $(DESTDIR)$(ZSHDIR)/_nslab
	find topologies -type f -exec install -D -m 644 {} $(DESTDIR)$(SHAREDIR)/{} \;

# Folders that others may use as well stay.
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/nslab
	rm -f $(DESTDIR)$(MANDIR)/man1/nslab.1 $(DESTDIR)$(MANDIR)/man5/nslab-topology.5
	rm -f $(DESTDIR)$(BASHDIR)/nslab $(DESTDIR)$(ZSHDIR)/_nslab
	rm -rf $(DESTDIR)$(SHAREDIR)/topologies
	[ ! -d $(DESTDIR)$(SHAREDIR) ] || rmdir --ignore-fail-on-non-empty $(DESTDIR)$(SHAREDIR)

format:
	clang-format -i $(C_FILES)

# Style and plain mistakes, without running anything: all of it, or one.
LINTERS := check-layers check-format check-shell check-manuals check-headers cppcheck tidy compilers
.PHONY: lint linters $(LINTERS)
lint: $(LINTERS)
linters:
	@echo $(LINTERS)

check-layers:
	@scripts/check-layers

check-format:
	clang-format --dry-run -Werror $(C_FILES)

check-shell:
	shellcheck -x $(SHELL_FILES)

check-manuals:
	mandoc -Tlint -W warning docs/nslab.1 docs/nslab-topology.5

# Every header brings what it needs.
check-headers:
	@for header in $(wildcard $(LAYERS:%=src/%/*.h)); do \
	    $(CC) $(ALL_CFLAGS) -Werror -fsyntax-only -include "$$header" -x c /dev/null || exit 1; \
	done

cppcheck:
	cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --language=c -j "$$(nproc)" \
	    --enable=warning,performance,portability --suppress=missingIncludeSystem \
	    -Isrc -D_GNU_SOURCE -DVERSION='"$(VERSION)"' src

# One file a process: in one that reads several, clang-tidy 14 takes every va_list but those of the
# first file for uninitialized.
tidy:
	printf '%s\n' $(SOURCES) src/main.c | xargs -P "$$(nproc)" -I{} \
	    clang-tidy --quiet --warnings-as-errors='*' {} -- $(ALL_CFLAGS)

# No warning from either compiler.
compilers:
	$(MAKE) BUILD=build/clang CC=clang CFLAGS='-O2 -Werror' all unit-programs
	$(MAKE) BUILD=build/gcc CC=gcc CFLAGS='-O2 -Werror' all unit-programs

-include $(OBJECTS:.o=.d) $(BUILD)/main.d $(UNIT_BINS:=.d)

# Everything: packages, the program and its tests, plain and with sanitizers, all suites.
check: check-programs
	scripts/check

check-vm: check-programs
	scripts/check-vm

check-programs:
	scripts/install-packages build run test
	$(MAKE) all unit-programs
	$(MAKE) BUILD=build/asan SANITIZE=address,undefined all unit-programs

unit-programs: $(UNIT_BINS) $(BUILD)/bench/floor
