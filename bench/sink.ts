// Takes what telemetry is sent, in a process of its own so that it costs neither the server nor the load generator.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let requests = 0;
const server = createServer((req, res) => {
  requests += 1;
  req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('message', () => process.send?.(requests));
process.on('disconnect', () => process.exit(0));
