/** `ContainerFile`: several stages, so that layers are worth caching. */
export const containerFile = `# The image that HuskyCat's own jobs run in, with every tool it drives.
FROM python:3.12-slim AS base
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1
RUN apt-get update \\
 && apt-get install -y --no-install-recommends ca-certificates curl git xz-utils \\
 && rm -rf /var/lib/apt/lists/*

FROM base AS tools
COPY scripts/download-tools.sh /tmp/download-tools.sh
RUN sh /tmp/download-tools.sh linux-amd64 /opt/tools

FROM base AS node-tools
RUN apt-get update \\
 && apt-get install -y --no-install-recommends nodejs npm \\
 && npm install --global eslint@9 prettier@3 \\
 && rm -rf /var/lib/apt/lists/*

FROM base AS builder
RUN pip install uv==0.9.26
WORKDIR /src
COPY pyproject.toml README.md ./
RUN uv sync --no-install-project --all-extras
COPY src ./src
RUN uv build --wheel --out-dir /dist

FROM node-tools
COPY --from=tools /opt/tools/ /usr/local/bin/
COPY --from=builder /src/.venv /opt/venv
COPY --from=builder /dist /dist
ENV PATH=/opt/venv/bin:$PATH
RUN pip install --no-deps /dist/*.whl && huskycat --version
WORKDIR /workspace
CMD ["huskycat", "--help"]
`;

export const gitignore = `.cache/
.venv/
dist/
public/
result
__pycache__/
report.xml
`;
