/**
 * Which paths of a build context a `.dockerignore` keeps out: of the patterns that match a path or a folder it lies in, the last
 * one decides. Character classes and escapes are not understood.
 */
export function createIgnored(text: string): (path: string) => boolean {
  const lines = text.split('\n').map(line => line.trim());
  const rules = lines
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => ({ keeps: line.startsWith('!'), matcher: matcherOf(line.replace(/^!?\/?|\/$/g, '')) }));
  return path => {
    const rule = rules.findLast(({ matcher }) => withFolders(path).some(each => matcher.test(each)));
    return rule !== undefined && !rule.keeps;
  };
}

function matcherOf(pattern: string): RegExp {
  const wildcards: Record<string, string> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
  const source = pattern.replaceAll(/\*\*\/|\*\*|[*?]|[.+^$(){}|[\]\\]/g, match => wildcards[match] ?? `\\${match}`);
  return new RegExp(`^${source}$`);
}

/** `a/b/c` with the folders it lies in: `a`, `a/b`, `a/b/c`. */
function withFolders(path: string): string[] {
  const names = path.split('/');
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}
