# The suite as an image, for a CI system that runs containers, and for a computer without Python:
#
#   docker build --tag report-conformance .
#   docker run --rm --volume "$PWD/report:/report" --env RC_ADMIN_USERNAME --env RC_ADMIN_PASSWORD \
#       report-conformance --target https://reports.example/jasperserver
#   docker run --rm --entrypoint reportconformance report-conformance wait https://reports.example/jasperserver
#
# The container runs as the user 10001, who has to be allowed to write to the folder at /report; --user chooses another.
# It ends with the exit code of the run:
#   0  conformant, conformant with known deviations, or partial without a failure
#   1  a violated MUST requirement, a requirement that is worse than in the baseline, or a failing test of your own
#   2  interrupted
#   3  an internal error of pytest
#   4  usage or configuration
#   5  no test was selected
#   6  some MUST requirements could not be judged
#   7  the server is unreachable, a report could not be written, or the suite failed

# The digest is that of the index of all platforms. It was taken from public Dockerfiles that agree on it, and was not
# compared with the registry: do so with `docker buildx imagetools inspect python:3.13.15-slim-trixie` before you rely on it.
FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source
RUN python -m venv /opt/reportconformance
COPY requirements/runtime.txt requirements/runtime.txt
RUN /opt/reportconformance/bin/pip install --require-hashes -r requirements/runtime.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY specs specs
COPY docs docs
COPY pytest_reportconformance pytest_reportconformance
RUN /opt/reportconformance/bin/pip install --no-deps .

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b
LABEL org.opencontainers.image.title="pytest-reportconformance" org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/reportconformance/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 XDG_STATE_HOME=/tmp/state
COPY --from=build /opt/reportconformance /opt/reportconformance
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin reportconformance \
    && install --directory /opt/no-tests \
    && install --directory --owner=10001 --mode=0777 /report
USER 10001
WORKDIR /report
# Without configuration and tests that happen to be in the folder at /report: only the suite is run.
ENTRYPOINT ["pytest", "-c", "/dev/null", "--rootdir", ".", "--noconftest", "-o", "testpaths=/opt/no-tests", "-p", "no:cacheprovider", "--conformance-report", "/report"]
CMD ["--help"]
