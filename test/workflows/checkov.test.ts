import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted } from './accepted.ts';
import { judge } from './checkov.ts';

const check = (check_id: string, resource: string, file_path = '/terraform/main.tf') => {
  return { check_id, check_name: 'It is so', resource, file_path, file_line_range: [7, 9] };
};
const passed = [check('P', 'a'), check('P', 'ci', '/.github/workflows/ci.yml')];

function reports(failed = [check('A', 'a')], parsing_errors: string[] = []) {
  return ['dockerfile', 'github_actions', 'terraform'].map(check_type => {
    const isTerraform = check_type === 'terraform';
    const results = { passed_checks: passed, failed_checks: isTerraform ? failed : [], parsing_errors };
    return { check_type, results };
  });
}

const asked = { accepted: [{ check: 'A', resource: 'a', because: 'it must' }], workflows: ['ci.yml'] };

test('a finding that is accepted is none', () => {
  assert.deepEqual(judge(reports(), asked), { checks: 7, problems: [] });
});

test('another finding is a problem, and so is the same one elsewhere', () => {
  const { problems } = judge(reports([check('A', 'a'), check('B', 'a'), check('A', 'b')]), asked);
  assert.deepEqual(problems, ['/terraform/main.tf:7 a: B, It is so', '/terraform/main.tf:7 b: A, It is so']);
});

test('an acceptance without its finding is a problem', () => {
  assert.deepEqual(judge(reports([]), asked).problems, ['accepted.ts: A is no longer found in a: remove the row']);
});

test('what checkov leaves out is a problem', () => {
  const { problems } = judge(reports().slice(1), { ...asked, workflows: ['ci.yml', 'deploy.yml'] });
  assert.deepEqual(problems, [
    'nothing was read as dockerfile',
    'deploy.yml was not read: is a part of it new to checkov?',
  ]);
  assert.deepEqual(
    judge(reports(undefined, ['main.tf']).slice(0, 1), asked).problems.includes('main.tf could not be read'),
    true,
  );
});

test('each acceptance says why, once', () => {
  assert.deepEqual(
    accepted.filter(({ because }) => because.length < 20),
    [],
  );
  assert.equal(new Set(accepted.map(({ check, resource }) => `${check} ${resource}`)).size, accepted.length);
});
