import { start } from './start.ts';

await start(async () => (await import('./commands.ts')).commands);
