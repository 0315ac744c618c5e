import { formatVersion, type Version } from '../records/version.ts';

/** The header that tells which version of a record was served or stored. */
export const VERSION_HEADER = 'X-Record-Version';

/** A version as that header's value: a message id may hold what a header may not. */
export function versionHeader(version: Version): string {
  return encodeURI(formatVersion(version).toWellFormed());
}
