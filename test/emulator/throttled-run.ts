import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadFiles } from '../hostile/load/files.ts';
import { Cdk } from './cdk.ts';
import { sampleConfig } from './common.ts';
import { Ministack } from './ministack.ts';
import { count, DeployedPipeline, toldEnd } from './pipeline.ts';
import { NotOk, step } from './step.ts';

const files = 40;
/** Functions that the account runs at once. */
const concurrency = 4;
/** A message that has to wait comes again after a quarter of a minute, then ever later, ten minutes at most. */
const patience = 30 * 60_000;

/** A backlog of single files in an account that throttles: late, and nothing lost. */
export async function throttledRun(program: string, folder: string): Promise<void> {
  const own = join(folder, 'throttled');
  const emulator = await step(`ministack listens, ${concurrency} functions at once`, () =>
    Ministack.start(program, own, false, concurrency),
  );
  try {
    const cdk = new Cdk(emulator, own);
    const config = sampleConfig({ partners: [], batch: { size: 1, windowSeconds: 0 } });
    const assembly = await step('cdk synth', () => cdk.synth(config, 'first'));
    nameThrottles(assembly);
    await step('cdk bootstrap', () => cdk.bootstrap());
    await step('cdk deploy roletrail', () => cdk.deploy(assembly));
    const pipeline = new DeployedPipeline(emulator, cdk.outputsFile);
    await step(
      `${files} log files at once, an execution each`,
      async () => {
        for (const { key, body } of loadFiles(files)) await pipeline.put(key, body);
        const sent = Date.now();
        const end = await pipeline.succeeded(files, patience);
        if (count(end) !== files) throw new NotOk(`${files} files, and ${count(end)} executions`);
        return { end, late: (end.lastEnd - sent) / 1000 };
      },
      ({ end, late }) => `${toldEnd(end)}, the last ${Math.round(late)} s after the last file was there`,
    );
  } finally {
    await emulator.close();
  }
}

/** The emulator's Step Functions calls a throttled invocation `Lambda.Unknown`, AWS's by Lambda's own name. */
function nameThrottles(assembly: string): void {
  let named = 0;
  for (const name of readdirSync(assembly).filter(each => /^asset\..*\.json$/.test(each))) {
    const file = join(assembly, name);
    const text = readFileSync(file, 'utf8');
    if (!text.includes('"StartAt"')) continue;
    writeFileSync(file, text.replaceAll('Lambda.TooManyRequestsException', 'Lambda.Unknown'));
    named += 1;
  }
  if (named !== 1) throw new NotOk(`${named} definitions in ${assembly}`);
}
