import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sloQuery } from './queries.ts';
import * as widgets from './widgets.ts';

test('each kind that the API has is built under its own name, and holds nothing beside its title', () => {
  const timeSeriesQuery = sloQuery('projects/p/services/s/serviceLevelObjectives/o', 'compliance');
  const built = [
    widgets.xyChart('t', { dataSets: [{ timeSeriesQuery, plotType: 'LINE' }] }),
    widgets.scorecard('t', { timeSeriesQuery }),
    widgets.text('t', 'content'),
    widgets.alertChart('t', 'projects/p/alertPolicies/a'),
    widgets.timeSeriesTable('t', { dataSets: [{ timeSeriesQuery }] }),
    widgets.collapsibleGroup('t'),
    widgets.logsPanel('t', { filter: 'severity>=ERROR' }),
    widgets.incidentList('t'),
    widgets.pieChart('t', { dataSets: [{ timeSeriesQuery }], chartType: 'PIE' }),
    widgets.errorReportingPanel('t', { projectNames: ['projects/p'] }),
    widgets.sectionHeader('t', 'subtitle'),
    widgets.singleViewGroup('t'),
  ];
  const kinds =
    'xyChart scorecard text alertChart timeSeriesTable collapsibleGroup logsPanel incidentList pieChart errorReportingPanel sectionHeader singleViewGroup';
  assert.deepEqual(
    built.map(widget => Object.keys(widget)),
    kinds.split(' ').map(kind => ['title', kind]),
  );
  assert.deepEqual(Object.keys(widgets).sort(), [...kinds.split(' '), 'blank'].sort());
  assert.deepEqual(widgets.blank(), { blank: {} });
  assert.deepEqual(widgets.text('t', 'c', { format: 'RAW' }), { title: 't', text: { content: 'c', format: 'RAW' } });
});
