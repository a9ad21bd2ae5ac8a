# Troth in a container: `docker build -t troth .`, then compose.yaml or docs/deploy.md.
FROM python:3.13-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/troth
# The dependencies first: they change seldom, and this layer is kept while they do not.
COPY requirements.runtime.lock ./
RUN /opt/troth/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --requirement requirements.runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY openapi ./openapi
COPY fixtures ./fixtures
COPY models ./models
COPY handlers ./handlers
COPY troth ./troth
RUN /opt/troth/bin/pip install --no-cache-dir --disable-pip-version-check "setuptools>=77" \
    && /opt/troth/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation . \
    && /opt/troth/bin/pip uninstall --yes --quiet setuptools

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin troth \
    && install -d -o troth -g troth -m 0700 /var/lib/troth /var/lib/troth/files
COPY --from=build /opt/troth /opt/troth
ENV PATH=/opt/troth/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TROTH_HOST=0.0.0.0 \
    TROTH_PORT=8080 \
    TROTH_DATABASE_URL=sqlite:////var/lib/troth/troth.db \
    TROTH_FILES_DIR=/var/lib/troth/files
# By number, so that an orchestrator can see that it is not root.
USER 10001
WORKDIR /var/lib/troth
VOLUME ["/var/lib/troth"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/_health/ready', timeout=2)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["troth"]
CMD ["serve"]
