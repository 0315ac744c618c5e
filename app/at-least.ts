import { limits } from '../base/limits.ts';
import { within } from '../base/within.ts';
import type { Reader, VersionedRecord } from '../records/reader.ts';
import { compareVersions, formatVersion, type Version } from '../records/version.ts';
import { appErrors } from './errors.ts';

/**
 * The record, in the version asked for or a newer one. Where it is older here, or not here, what is committed by now is waited
 * for; `undefined` then says that there is none: one that was stored has been erased. Throws `version_unknown` where there is an
 * older one only, and `version_not_here` where it cannot be waited for.
 */
export async function readAtLeast(reader: Reader, id: string, version: Version): Promise<VersionedRecord | undefined> {
  const isEnough = (found: VersionedRecord | undefined) => found && compareVersions(found.version, version) >= 0;
  const found = await reader.get(id);
  if (isEnough(found)) return found;
  const wanted = `Version ${formatVersion(version)} of ${JSON.stringify(id)}`;
  const late = () => new Error('late');
  try {
    await within(limits.catch_up_ms_max, () => reader.catchUp(), late);
  } catch (cause) {
    const detail = `${wanted} may not have arrived here yet, and could not be waited for: ask again in a few seconds`;
    throw appErrors.error('version_not_here', detail, { cause });
  }
  const caughtUp = await reader.get(id);
  if (caughtUp === undefined || isEnough(caughtUp)) return caughtUp;
  const detail = `${wanted} is not stored: the newest is ${formatVersion(caughtUp.version)}`;
  throw appErrors.error('version_unknown', detail);
}
