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
};
