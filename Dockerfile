# Everything:                 docker build -t adamax-lab .
# Without Keras and JAX:      docker build -t adamax-lab:light --build-arg REQUIREMENTS=requirements-light.txt .
# Run it, nothing writable:   docker run --init --read-only --tmpfs /tmp -p 8501:8501 adamax-lab
#
# The base is pinned to a patch version. To pin it to the byte as well, ask for its digest, and write it behind the tag:
#   docker buildx imagetools inspect python:3.13.9-slim-bookworm      ->  python:3.13.9-slim-bookworm@sha256:…
FROM python:3.13.9-slim-bookworm

ARG REQUIREMENTS=requirements.txt
WORKDIR /app

# What seldom changes first: a change of the project's own code leaves this layer as it is.
COPY requirements.txt requirements-light.txt ./
RUN grep -v '^-e' "$REQUIREMENTS" > /tmp/pinned.txt \
 && pip install --no-cache-dir --disable-pip-version-check --only-binary :all: -r /tmp/pinned.txt setuptools==84.2.1 \
 && rm /tmp/pinned.txt \
 && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin app

# The project where it is: Streamlit finds the player by the pyproject.toml beside the package. All of it stays root's,
# and its bytecode is made now, since nothing can be written later.
COPY pyproject.toml README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY adamax_viz adamax_viz
COPY pages pages
COPY deploy/health.py deploy/health.py
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation -e . \
 && python -m compileall -q adamax_viz

# Streamlit and Keras keep their settings in the home; two arenas, so that freed memory goes back to the system.
ENV HOME=/tmp \
    KERAS_HOME=/tmp/keras \
    MALLOC_ARENA_MAX=2 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    STREAMLIT_SERVER_PORT=8501 \
    STREAMLIT_SERVER_HEADLESS=true \
    STREAMLIT_SERVER_FILE_WATCHER_TYPE=none \
    STREAMLIT_SERVER_BASE_URL_PATH=""
USER 10001
EXPOSE 8501
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=10s --start-period=60s --retries=3 CMD ["python", "deploy/health.py", "--end"]
CMD ["streamlit", "run", "app.py"]
