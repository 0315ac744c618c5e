import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { limits } from '../../base/limits.ts';
import { readSettings } from '../../cli/settings.ts';
import { ACK_DEADLINE_SECONDS } from '../../records/pubsub/names.ts';
import { topicNames } from '../../records/topic-names.ts';
import { recordsApi } from '../../slo/services/records-api.slo.ts';
import { generatedFiles } from './generated.ts';

const folder = join(import.meta.dirname, '../../terraform');
const paths = globSync('{*.tf,modules/*/*.tf}', { cwd: folder });
const texts = new Map(paths.map(path => [path, readFileSync(join(folder, path), 'utf8')]));
const all = [...texts.values()].join('\n');
const text = (path: string) => texts.get(path) ?? assert.fail(`no ${path}`);

/** Every resource, with the comment above it. */
const resources = [...all.matchAll(/((?:^#.*\n)*)^resource "(\w+)" "(\w+)" \{\n([\s\S]*?)^\}/gm)].map(
  ([, comment = '', type = '', name = '', body = '']) => ({ comment, type, address: `${type}.${name}`, body }),
);

test('no basic role and no key file is given to anyone', () => {
  assert.ok(resources.length > 50);
  assert.doesNotMatch(all, /roles\/(owner|editor|viewer)"/);
  assert.doesNotMatch(all, /google_service_account_key|credentials\s*=|private_key/);
  assert.doesNotMatch(all, /_iam_(policy|binding)"/);
});

test('the public may call the gateway, and ingest where it verifies tokens, and nothing else', () => {
  const open = resources.filter(({ body }) => /allUsers|allAuthenticatedUsers/.test(body));
  assert.deepEqual(open.map(({ address }) => address).toSorted(), [
    'google_cloud_run_v2_service_iam_member.public',
    'google_cloud_run_v2_service_iam_member.pusher',
  ]);
});

test('every role has its reason beside it', () => {
  const grants = resources.filter(({ type }) => /_iam_member$/.test(type));
  assert.ok(grants.length > 25);
  const bare = grants.filter(({ comment, body }) => comment === '' && !/^ +role += .*#/m.test(body));
  assert.deepEqual(
    bare.map(({ address }) => address),
    [],
  );
});

test('topics and subscriptions are those that the code names, with its numbers', () => {
  const ingest = text('modules/ingest/main.tf');
  const names = [...ingest.matchAll(/name += "(.+)\$\{var\.suffix\}"/g)].map(([, name]) => name);
  assert.deepEqual(names.toSorted(), Object.values(topicNames).toSorted());
  const numbers = (pattern: RegExp) => [...ingest.matchAll(pattern)].map(([, number]) => Number(number));
  assert.deepEqual(numbers(/minimum_backoff = "(\d+)s"/g), [limits.redelivery_backoff_seconds_min]);
  assert.deepEqual(numbers(/maximum_backoff = "(\d+)s"/g), [limits.redelivery_backoff_seconds_max]);
  assert.deepEqual(numbers(/max_delivery_attempts = (\d+)/g), [limits.delivery_attempts_max]);
  assert.deepEqual(numbers(/ack_deadline_seconds += (\d+)/g), [ACK_DEADLINE_SECONDS, ACK_DEADLINE_SECONDS]);
  const [, days] = /"retention_days"[\s\S]*?default += (\d+)/.exec(text('modules/ingest/variables.tf')) ?? [];
  assert.equal(Number(days), limits.topic_retention_days);
});

test('the services run where the SLOs look for them, with settings that they know', () => {
  const [, region] = /variable "region"[\s\S]*?default += "(.+)"/.exec(text('variables.tf')) ?? [];
  assert.equal(recordsApi.runsOn?.basic?.labels.location, region);
  const services = text('modules/services/main.tf');
  const given = new Set(
    [...services.matchAll(/\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?: += |" #)/g)].map(([, name = '']) => name),
  );
  assert.ok(given.has('REPLICA_SNAPSHOT') && given.has('BURNLINE_OPERATOR_KEYS'));
  const settings = readSettings({ WAREHOUSE: 'bigquery', GOOGLE_CLOUD_PROJECT: 'p', ENVIRONMENT: 'dev' });
  assert.equal(settings.warehouse.kind === 'bigquery' && settings.warehouse.dataset.dataset, 'latam_dev');
  assert.match(text('main.tf'), /dataset = join\("_", compact\(\["latam", var\.environment\]\)\)/);
  const known = new Set(
    [...readFileSync(join(folder, '../cli/settings.ts'), 'utf8').matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name),
  );
  const others = [...given].filter(
    name => !known.has(name) && !/^(OTEL_|GOOGLE_CLOUD_REGION$|INGRESS_|EXECUTION_)/.test(name),
  );
  assert.deepEqual(others, []);
});

test('what Terraform makes is what the code expects: node test/terraform/generated.ts writes it', () => {
  const files = generatedFiles();
  const committed = Object.keys(files).map(path => [path, readFileSync(join(folder, 'modules', path), 'utf8')]);
  assert.deepEqual(Object.fromEntries(committed), files);
});
