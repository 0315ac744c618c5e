import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIgnored } from './ignored.ts';

test('of the patterns of a .dockerignore that match a path or a folder it lies in, the last one decides', () => {
  const ignored = createIgnored(
    '# all\n*\n\n!app\n!/.npmrc\n**/*.test.ts\napp/secret?.txt\napp/docs/\n!app/docs/a.css\n',
  );
  const out = ['.git', '.env', 'a/b', 'app/a.test.ts', 'app/b/c.test.ts', 'app/secret1.txt', 'app/docs/b.css', 'apple'];
  const kept = ['app', 'app/.env', 'app/b/c.ts', '.npmrc', 'app/secret.txt', 'app/atest.ts', 'app/docs/a.css'];
  assert.deepEqual([...out, ...kept].filter(ignored), out);
});
