/**
 * The bytes of base64 as Pub/Sub sends it: the standard alphabet, padded, nothing between. `undefined` for anything else,
 * the URL-safe alphabet too: Node decodes every string to something, and that would hide a broken sender.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
