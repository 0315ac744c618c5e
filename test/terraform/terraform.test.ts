import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { toTerraform } from '../../exports/terraform/module.ts';
import { everyForm } from './every-form.ts';
import { countResources, problemsOf } from './schema.ts';

const folder = join(import.meta.dirname, '../../terraform/monitoring');
const committed = readdirSync(folder).filter(name => name.endsWith('.tf.json'));

test('the committed module is what the google provider takes', () => {
  const texts = committed.map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  assert.deepEqual(
    texts.flatMap(({ name, text }) => problemsOf(name, text)),
    [],
  );
  assert.ok(texts.reduce((sum, { text }) => sum + countResources(text), 0) > 30);
});

test('so is a module with every form of SLI, every cause, every channel and both kinds of service', () => {
  const files = [...toTerraform(everyForm, { isDestroyable: false })];
  const modules = files.filter(({ path }) => path.endsWith('.tf.json'));
  assert.deepEqual(
    modules.flatMap(({ path, text }) => problemsOf(path, text)),
    [],
  );
});

test('the check finds a misspelt argument, a missing one, a wrong type, and one that the provider decides', () => {
  const slo = { service: 's', goal: '0.9', gaol: 0.9, name: 'n', request_based_sli: { distribution_cut: {} } };
  const problems = problemsOf('f', JSON.stringify({ resource: { google_monitoring_slo: { x: slo } } }));
  assert.deepEqual(problems, [
    'f: google_monitoring_slo.x.goal must be "number", not "0.9"',
    'f: google_monitoring_slo.x.gaol is no argument',
    'f: google_monitoring_slo.x.name is for the provider to decide',
    'f: google_monitoring_slo.x.request_based_sli.distribution_cut.distribution_filter is missing',
    'f: google_monitoring_slo.x.request_based_sli.distribution_cut.range is missing',
  ]);
});
