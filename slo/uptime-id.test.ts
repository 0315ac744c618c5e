import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugOf, uptimeIdPattern } from './uptime-id.ts';

test('a check is known by its title, whatever was added to make its id', () => {
  const isOf = (title: string, id: string) => new RegExp(`^(?:${uptimeIdPattern(title)})$`).test(id);
  assert.equal(slugOf('Front / door'), 'front-door');
  for (const id of ['front-door-pknFaR3gF7g', 'front-door-SC-_tHLK7I0', 'front-door-4430799709908061027']) {
    assert.ok(isOf('Front / door', id), id);
  }
  for (const id of ['front-door', 'front-door-eu-pknFaR3gF7g', 'front-door-2-4430799709908061027', 'a-front-door-1']) {
    assert.ok(!isOf('Front / door', id), id);
  }
});
