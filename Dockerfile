# The images of the platform's services and of its prober, each of which runs one of them:
#
#   docker build --target api --tag burnline-api .         the records API
#   docker build --target ingest --tag burnline-ingest .   the endpoint that Pub/Sub pushes to
#   docker build --target worker --tag burnline-worker .   the pull worker
#   docker build --target prober --tag burnline-prober .   the prober of the whole path
#
# Node runs the sources as they are. The images differ in their command alone, so their layers are stored and pulled once.

FROM node:24.21.0-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66 AS base
WORKDIR /app

FROM base AS dependencies
COPY .npmrc package.json package-lock.json ./
# No scripts: ours links the packaged Node, which an image does not need, and those of the packages only print.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM base AS service
# A service starts no package manager, and what is not there has no holes. The two folders are all that it may write: its data,
# and what Node compiles.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /opt/yarn-* /usr/local/bin/yarn /usr/local/bin/yarnpkg && \
    install --directory --owner=node --group=node /data /var/cache/burnline
ENV NODE_ENV=production \
    PORT=8080 \
    BURNLINE_DATA_DIR=/data \
    NODE_COMPILE_CACHE=/var/cache/burnline
COPY --from=dependencies /app/node_modules ./node_modules
# From what seldom changes to what often does.
COPY package.json ./
COPY base ./base
COPY telemetry ./telemetry
COPY records ./records
COPY ingest ./ingest
COPY app ./app
COPY prober ./prober
# The toolkit, for the command is one.
COPY slo ./slo
COPY alerts ./alerts
COPY dashboards ./dashboards
COPY exports ./exports
COPY monitoring ./monitoring
COPY cli ./cli
# The image's user `node`, by number: Kubernetes takes no name for proof that it is not root.
USER 1000:1000
# Imports all there is, where the command prints its help: a start finds it compiled, and an image that lacks an import is not
# built. As the user who will run it, for Node keeps what it compiles for each user apart.
RUN node --input-type=module --eval " \
    import { globSync, readFileSync } from 'node:fs'; \
    const files = globSync('*/**/*.ts', { exclude: ['node_modules'] }).map(file => './' + file); \
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')); \
    process.argv = ['node', 'burnline', '--help']; \
    await Promise.all([...files, ...Object.keys(dependencies)].map(name => import(name)));"
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "--input-type=module", "--eval", \
    "process.exitCode = (await fetch('http://127.0.0.1:' + process.env.PORT + '/health')).ok ? 0 : 1"]

FROM service AS api
ENTRYPOINT ["node", "cli/burnline.ts", "up", "--only", "api"]

FROM service AS ingest
ENTRYPOINT ["node", "cli/burnline.ts", "up", "--only", "ingest"]

FROM service AS worker
ENTRYPOINT ["node", "cli/burnline.ts", "up", "--only", "worker"]

FROM service AS prober
ENTRYPOINT ["node", "cli/burnline.ts", "up", "--only", "prober"]
