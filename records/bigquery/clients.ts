import type { BigQuery } from '@google-cloud/bigquery';
import type { v1 } from '@google-cloud/bigquery-storage';

/** An emulator's addresses: `http://127.0.0.1:9050` for REST, `127.0.0.1:9060` for gRPC. */
export type BigQueryEmulator = { restUrl: string; grpcHost: string };

type Where = { projectId: string; emulator?: BigQueryEmulator };

/** The client of BigQuery's REST API. */
export async function openBigQuery({ projectId, emulator }: Where): Promise<BigQuery> {
  const { BigQuery } = await import('@google-cloud/bigquery');
  if (!emulator) return new BigQuery({ projectId });
  noMetadataServer();
  // The library takes the variable as the whole base address, path and all; given an endpoint it adds the path itself.
  const { BIGQUERY_EMULATOR_HOST } = process.env;
  delete process.env.BIGQUERY_EMULATOR_HOST;
  try {
    return new BigQuery({ projectId, apiEndpoint: emulator.restUrl });
  } finally {
    if (BIGQUERY_EMULATOR_HOST !== undefined) process.env.BIGQUERY_EMULATOR_HOST = BIGQUERY_EMULATOR_HOST;
  }
}

/** The client of the Storage Write API. */
export async function openBigQueryWrite({ projectId, emulator }: Where): Promise<v1.BigQueryWriteClient> {
  const { v1 } = await import('@google-cloud/bigquery-storage');
  if (!emulator) return new v1.BigQueryWriteClient({ projectId });
  noMetadataServer();
  const { credentials } = await import('@grpc/grpc-js');
  const [apiEndpoint = '', port] = emulator.grpcHost.split(':');
  return new v1.BigQueryWriteClient({
    projectId,
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
}

/** Nothing of Google's is asked on the emulator, and looking for its metadata server takes seconds and warns. */
function noMetadataServer(): void {
  process.env.METADATA_SERVER_DETECTION ??= 'none';
}
