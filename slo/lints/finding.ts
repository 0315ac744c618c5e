import type { Place } from '../place.ts';
import type { LintCode } from './table.ts';

/** What a lint found: one sentence with the numbers, and where. */
export type Finding = { code: LintCode; place: Place; service: string; slo?: string; message: string };
