import { mostOfABatch } from '../../steps/intake/bounded-batches.ts';
import { prices } from './prices.ts';

export interface Workload {
  filesPerDay: number;
  /** MB of gzip a file has */
  fileMB: number;
  /** records kept, as a share */
  kept: number;
  /** files an execution handles */
  batch: number;
}

/** What one batch asks of AWS whatever its size. `test/replay/cost.test.ts` counts it in the embedded cloud. */
export const perBatch = {
  /** states entered on the way to Done when something was kept */
  states: 14,
  /** by the state machine; intake's own comes on top */
  invocations: 7,
  /** candidates and events; a small batch's travel inline */
  puts: 2,
  /** Filter, Normalize and Persist read the candidates; Persist and Correlate the events */
  getsBesideFiles: 5,
  /** the idempotency record, written at Persist's beginning and its end */
  idempotencyWrites: 2,
  /** intake's, and the execution's with its functions; all, although X-Ray takes samples */
  traces: 2,
  /** reading what is done already, marking what is now, and the coverage */
  ledgerRequests: 3,
  /** which leads to calls are there already: so many requests for every thousand records */
  lookupReads: 7,
} as const;

/** What grows with the records and credentials of a batch; counted by the same test. */
export const growing = {
  getsPerFile: 1,
  evidencePerRequest: 25,
  /** evidence item and index entry; an issuance is in no index */
  unitsPerRecord: 1.98,
  /** the ledger's line of a processed file, the coverage of an hour for every twelve, and when a batch's account was last heard */
  unitsPerFile: 1.12,
  /** the calls of a file by hour, and what leads to them: at most, where nothing the batch touched is known; most of it mostly is */
  lookupUnitsPerFile: 7.5,
  /** facts, answers with their indexes, and the names that find them */
  unitsPerCredential: 5.7,
  /** keys and sessions that a file of 12 kept records brings; the generator's sessions make 5 to 60 calls */
  credentialsPerFile: 1.1,
  queriesPerCredential: 1.1,
  /** facts, 25 a request, the answer, and the names of several answers together */
  requestsPerCredential: 0.95,
} as const;

/** What no test can count: taken from the bench, or from what such calls take on AWS. */
export const assumed = {
  recordsPerMB: 6000,
  /** measured by the bench: 3 ms for a MB of JSON, of which 0.1 MB of gzip holds one; half as much again, because a Lambda is slower */
  decompressSecondsPerMB: 0.045,
  secondsPerGet: 0.03,
  getsAtOnce: 4,
  secondsPerWrite: 0.01,
  writesAtOnce: 8,
  /** two requests of 1.4 ms of a processor each (measured), of which a function of 1 GB has 0.58 */
  secondsPerCredential: 0.006,
  secondsPerInvocation: 0.05,
  logBytesPerBatch: 35_000,
  /** the article's function has 128 MB, and so a fourteenth of a processor */
  articleGigabytes: 0.128,
  /** on a whole processor, its own log lines apart; measured 15,000 to 25,000 */
  articleRecordsPerSecond: 20_000,
  /** a record that it keeps: one PutItem after the other */
  articleSecondsPerKept: 0.03,
  /** it logs every record it keeps, printed as Python prints a dictionary */
  articleLogBytesPerRecord: 2_000,
  /** what Lambda itself logs of an invocation: START, END and REPORT */
  articleLogBytesPerFile: 350,
  /** an item holds the record as text: 1 to 2.5 KB, and so 2.2 units */
  articleUnitsPerRecord: 2.2,
} as const;

/** A function's memory that comes with one whole processor, in GB (Lambda guide). */
const gigabytesOfProcessor = 1.769;

/** Memory of the functions in GB, as infra/function.ts sets it. */
const gigabytes = { small: 0.5, decompress: 2, step: 1 } as const;

export interface Bill {
  /** dollars a million files, by what they are paid for */
  parts: Record<string, number>;
  total: number;
  withoutLogs: number;
}

