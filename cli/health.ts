import type { RequestListener } from 'node:http';

const HEALTH = new Set(['/health', '/healthz']);
const READY = new Set(['/ready', '/readyz']);

/** Answers for a service that has nothing else to say over HTTP: whether it is alive, and whether it takes work. */
export function createHealthHandler({ isReady }: { isReady: () => boolean }): RequestListener {
  return (req, res) => {
    const path = req.url?.split('?')[0] ?? '';
    const ready = READY.has(path);
    const [status, text] = HEALTH.has(path)
      ? [200, 'ok']
      : ready && isReady()
        ? [200, 'ready']
        : [ready ? 503 : 404, ready ? 'not ready' : 'not found'];
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    res.end(JSON.stringify({ status: text }));
  };
}
