import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiParts, createRoutes } from '../../app/api.ts';
import { createGatewayDocument } from '../../app/gateway.ts';
import { tables } from '../../records/bigquery/schema.ts';
import { recordsViewSql } from '../../records/bigquery/sql.ts';

export const modules = join(import.meta.dirname, '../../terraform/modules');

/** What Terraform has to make as the code expects it, by path under `terraform/modules`: tables, view and the gateway's document. */
export function generatedFiles(): Readonly<Record<string, string>> {
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: what Terraform fills in
  const view = recordsViewSql({ projectId: '${project_id}', dataset: '${dataset}' });
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above
  return {
    'warehouse/tables.json': toText(
      Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, toTable(table)])),
    ),
    'warehouse/records.sql.tftpl': `${view}\n`,
    // Routes are data: none of the parts is asked before a request comes.
    'gateway/openapi.json': toText(createGatewayDocument(createRoutes({} as ApiParts))),
  };
}

function toTable({ description, columns, partitionedBy, clusteredBy }: (typeof tables)[keyof typeof tables]): object {
  return {
    description,
    partitioned_by: partitionedBy ?? null,
    clustered_by: clusteredBy ?? null,
    schema: columns.map(({ name, type, required, description }) => ({
      ...{ name, type, mode: required ? 'REQUIRED' : 'NULLABLE' },
      description,
    })),
  };
}

const toText = (value: object) => `${JSON.stringify(value, undefined, 2)}\n`;

if (import.meta.main) {
  for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(join(modules, path), text);
}
