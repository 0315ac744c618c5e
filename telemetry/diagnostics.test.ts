import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManualClock } from '../base/clock.ts';
import { createDiagnostics } from './diagnostics.ts';

test('an error is one line with its message, and the same one is told once a minute', () => {
  const clock = createManualClock(0);
  const lines: string[] = [];
  const diagnostics = createDiagnostics({ write: line => lines.push(line), clock });
  const error = JSON.stringify({ stack: 'Error: refused\n    at send', message: 'refused', name: 'Error' });
  diagnostics.error(error);
  diagnostics.error(error);
  diagnostics.warn('Not all telemetry was sent:', 'timeout');
  assert.deepEqual(lines, ['telemetry: refused\n', 'telemetry: Not all telemetry was sent: timeout\n']);
  clock.advance(60_000);
  diagnostics.error(error);
  assert.equal(lines.length, 3);
});

test('of messages that are all different no more than a hundred are remembered, and each is told', () => {
  const lines: string[] = [];
  const diagnostics = createDiagnostics({ write: line => lines.push(line), clock: createManualClock(0) });
  for (let n = 0; n < 250; n += 1) diagnostics.warn(`message ${n}`);
  assert.equal(lines.length, 250);
});
