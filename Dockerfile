# The service without an embedded database: DATABASE_URL names one. See "Deploy" in the README.
#
# node:20-bookworm-slim, by the digest of its index. To raise it: docker buildx imagetools inspect node:20-bookworm-slim
FROM node:20-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0 AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No package needs a script of its own to be installed; none may run.
RUN npm ci --ignore-scripts --omit=optional
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
COPY scripts scripts
RUN npm run build
RUN npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:20-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0
LABEL org.opencontainers.image.title="discovery-wiring" \
      org.opencontainers.image.description="Imports inventories, turns their rows into assets, and proves that every link between them holds."
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY profiles profiles
# Uploads are spooled in DATA_DIR, the shared texts of workbooks in the temporary folder; nothing else is written, so that the
# rest of the file system may be read-only.
RUN mkdir /data && chown 10001:10001 /data
VOLUME /data
USER 10001:10001
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/v1/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm between, so that SIGTERM arrives.
CMD ["node", "dist/src/main.js"]
