import type { Report } from './report.ts';

/** A report as JUnit XML: a test case for each threshold and each check. */
export function toJunit({ test, seconds, isSent, thresholds, checks }: Report): string {
  const cases = [
    { kind: 'load', name: 'the planned load was sent', failure: isSent ? '' : 'Less was sent' },
    ...thresholds.map(({ metric, threshold, isKept }) => ({
      ...{ kind: 'thresholds', name: `${metric}: ${threshold}`, failure: isKept ? '' : 'The threshold was crossed' },
    })),
    ...checks.map(({ name, passes, fails }) => ({
      ...{ kind: 'checks', name, failure: fails === 0 ? '' : `${fails} of ${passes + fails} answers were not so` },
    })),
  ];
  const failures = cases.filter(({ failure }) => failure !== '').length;
  const totals = `tests="${cases.length}" failures="${failures}" time="${seconds.toFixed(3)}"`;
  const lines = cases.map(({ kind, name, failure }) => {
    const start = `    <testcase classname="${quoted(`${test}.${kind}`)}" name="${quoted(name)}"`;
    return failure === '' ? `${start}/>\n` : `${start}><failure message="${quoted(failure)}"/></testcase>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${totals}>
  <testsuite name="${quoted(test)}" ${totals}>
${lines.join('')}  </testsuite>
</testsuites>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function quoted(text: string): string {
  return text.replace(/[&<>"]/g, sign => ENTITIES[sign] ?? sign);
}
