// Runs the contract tests and the end-to-end suite against the real emulators.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPubSubEmulator } from './pubsub.ts';

const pubsub = await startPubSubEmulator();
process.stderr.write(`The Pub/Sub emulator is up at ${pubsub.host}\n`);
const files = ['test/emulators/topic.test.ts', 'test/system/records.test.ts'];
const env = { ...process.env, PUBSUB_EMULATOR_HOST: pubsub.host, TOPIC: 'pubsub' };
const tests = spawn(process.execPath, ['--test', '--test-timeout=240000', '--test-reporter=spec', ...files], {
  env,
  stdio: 'inherit',
});
const [code] = await once(tests, 'exit');
await pubsub.stop();
process.exitCode = code ?? 1;