export function roletrailBill(asked: Workload): Bill {
  // However many messages intake takes: an execution has no more files, and no more bytes.
  const fitting = Math.floor(mostOfABatch.bytes / 2 ** 20 / asked.fileMB);
  const batch = Math.max(1, Math.min(asked.batch, mostOfABatch.files, fitting));
  const workload = { ...asked, batch };
  const records = keptPerFile(workload) * batch;
  const credentials = growing.credentialsPerFile * batch;
  const seconds = functionSeconds(workload, records, credentials);
  const gigabyteSeconds =
    gigabytes.decompress * seconds.decompress +
    gigabytes.step * seconds.step +
    gigabytes.small * seconds.small;
  // Work data beyond 40 KB goes to S3: small batches pay for none of it.
  const objects = records > 60 ? 1 : 0;
  return bill(
    {
      'S3 to EventBridge': prices.eventBridgeEvent * batch,
      'EventBridge to SQS, received and deleted ten at a time': 1.2 * prices.sqsRequest * batch,
      'Step Functions: states': perBatch.states * prices.transition,
      'Lambda: invocations': (perBatch.invocations + 1) * prices.invocation,
      'Lambda: time': gigabyteSeconds * prices.arm64GigabyteSecond,
      'S3: requests':
        (growing.getsPerFile * batch + objects * perBatch.getsBesideFiles) * prices.get +
        objects * perBatch.puts * prices.put,
      'DynamoDB: evidence': growing.unitsPerRecord * records * prices.writeUnit,
      'DynamoDB: look-ups': growing.lookupUnitsPerFile * batch * prices.writeUnit,
      'DynamoDB: sessions':
        growing.unitsPerCredential * credentials * prices.writeUnit +
        growing.queriesPerCredential * credentials * prices.readUnit,
      'DynamoDB: ledger': growing.unitsPerFile * batch * prices.writeUnit,
      'DynamoDB: idempotency': perBatch.idempotencyWrites * prices.writeUnit,
      'X-Ray: traces': perBatch.traces * prices.trace,
      [logs]: (assumed.logBytesPerBatch / 1e9) * prices.logGigabyte,
    },
    1e6 / batch,
  );
}

/** Seconds of the functions of one batch, by their memory: Decompress; Filter to Correlate; intake and Fetch. */
function functionSeconds({ batch, fileMB }: Workload, records: number, credentials: number) {
  const perFile = fileMB * assumed.decompressSecondsPerMB + assumed.secondsPerGet / assumed.getsAtOnce;
  const requests = records / growing.evidencePerRequest / assumed.writesAtOnce;
  return {
    decompress: assumed.secondsPerInvocation + batch * perFile,
    step:
      4 * assumed.secondsPerInvocation +
      requests * assumed.secondsPerWrite +
      credentials * assumed.secondsPerCredential,
    small: 2 * assumed.secondsPerInvocation,
  };
}

/** The article's design: a function for each file, a PutItem for each record. */
export function articleBill(workload: Workload): Bill {
  const records = keptPerFile(workload);
  const processor = assumed.articleGigabytes / gigabytesOfProcessor;
  const parsing = (workload.fileMB * assumed.recordsPerMB) / assumed.articleRecordsPerSecond / processor;
  const seconds = parsing + records * assumed.articleSecondsPerKept;
  const logBytes = records * assumed.articleLogBytesPerRecord + assumed.articleLogBytesPerFile;
  return bill(
    {
      'Lambda: invocations': prices.invocation,
      'Lambda: time': seconds * assumed.articleGigabytes * prices.x86GigabyteSecond,
      'S3: requests': prices.get,
      'DynamoDB: evidence': records * assumed.articleUnitsPerRecord * prices.writeUnit,
      [logs]: (logBytes / 1e9) * prices.logGigabyte,
    },
    1e6,
  );
}

const logs = 'CloudWatch: logs';

function keptPerFile({ fileMB, kept }: Workload): number {
  return fileMB * assumed.recordsPerMB * kept;
}

function bill(once: Record<string, number>, times: number): Bill {
  const parts = Object.fromEntries(Object.entries(once).map(([name, dollars]) => [name, dollars * times]));
  const total = Object.values(parts).reduce((sum, dollars) => sum + dollars, 0);
  return { parts, total, withoutLogs: total - (parts[logs] ?? 0) };
}
