import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decompress } from '../../steps/decompress.ts';
import { filter } from '../../steps/filter.ts';
import { normalize } from '../../steps/normalize.ts';
import { collectRarely } from '../../steps/runtime/heap.ts';
import type { Decompressed, Filtered } from '../../steps/transport/payloads.ts';
import { localS3 } from '../local-s3.ts';
import { accounts, fetched, roles, workData } from '../pipeline.ts';

/** One state by itself, as its function runs it: `STEP INPUT OUTPUT`; prints the most memory it held, in bytes. */
const [step = '', from = '', to = ''] = process.argv.slice(2);

async function run(): Promise<void> {
  collectRarely();
  const { s3 } = localS3({ trail: '/', work: join(dirname(to), 'objects') });
  const work = workData(s3);
  const input: unknown = JSON.parse(readFileSync(from, 'utf8'));
  const output = await (() => {
    switch (step) {
      case 'Decompress':
        return decompress(fetched('/', input as string[]), { s3, roles, work });
      case 'Filter':
        return filter(input as Decompressed, { roles, work });
      case 'Normalize':
        return normalize(input as Filtered, { roles, accounts, work });
      default:
        throw new RangeError(`no step ${step} here`);
    }
  })();
  writeFileSync(to, JSON.stringify(output));
  process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
}

run().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
