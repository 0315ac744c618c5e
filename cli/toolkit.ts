#!/usr/bin/env node
// The command of the published package: the reliability toolkit, without the records platform.
import { start } from './start.ts';

await start(async () => (await import('./toolkit-commands.ts')).toolkitCommands);
