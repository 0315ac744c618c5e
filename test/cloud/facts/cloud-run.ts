import { compared, type Fact, notSettled } from '../fact.ts';
import { type Answer, bodyOf, type Google } from '../google.ts';
import type { World } from '../world.ts';
import { startContainer } from './container.ts';
import { deleteDescriptorsLater, nameOf } from './otlp-requests.ts';

/** The first one with conditions. */
const POLICY_VERSION = 3;
/** How long a grant may need until it holds everywhere, once one that was made with it holds. */
const LATER_GRANTS_MS = 60_000;

/** The first is what Terraform grants, the others are less. */
const GRANTS = [
  ['roles/telemetry.writer', 'roles/serviceusage.serviceUsageConsumer'],
  ['roles/telemetry.writer'],
  ['roles/monitoring.metricWriter', 'roles/serviceusage.serviceUsageConsumer'],
] as const;

/** What only something that runs on Cloud Run can tell. */
export const cloudRunFacts: readonly Fact[] = [
  {
    id: 'healthz',
    question: 'Does `/healthz` reach a container on Cloud Run?',
    believed: 'No: Google’s front end answers it by itself; probes ask `/health` and `/ready`',
    dependsOn: ['terraform/modules/services/main.tf', 'app/routes/health.ts', 'ingest/push.ts'],
    does: 'Starts a small public service and asks it for both.',
    setting: 'None; where it does, `/healthz` may be asked from outside too',
    async settle(world) {
      const uri = await startContainer(world, 'healthz');
      const isReached = async (path: string) => (await (await fetch(uri + path)).text()).includes('"container":true');
      if (!(await isReached('/health'))) return notSettled('/health did not reach the container either');
      const reached = await isReached('/healthz');
      return compared(!reached, `/health reaches the container, /healthz ${reached ? 'too' : 'does not'}`);
    },
  },
  {
    id: 'otlp-role',
    question: 'Which role lets a service send metrics by OTLP?',
    believed:
      '`roles/telemetry.writer` with `roles/serviceusage.serviceUsageConsumer`, and nothing less; `roles/monitoring.metricWriter` is not enough',
    dependsOn: ['terraform/modules/access/main.tf'],
    does: 'Makes three service accounts, grants them roles by the project’s IAM policy, which end within the hour, and lets a small public service of each send a gauge.',
    setting: 'The roles under “Telemetry” in `terraform/modules/access/main.tf`',
    msMax: 480_000,
    async settle(world) {
      const accounts = await Promise.all(GRANTS.map((_, n) => makeAccount(world, n)));
      await grant(world, accounts);
      const metric = nameOf(world, 'role');
      deleteDescriptorsLater(world);
      const uris = await Promise.all(
        accounts.map((serviceAccount, n) => startContainer(world, `role-${n}`, { serviceAccount, metric })),
      );
      const send = async (uri: string): Promise<{ status: number; said: string }> =>
        (await fetch(`${uri}/metric`)).json() as Promise<{ status: number; said: string }>;
      let last = { status: 0, said: '' };
      const isEnough = await world.poll(async () => {
        last = await send(uris[0] as string);
        return last.status === 200 ? true : undefined;
      });
      const refusal = `What Terraform grants was answered with ${last.status}: ${last.said}`;
      if (!isEnough) return last.status === 403 ? compared(false, refusal) : notSettled(refusal);
      await world.sleep(LATER_GRANTS_MS);
      const answers = await Promise.all(uris.map(send));
      const said = answers.map(({ status }, n) => `${GRANTS[n]?.join(' and ')}: ${status}`);
      return compared(
        answers.slice(1).every(({ status }) => status !== 200),
        said.join('; '),
      );
    },
  },
];

async function makeAccount(world: World, n: number): Promise<string> {
  const accountId = `${world.run}-${n}`;
  const email = `${accountId}@${world.project}.iam.gserviceaccount.com`;
  const root = `/v1/projects/${world.project}/serviceAccounts`;
  const body = { accountId, serviceAccount: { displayName: world.run } };
  bodyOf(await world.make('POST', 'iam', root, body, `${root}/${email}`));
  return email;
}

type Binding = { role: string; members: string[]; condition?: { title: string; expression: string } };
type Policy = { bindings?: Binding[]; etag?: string };

/** Grants each account its roles for an hour, so that nothing stays even where it cannot be taken back. */
async function grant(world: World, accounts: readonly string[]): Promise<void> {
  const { project, run } = world;
  const expression = `request.time < timestamp("${new Date(world.now() + 3_600_000).toISOString()}")`;
  const bindings = [...new Set(GRANTS.flat())].map(role => ({
    role,
    members: accounts.filter((_, n) => GRANTS[n]?.some(each => each === role)).map(email => `serviceAccount:${email}`),
    condition: { title: run, expression },
  }));
  // Where the policy cannot be read, there is nothing to take back.
  await readPolicy(world.google, project);
  world.made(`roles that project ${project} grants under the condition ${run}`, async google => {
    const policy = await readPolicy(google, project);
    const others = policy.bindings?.filter(({ condition }) => condition?.title !== run);
    if (others?.length !== policy.bindings?.length) bodyOf(await writePolicy(google, project, policy, others));
  });
  let last: Answer<unknown> | undefined;
  // An account that is new may not be known yet, and somebody else may change the policy too.
  await world.poll(async () => {
    const policy = await readPolicy(world.google, project);
    last = await writePolicy(world.google, project, policy, [...(policy.bindings ?? []), ...bindings]);
    return last.taken || undefined;
  });
  if (last) bodyOf(last);
}

function readPolicy(google: Google, project: string): Promise<Policy> {
  const options = { requestedPolicyVersion: POLICY_VERSION };
  return google.need('POST', 'cloudresourcemanager', `/v1/projects/${project}:getIamPolicy`, { options });
}

function writePolicy(google: Google, project: string, policy: Policy, bindings: Binding[] = []) {
  const body = { policy: { ...policy, version: POLICY_VERSION, bindings } };
  return google.ask('POST', 'cloudresourcemanager', `/v1/projects/${project}:setIamPolicy`, body);
}
