import { randomUUID } from 'node:crypto';

/** Makes names that are never given twice. Passed in, so that a test knows them beforehand. */
export type NewId = () => string;

/** A random UUID, version 4. */
export const randomId: NewId = () => randomUUID();
