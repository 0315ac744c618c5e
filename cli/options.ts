import type { BurnlineError } from '../base/errors.ts';
import { cliErrors } from './errors.ts';

/** The refusal of an option's value: `--count must be an integer from 1 to 10, not "abc"`. */
export function badOption(option: string, rule: string, value: string): BurnlineError {
  const problems = [{ field: option, value: JSON.stringify(value), rule }];
  return cliErrors.error('usage', `${option} ${rule}, not ${JSON.stringify(value)}`, { problems });
}

/** A reader of an option that is an integer. */
export function integerOption(option: string, { min, max }: { min: number; max: number }): (text: string) => number {
  return text => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw badOption(option, `must be an integer from ${min} to ${max}`, text);
  };
}

/** A reader of an option that is a share: `5%` is 0.05. */
export function shareOption(option: string): (text: string) => number {
  return text => {
    const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1] ?? Number.NaN);
    if (percent <= 100) return percent / 100;
    throw badOption(option, 'must be a percentage from 0% to 100%, such as 5%', text);
  };
}

/** A reader of an option that is a number of messages a second: `500`, `0.5` or `500/s`. */
export function rateOption(option: string, { max }: { max: number }): (text: string) => number {
  return text => {
    const perSecond = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1] ?? Number.NaN);
    if (perSecond > 0 && perSecond <= max) return perSecond;
    throw badOption(option, `must be messages a second, above 0 and at most ${max}, such as 500`, text);
  };
}

/** A reader of an option that is the address of one of our servers, without a slash at its end. */
export function urlOption(option: string): (text: string) => string {
  return text => {
    const url = URL.parse(text);
    const isPlain = url !== null && url.search === '' && url.hash === '' && url.username === '';
    if (isPlain && /^https?:$/.test(url.protocol)) return url.href.replace(/\/+$/, '');
    throw badOption(option, 'must be an http or https address such as http://127.0.0.1:8080', text);
  };
}
