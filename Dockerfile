# The planner for a container: no root, one volume, a file system that may be read-only.
#   docker build -t planner .
#   docker run -d --name planner --read-only --tmpfs /tmp -v planner:/data -e BOT_TOKEN_FILE=/run/secrets/token … planner
# See docs/install.md.

FROM python:3.11-slim-bookworm AS build
COPY requirements.lock .
RUN python -m venv --without-pip /opt/planner \
 && python -m pip --python /opt/planner/bin/python install --no-cache-dir --require-hashes --only-binary :all: \
    --compile -r requirements.lock
COPY planner.py slo.toml LICENSE /opt/planner/app/
COPY planner /opt/planner/app/planner
# Whoever cloned it under a umask of 077 gives files that only root reads.
RUN python -m compileall -q /opt/planner/app \
 && chmod -R a+rX /opt/planner

FROM python:3.11-slim-bookworm
RUN groupadd --gid 10001 planner \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin planner \
 && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=build /opt/planner /opt/planner
ENV PATH=/opt/planner/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PLANNER_DB=/data/planner.db \
    PLANNER_HTTP=127.0.0.1:8085
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8085
# By the standard library alone: importing the bot would cost seconds of CPU at every look. localchat has the same page.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, sys, http.client as h; c = h.HTTPConnection(os.environ['PLANNER_HTTP'], timeout=4); c.request('GET', '/livez'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "/opt/planner/app/planner.py"]
CMD ["run"]
