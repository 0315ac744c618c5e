import type { ServiceEntry } from '../catalogue.ts';
import type { LintCode } from './table.ts';

const SLOS_MAX = 500;
const LABELS_MAX = 64;
const SERVICE_ID = /^[a-zA-Z0-9-]{1,63}$/;
const LABEL_KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const LABEL_VALUE = /^[a-z0-9_-]{0,63}$/;

/** What is wrong with a service as a whole: code and sentence. */
export function lintService(service: ServiceEntry, exists: (runbook: string) => boolean): [LintCode, string][] {
  const { id, objectives, labels, runbook, traffic, freeze, dependsOn } = service;
  const found: [LintCode, string][] = [];
  if (!SERVICE_ID.test(id)) found.push(['id-not-possible', `the id is ${JSON.stringify(id)}`]);
  if (objectives.length > SLOS_MAX)
    found.push(['too-many-slos', `has ${objectives.length} SLOs, and may have ${SLOS_MAX}`]);
  if (runbook === undefined && objectives.some(objective => objective.runbook === undefined))
    found.push(['no-runbook', 'names no runbook']);
  const runbooks = new Set(
    [runbook, ...objectives.map(objective => objective.runbook)].filter(path => path !== undefined),
  );
  for (const path of runbooks) {
    if (!path.startsWith('https://') && !exists(path)) found.push(['runbook-missing', `alerts/${path} is not there`]);
  }
  if (traffic === undefined && objectives.some(({ sli, tiers }) => sli.form !== 'windows' && tiers.length > 0)) {
    found.push(['traffic-unsaid', 'does not say how many events its quietest hour has']);
  }
  return [...found, ...lintLabels(labels), ...lintShares(freeze, dependsOn)];
}

function lintLabels(labels: ServiceEntry['labels']): [LintCode, string][] {
  const entries = Object.entries(labels);
  const many: [LintCode, string][] =
    entries.length > LABELS_MAX
      ? [['label-not-possible', `${entries.length} labels, and at most ${LABELS_MAX} may be`]]
      : [];
  const wrong = entries.filter(([key, value]) => !LABEL_KEY.test(key) || !LABEL_VALUE.test(value));
  return [
    ...many,
    ...wrong.map(([key, value]): [LintCode, string] => [
      'label-not-possible',
      `the label ${key}: ${JSON.stringify(value)}`,
    ]),
  ];
}

function lintShares(freeze: ServiceEntry['freeze'], dependsOn: ServiceEntry['dependsOn']): [LintCode, string][] {
  const shares: [string, number][] = [
    ...(freeze ? [['freeze.below', freeze.below] as [string, number]] : []),
    ...dependsOn.map(({ service, promises }): [string, number] => [`what ${service} promises`, promises]),
  ];
  return shares
    .filter(([, share]) => !(share > 0 && share <= 1))
    .map(([what, share]) => ['share-not-possible', `${what} is ${share}`]);
}
