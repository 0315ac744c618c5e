import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BurnlineError } from '../base/errors.ts';
import { integerOption, rateOption, shareOption, urlOption } from './options.ts';

const refused = (read: (text: string) => unknown, texts: string[], message: RegExp) => {
  for (const text of texts) {
    const check = (error: unknown) => {
      assert.ok(error instanceof BurnlineError);
      assert.match(error.message, message);
      assert.deepEqual(
        error.problems.map(({ value }) => value),
        [JSON.stringify(text)],
      );
      return true;
    };
    assert.throws(() => read(text), check, text);
  }
};

test('an integer has a range, and the refusal names option, rule and value', () => {
  const read = integerOption('--count', { min: 1, max: 10 });
  assert.equal(read('10'), 10);
  refused(
    read,
    ['0', '11', '-1', '1.5', '1e1', '', ' 1', 'abc', '9'.repeat(40)],
    /^--count must be an integer from 1 to 10, /,
  );
});

test('a share is a percentage', () => {
  const read = shareOption('--poison');
  assert.equal(read('5%'), 0.05);
  assert.equal(read('0.5%'), 0.005);
  assert.equal(read('100%'), 1);
  refused(read, ['5', '0.05', '101%', '-1%', '%', 'five'], /^--poison must be a percentage /);
});

test('a rate is messages a second', () => {
  const read = rateOption('--rate', { max: 1000 });
  assert.equal(read('500'), 500);
  assert.equal(read('500/s'), 500);
  assert.equal(read('0.5'), 0.5);
  refused(read, ['0', '1001', '-5', '5/m', ''], /^--rate must be messages a second, above 0 and at most 1000/);
});

test('an address is http or https, and loses the slash at its end', () => {
  const read = urlOption('--url');
  assert.equal(read('http://127.0.0.1:8081/'), 'http://127.0.0.1:8081');
  assert.equal(read('https://example.com/base/'), 'https://example.com/base');
  refused(
    read,
    ['127.0.0.1:8081', 'ftp://x', '', 'http://', 'http://a?b=1', 'http://user@a'],
    /^--url must be an http or https address/,
  );
});
