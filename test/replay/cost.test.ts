import { growing, perBatch } from '../../bench/cost/model.ts';
import { type BatchRequests, batchRequests } from './batch-requests.ts';
import { temporaryFolder } from './roletrail.ts';

const folder = temporaryFolder();
const files = 100;
let batch: BatchRequests;

const requestsTo = (service: string) =>
  Object.entries(batch.requests)
    .filter(([name]) => name.startsWith(`${service} `))
    .reduce((sum, [, requests]) => sum + requests, 0);

beforeAll(async () => {
  batch = await batchRequests(folder, files);
});

describe('a batch of 100 log files of 12 kept calls each, in the embedded cloud', () => {
  test('is processed whole', () => {
    expect(batch.counts).toMatchObject({
      sources: files,
      read: files,
      refused: 0,
      rejected: 0,
      duplicates: 0,
    });
    expect(batch.counts.written).toBe(batch.counts.kept);
    expect(batch.counts.kept).toBeGreaterThan(10 * files);
  });

  test('enters no more states and invokes no more functions than the model says', () => {
    expect(batch.states).toBe(perBatch.states);
    expect(batch.invocations).toBe(perBatch.invocations);
  });

  test('reads each file once and writes two objects', () => {
    expect(batch.requests['s3 GET of a log file']).toBeLessThanOrEqual(growing.getsPerFile * files);
    expect(batch.requests['s3 PUT']).toBeLessThanOrEqual(perBatch.puts);
    expect(batch.requests['s3 GET']).toBeLessThanOrEqual(perBatch.getsBesideFiles);
    const known = ['s3 GET of a log file', 's3 PUT', 's3 GET'].map(name => batch.requests[name] ?? 0);
    expect(requestsTo('s3')).toBe(known.reduce((sum, each) => sum + each, 0));
  });

  test('asks the tables by the records and the credentials in it', () => {
    const { written, credentials } = batch.counts;
    const writes = requestsTo('dynamodb') - (batch.requests['dynamodb Query'] ?? 0);
    const items = written + files + batch.units.lookups;
    const ofFiles =
      Math.ceil(items / growing.evidencePerRequest) + perBatch.ledgerRequests + perBatch.lookupReads;
    expect(batch.requests['dynamodb Query']).toBeLessThanOrEqual(growing.queriesPerCredential * credentials);
    expect(writes - ofFiles - perBatch.idempotencyWrites).toBeLessThanOrEqual(
      growing.requestsPerCredential * credentials,
    );
  });

  test('brings no more credentials and writes no more units than the model says', () => {
    const { written, credentials } = batch.counts;
    expect(credentials).toBeLessThanOrEqual(growing.credentialsPerFile * files);
    expect(batch.units.evidence / written).toBeLessThanOrEqual(growing.unitsPerRecord);
    expect(batch.units.lookups).toBeLessThanOrEqual(growing.lookupUnitsPerFile * files);
    expect(batch.units.ledger).toBeLessThanOrEqual(growing.unitsPerFile * files);
    expect(batch.units.sessions / credentials).toBeLessThanOrEqual(growing.unitsPerCredential);
  });
});
