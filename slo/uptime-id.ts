/** An uptime check's title as its id begins with it. Google makes the id and adds what it does not give twice: `outside-pknFaR3gF7g`. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
}

/**
 * The ids that a check of this title may have, as a regular expression of the whole: with the eleven characters that Google adds, or the
 * number that the local Cloud Monitoring does. Another check's, whose title only begins so, is none of them.
 */
export function uptimeIdPattern(title: string): string {
  return `${slugOf(title)}-([0-9A-Za-z_-]{11}|[0-9]+)`;
}
