/** What a lint is about, for `burnline check --explain`. */
export type Lint = {
  /** An error makes `check` and `generate` refuse; a warning is shown. */
  severity: 'error' | 'warning';
  /** Why it is wrong, with the maths. */
  explanation: string;
  /** What to do. */
  remedy: string;
};

const error = (explanation: string, remedy: string): Lint => ({ severity: 'error', explanation, remedy });
const warning = (explanation: string, remedy: string): Lint => ({ severity: 'warning', explanation, remedy });

/** Every lint by its code. */
export const lints = {
  'never-fires': error(
    'A tier fires when the error ratio is above threshold × budget. Where that is 1 or more, even a total outage does not reach it: at a goal of 90 %, 2 % of a 30-day budget in 1 h is a burn above 14.4, an error ratio above 144 %.',
    'Take a longer window, a smaller share of the budget, or a stricter goal.',
  ),
  'fires-inside-budget': error(
    'A burn rate of 1 spends exactly the budget in one period. A tier below 1 calls somebody while the service keeps its promise.',
    'Take a larger share or a shorter window, so that share × period / window is at least 1; burnRateAlerts() does so by itself.',
  ),
  'short-window-ratio': warning(
    'The short window closes the alert after an outage. A twelfth of the long one is the proportion of the SRE Workbook: longer, and it stays open for long; shorter, and one quiet minute closes it.',
    'Leave `short` out: it is a twelfth then.',
  ),
  'short-window-samples': error(
    'A window that holds fewer than two samples of its metric sees nothing, or one point only.',
    'Take a longer short window, or a metric that is sampled more often.',
  ),
  'traffic-too-low': error(
    'One failure alone fires a tier whose long window holds fewer than 1 / (threshold × budget) events: at 99.9 % and 28 days, fewer than 75 in 1 h.',
    'Ask for a least number of bad events: burnRateAlerts({ badEventsAbove: 2 }); or take a lower goal or longer windows.',
  ),
  'traffic-unsaid': warning(
    'Whether one failure alone would page depends on how many events the quietest hour has.',
    'Say traffic: { quietestHour: … }, from a dashboard of a normal week.',
  ),
  'gauge-in-ratio': error(
    'A ratio counts events, and a gauge or a distribution has none: Cloud Monitoring takes DELTA or CUMULATIVE metrics of INT64 or DOUBLE only.',
    'Count the events in a counter, or use windows({ good: { mean: … } }).',
  ),
  'goal-above-dependencies': warning(
    'A service that waits for others in series cannot promise more than the product of their promises: 99.95 % × 99.95 % × 99.99 % is 99.89 %. A dependency behind a queue does not count.',
    'Lower the goal, retry, cache, or put a queue between.',
  ),
  'latency-between-bounds': error(
    'A distribution is counted by buckets. A threshold between two bounds is interpolated, and in PromQL it matches no bucket at all.',
    'Take one of the bounds, or add the threshold to the histogram’s boundaries.',
  ),
  'bounds-unknown': error(
    'A tier beyond 24 h counts the bucket at the threshold in PromQL: where that is no bound, nothing matches and it never fires. The bounds of this metric are not known.',
    'Say bounds: [...] with the metric, use an OpenTelemetry histogram, or tiers of at most 24 h.',
  ),
  'period-not-possible': error(
    'Cloud Monitoring holds rolling periods of 1 to 30 whole days, or calendar days, weeks, fortnights and months.',
    'Take such a period: 28d always has the same weekdays.',
  ),
  'goal-not-possible': error(
    'Cloud Monitoring takes goals above 0 and up to 0.9999. At 99.999 % a total outage of 26 s spends a month.',
    'Take a goal in that range; what users notice is rarely above 99.99 %.',
  ),
  'no-reason': error(
    'An objective without a reason is not defended at 3 a.m. nor changed when it is wrong.',
    'Say why: what users do when it is missed.',
  ),
  'no-runbook': error(
    'Whoever is called needs a page that says what to look at first.',
    'Say runbook: "runbooks/….md", relative to alerts/, or an https address.',
  ),
  'runbook-missing': error(
    'The runbook that alerts name is not there.',
    'Write it, or correct its path, relative to alerts/.',
  ),
  'no-alert': error(
    'Nobody is called for this objective: its budget can be gone before anybody looks.',
    'Leave `alerts` out for the standard tiers, or write one tier at least.',
  ),
  'slo-id-twice': error('Two objectives of one id would overwrite each other.', 'Give one of them another id.'),
  'threshold-for-another-period': error(
    'A burn threshold by hand spends another share of the budget in another period: 14.4 is 2 % in 1 h of 30 days, and 2.14 % of 28.',
    'Write the share and let the threshold follow, or compute it for this period.',
  ),
  'window-period': error(
    'A windows-based SLI takes windows of at least 60 s of which a whole number fits into a day.',
    'Take 1m, 5m, 10m, 15m or 1h.',
  ),
  'id-not-possible': error(
    'An id becomes part of a resource’s name: letters, digits, hyphens, and for objectives also _ : and dots; at most 63.',
    'Take such an id. It cannot be changed later without losing the history.',
  ),
  'label-not-possible': error(
    'User labels take lower-case letters, digits, _ and -, beginning with a letter, at most 63 characters, and 64 of them.',
    'Correct the label.',
  ),
  'too-many-slos': error('A service holds at most 500 SLOs.', 'Part the service.'),
  'filter-too-long': error('A filter has at most 2,048 characters.', 'Ask for fewer label values.'),
  'text-too-long': error(
    'The documentation of an alert holds 8,192 characters.',
    'Shorten the reason; keep the rest in the runbook.',
  ),
  'tier-needs-series': error(
    'A tier beyond 24 h, one page for both tiers and a least number of bad events count raw series in PromQL. A basic SLI is Cloud Monitoring’s own, and its series are not told.',
    'Use the same metric by itself, such as cloudRunRequests(), or tiers of at most 24 h.',
  ),
  'share-not-possible': error(
    'A share lies between 0 and 1: what is frozen below, what a dependency promises, what `alertBelow` says, which also lies below the goal.',
    'Correct the number: 0.995 is 99.5 %.',
  ),
} as const satisfies Readonly<Record<string, Lint>>;

export type LintCode = keyof typeof lints;
