import { type FakeApi, type FakeState, ok, refused } from './api.ts';

type Binding = { role: string; members: string[]; condition?: { title: string } };

const ENOUGH = ['roles/telemetry.writer', 'roles/serviceusage.serviceUsageConsumer'];

/** Service accounts, their tokens and the policy of the project. The first change of the policy comes before an account is known. */
export function createFakeIam({ isOtherwise, made }: FakeState) {
  const before: Binding = { role: 'roles/owner', members: ['user:owner@example.com'] };
  let policy: { version: number; bindings: Binding[]; etag: string } = { version: 1, bindings: [before], etag: '1' };
  let changes = 0;

  const answer: FakeApi = ({ api, path, body }) => {
    if (api === 'metadata') return ok({ access_token: path.split('/')[1] });
    if (api === 'iam') {
      const email = `${body.accountId}@p.iam.gserviceaccount.com`;
      made.set(`iam${path}/${email}`, body);
      return ok({ email });
    }
    if (path.endsWith(':getIamPolicy')) return ok(policy);
    changes += 1;
    if (changes === 1) return refused('Service account burnline-facts does not exist.');
    if (body.policy.etag !== policy.etag) return refused('There were concurrent policy changes.', 409);
    policy = { ...body.policy, etag: `${changes}` };
    if (policy.bindings.length === 1) made.delete('policy');
    else made.set('policy', policy);
    return ok(policy);
  };

  return {
    answer,
    policy: () => policy,
    /** Whoever runs the script may, and a service account by its roles. */
    maySend(authorization: string): boolean {
      const [, email] = /^Bearer (.+@.+)$/.exec(authorization) ?? [];
      if (email === undefined) return true;
      const roles = policy.bindings
        .filter(({ members }) => members.includes(`serviceAccount:${email}`))
        .map(({ role }) => role);
      if (isOtherwise('otlp-role') && roles.includes('roles/monitoring.metricWriter')) return true;
      return ENOUGH.every(role => roles.includes(role));
    },
  };
}
