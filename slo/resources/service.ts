/** A service of the Service Monitoring API, in its REST JSON. */
export type Service = {
  /** `projects/p/services/s` */
  name: string;
  displayName: string;
  userLabels: Readonly<Record<string, string>>;
} & (
  | { custom: Record<string, never>; basicService?: never }
  | { basicService: { serviceType: string; serviceLabels: Readonly<Record<string, string>> }; custom?: never }
);

export type RangeJson = { min?: number; max?: number };
export type GoodTotalRatioJson = { goodServiceFilter?: string; badServiceFilter?: string; totalServiceFilter?: string };
export type RequestBasedJson =
  | { goodTotalRatio: GoodTotalRatioJson; distributionCut?: never }
  | { distributionCut: { distributionFilter: string; range: RangeJson }; goodTotalRatio?: never };
export type BasicSliJson = { method?: readonly string[]; location?: readonly string[]; version?: readonly string[] } & (
  | { availability: Record<string, never>; latency?: never }
  | { latency: { threshold: string }; availability?: never }
);
export type WindowsBasedJson = { windowPeriod: string } & (
  | { goodBadMetricFilter: string }
  | {
      goodTotalRatioThreshold: {
        threshold: number;
        performance?: RequestBasedJson;
        basicSliPerformance?: BasicSliJson;
      };
    }
  | { metricMeanInRange: { timeSeries: string; range: RangeJson } }
  | { metricSumInRange: { timeSeries: string; range: RangeJson } }
);

export type IndicatorJson =
  | { basicSli: BasicSliJson }
  | { requestBased: RequestBasedJson }
  | { windowsBased: WindowsBasedJson };

/** An SLO of the Service Monitoring API, in its REST JSON. */
export type ServiceLevelObjective = {
  /** `projects/p/services/s/serviceLevelObjectives/o` */
  name: string;
  displayName: string;
  serviceLevelIndicator: IndicatorJson;
  goal: number;
  userLabels: Readonly<Record<string, string>>;
} & (
  | { rollingPeriod: string; calendarPeriod?: never }
  | { calendarPeriod: 'DAY' | 'WEEK' | 'FORTNIGHT' | 'MONTH'; rollingPeriod?: never }
);
