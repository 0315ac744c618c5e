import type { Found } from './rule.ts';
import type { LintCode } from './table.ts';

/** What a lint found. */
export type Finding = Found & { code: LintCode };
