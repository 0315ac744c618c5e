import assert from 'node:assert/strict';
import { temporaryFolder } from '../../base/testing.ts';
import { toTerraform } from '../../exports/terraform/module.ts';
import type { ServiceSpec } from '../../slo/service.ts';
import { startMonitoringProcess } from '../monitoring-process.ts';
import { changesOf, type Terraform } from './terraform.ts';

const PROJECT = 'local';
const SECRETS = ['oncall_secret', 'chat_secret'];
/** Collections of which nothing may be left. */
const COLLECTIONS = ['v3/projects/local/services', 'v3/projects/local/alertPolicies', 'v1/projects/local/dashboards'];

/** Applies what specs generate to a local Cloud Monitoring, kills that, plans again, and destroys all of it. */
export async function applyOnLocalMonitoring(
  terraform: Terraform,
  { name, specs }: { name: string; specs: readonly ServiceSpec[] },
  say: (text: string) => void,
): Promise<void> {
  const module = `generated/${name}`;
  // `prevent_destroy` would keep it here as on Google Cloud.
  for (const { path, text } of toTerraform(specs, { isDestroyable: true })) {
    terraform.write(`${module}/${path}`, text);
  }
  const folder = temporaryFolder();
  let monitoring = await startMonitoringProcess(folder);
  const secrets = Object.fromEntries(SECRETS.map(name => [`TF_VAR_${name}`, 'x']));
  const env = () => ({
    TF_VAR_project_id: PROJECT,
    // The provider adds the version of the API itself.
    GOOGLE_MONITORING_CUSTOM_ENDPOINT: `${monitoring.url}/`,
    GOOGLE_OAUTH_ACCESS_TOKEN: 'x',
    ...secrets,
  });
  try {
    terraform.run(module, ['init', '-input=false']);
    terraform.run(module, ['apply', '-auto-approve', '-input=false'], env());
    await monitoring.kill();
    monitoring = await startMonitoringProcess(folder);
    assert.deepEqual(changesOf(terraform, module, [], env()), []);
    say(`The local Cloud Monitoring was killed, and has all of ${name}: a second plan changes nothing`);
    terraform.run(module, ['destroy', '-auto-approve', '-input=false'], env());
    const left = COLLECTIONS.map(async path => (await fetch(`${monitoring.url}/${path}`)).text());
    for (const text of await Promise.all(left)) assert.doesNotMatch(text, /"name"/);
  } finally {
    await monitoring.kill();
  }
}
