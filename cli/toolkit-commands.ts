import type { Commands } from './run.ts';

/** The commands that need no platform: they work in any repository. */
export const toolkitCommands: Commands = {
  init: {
    description: 'Write a first spec, its runbook and a CI job',
    load: async io => (await import('./init.ts')).initCommand({ io }),
  },
  check: {
    description: 'Check specs: what types cannot see, with the numbers and what to do',
    load: async io => (await import('./check.ts')).checkCommand({ io }),
  },
  generate: {
    description: 'Write what specs generate: Terraform, k6, Prometheus, OpenSLO, Grafana, handbook',
    load: async io => (await import('./generate.ts')).generateCommand({ io }),
  },
  plan: {
    description: 'Say what a change of specs means: budget, detection, alerts, what would be destroyed',
    load: async io => (await import('./plan.ts')).planCommand({ io }),
  },
  gate: {
    description: 'Say whether a service may be deployed: k6 results, error budgets, open incidents',
    load: async io => (await import('./gate.ts')).gateCommand({ io }),
  },
  rollout: {
    description: 'Give a new Cloud Run revision some traffic, compare it, and promote it or roll it back',
    load: async io => (await import('./rollout.ts')).rolloutCommand({ io }),
  },
};
