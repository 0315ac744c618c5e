import type { Commands } from './run.ts';
import { toolkitCommands } from './toolkit-commands.ts';

/** All commands that there are. */
export const commands: Commands = {
  ...toolkitCommands,
  up: {
    description: 'Run the whole platform on this machine',
    load: async io => (await import('./up.ts')).upCommand({ io }),
  },
  publish: {
    description: 'Publish records to the topic: generated ones, or the lines of a file',
    load: async io => (await import('./publish.ts')).publishCommand({ io }),
  },
  replay: {
    description: 'Try again what was refused and became a dead letter',
    load: async io => (await import('./replay.ts')).replayCommand({ io }),
  },
  erase: {
    description: 'Remove a record from everywhere, with its history and its dead letters',
    load: async io => (await import('./erase.ts')).eraseCommand({ io }),
  },
  flag: {
    description: 'Make the local platform fail on purpose, and say when which alert opens',
    load: async io => (await import('./flag.ts')).flagCommand({ io }),
  },
};
