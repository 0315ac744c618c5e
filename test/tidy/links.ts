import { posix } from 'node:path';

/** What a link of a Markdown file may lead to: every file and folder of the repository, and a page's headings. */
export type Site = { has(path: string): boolean; read(path: string): string };

/** The links of a page that lead nowhere, one sentence each. Links to other sites are not followed. */
export function brokenLinks(page: string, site: Site): string[] {
  return linksOf(site.read(page)).flatMap(link => {
    if (/^[a-z][a-z+.-]*:/i.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path)).replace(/\/$/, '');
    if (!site.has(target)) return [`${page} links to ${link}: there is no ${target}`];
    if (!anchor || !target.endsWith('.md') || anchorsOf(site.read(target)).has(anchor)) return [];
    return [`${page} links to ${link}: ${target} has no heading #${anchor}`];
  });
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of withoutCode(markdown).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = text.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}

function linksOf(markdown: string): string[] {
  const text = withoutCode(markdown).replace(/`[^`\n]*`/g, '');
  const inline = text.matchAll(/\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)/g);
  const referenced = text.matchAll(/^\[[^\]]+\]: *<?([^\s>]+)>?/gm);
  return [...inline, ...referenced].map(([, link = '']) => link);
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^ *(```|~~~)[\s\S]*?^ *\1.*$/gm, '');
}
