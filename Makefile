# Two commands do everything: `make run` opens the app, `make test` checks it.
PYTHON ?= python3
BIN := .venv/bin
# JavaScript is checked and tested without a network.
LOCAL := --quiet --no-remote --no-npm

.PHONY: run test lint style types javascript browser benchmarks lock clean

run: .venv/app
	$(BIN)/streamlit run app.py

test: .venv/dev
	$(MAKE) --jobs=2 browser lint
	$(BIN)/deno test $(LOCAL) --no-check --reporter=dot tests/javascript
	$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: types style javascript

style: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev
	$(BIN)/mypy

javascript: .venv/dev
	$(BIN)/deno fmt --quiet --check
	$(BIN)/deno lint --quiet
	$(BIN)/deno check $(LOCAL) adamax_viz/player/assets

browser: .venv/dev
	$(BIN)/python -m tests.browser.install

benchmarks: .venv/dev
	$(BIN)/python -m benchmarks

# requirements*.txt are compiled from pyproject.toml, pinned, for every platform and Python from 3.11; light: no Keras.
lock: .venv/dev
	.ci/lock $(BIN)/uv

clean:
	rm -rf .venv build *.egg-info

.venv/app: requirements.txt pyproject.toml
	test -x $(BIN)/python || .ci/make-venv $(PYTHON)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/dev: requirements-dev.txt pyproject.toml
	test -x $(BIN)/python || .ci/make-venv $(PYTHON)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@ .venv/app
