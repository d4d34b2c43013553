# syntax=docker/dockerfile:1

# --- Build: everything, then only what runs -------------------------------------------------------------------------------
FROM node:20-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm install --no-save --include=dev --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

# --- Run ------------------------------------------------------------------------------------------------------------------
FROM node:20-slim
# tini passes signals on and reaps what a restart command leaves behind.
RUN apt-get update \
  && apt-get install -y --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production \
  NIGHTKEEPER_CONFIG=/etc/nightkeeper/nightkeeper.yaml
WORKDIR /app
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build /build/package.json /build/LICENSE ./
RUN ln -s /app/dist/src/app/cli.js /usr/local/bin/nightkeeper
USER node
EXPOSE 8420
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8420/healthz').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["nightkeeper", "start"]
