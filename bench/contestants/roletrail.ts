import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectRarely } from '../../steps/runtime/heap.ts';
import { localS3 } from '../local-s3.ts';
import { callsIn, computePath, fetched } from '../pipeline.ts';
import { answer } from './answer.ts';

const work = mkdtempSync(join(tmpdir(), 'roletrail-bench-work-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

// Once for all runs, as a function does.
collectRarely();
const { s3, requests } = localS3({ trail: '/', work });

answer(async files => {
  const before = { ...requests };
  const normalized = await computePath(fetched('/', files), s3);
  const [gets, puts] = [requests.gets - before.gets, requests.puts - before.puts];
  return async () => {
    const { records, kept, rejected } = normalized.counts;
    return { calls: await callsIn(normalized, s3), records, kept, rejected, gets, puts };
  };
});
