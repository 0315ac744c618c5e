import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRefusal } from './refusals.ts';
import { targetOf } from './target.ts';

const here = { location: 'here', instance: 'one' };

function labels(attributes: Record<string, string>): Readonly<Record<string, string>> {
  const target = targetOf(attributes, 'local');
  assert.ok(!isRefusal(target), JSON.stringify(target));
  assert.equal(target.type, 'prometheus_target');
  return target.labels;
}

test('every label is there, empty where nothing tells it', () => {
  assert.deepEqual(labels(here), {
    project_id: 'local',
    location: 'here',
    cluster: '',
    namespace: '',
    job: '',
    instance: 'one',
  });
});

test('each label is taken from the first attribute of its list that is not empty', () => {
  for (const [label, attributes] of [
    ['location', { location: '', 'cloud.availability_zone': 'zone', 'cloud.region': 'region' }],
    ['cluster', { 'k8s.cluster.name': 'prod', 'cloud.platform': 'gcp_cloud_run' }],
    ['namespace', { 'k8s.namespace.name': 'shop', 'service.namespace': 'other' }],
    ['instance', { instance: '', 'service.instance.id': 'a', 'host.id': 'b' }],
  ] as const) {
    const [first, second] = Object.entries(attributes).filter(([, value]) => value !== '');
    assert.equal(labels({ ...here, ...attributes })[label], first?.[1], label);
    const without = { ...here, ...attributes, [first?.[0] ?? '']: '' };
    if (label !== 'cluster') assert.equal(labels(without)[label], second?.[1], label);
  }
});

test('the platform stands for a cluster where there is none', () => {
  assert.equal(labels({ ...here, 'cloud.platform': 'gcp_cloud_run' }).cluster, '__run__');
  assert.equal(labels({ ...here, 'cloud.platform': 'gcp_compute_engine' }).cluster, '__gce__');
  assert.equal(labels({ ...here, 'cloud.platform': 'aws_ec2' }).cluster, '');
  assert.equal(labels({ ...here, 'cloud.platform': 'constructor' }).cluster, '');
});

test('the job is the service in its namespace, and a name that an SDK filled in is the last resort', () => {
  const job = (attributes: Record<string, string>) => labels({ ...here, ...attributes }).job;
  assert.equal(job({ 'service.name': 'checkout' }), 'checkout');
  assert.equal(job({ 'service.name': 'checkout', 'service.namespace': 'shop' }), 'shop/checkout');
  assert.equal(job({ job: 'mine', 'service.name': 'checkout', 'service.namespace': 'shop' }), 'mine');
  assert.equal(job({ 'service.name': 'unknown_service:node', 'faas.name': 'f', 'k8s.job.name': 'j' }), 'f');
  assert.equal(job({ 'service.name': 'unknown_service:node', 'k8s.cronjob.name': 'c' }), 'c');
  assert.equal(job({ 'service.name': 'unknown_service:node' }), 'unknown_service:node');
  assert.equal(job({ 'k8s.deployment.name': 'd' }), 'd');
});

test('a resource that names its project is of that project', () => {
  assert.equal(labels({ ...here, 'gcp.project_id': 'shop-prod' }).project_id, 'shop-prod');
});

test('without a location or an instance there is no target', () => {
  for (const [attributes, reason] of [
    [{ instance: 'one' }, 'no_location'],
    [{ location: 'here' }, 'no_instance'],
  ] as const) {
    const target = targetOf(attributes, 'local');
    assert.equal(isRefusal(target) && target.reason, reason);
  }
});
