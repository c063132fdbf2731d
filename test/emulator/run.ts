import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { guardedRun } from './guarded-run.ts';
import { findMinistack, version } from './ministack.ts';
import { plainRun } from './plain-run.ts';
import { NotOk } from './step.ts';
import { throttledRun } from './throttled-run.ts';

const usage = `npm run test:emulator -- [--only plain,auth,throttled] [--keep]

Deploys roletrail with the CDK CLI to an AWS emulator that is not of this project (ministack ${version}), sends the samples
through it, and holds its answers against a local replay; once plain, once with the emulator's evaluation of policies. A third
run sends a backlog in an account that runs four functions at once, and prints how late the last file is: a quarter of an hour.
  --only   some of the runs, with commas between
  --keep   leave the folder with assemblies, logs and the emulator's state
MINISTACK names the program, else it is looked for on PATH:
  python3 -m venv VENV && VENV/bin/pip install ministack==${version} && MINISTACK=VENV/bin/ministack npm run test:emulator
Exit status: 0 all well, or skipped with a word; 1 not; 2 wrong usage.`;

/** What the emulator cannot show: nobody should take silence for a proof. */
const notShown = `Not shown by this emulator:
- the partner's rule: ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS never matches there, and nobody may send events of aws.*
- AWS::SNS::Subscription across accounts by CloudFormation: made by hand here
- the names of a function's errors (all are Runtime.HandlerError; throttles Lambda.Unknown), so retries by name
- RedriveExecution; KMS; the roles of the state machine, of rules and of event sources; policies towards EventBridge
- quotas, the limits of patterns and payloads, other partitions, ListPublicKeys and digests
- what CloudTrail itself delivers
`;

const runs = { plain: plainRun, auth: guardedRun, throttled: throttledRun };

const { values } = parseArgs({
  options: { only: { type: 'string' }, keep: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(`${usage}\n`);
else {
  const asked = values.only?.split(',') ?? Object.keys(runs);
  const unknown = asked.find(name => !Object.hasOwn(runs, name));
  if (unknown === undefined) await main(asked, Boolean(values.keep));
  else {
    process.stderr.write(`--only: '${unknown}' is not one of ${Object.keys(runs).join(', ')}\n`);
    process.exitCode = 2;
  }
}

async function main(asked: readonly string[], keep: boolean): Promise<void> {
  const program = findMinistack();
  if (program === null) {
    process.stdout.write(`skipped: ministack ${version} is not here; MINISTACK names it (see --help)\n`);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-emulator-'));
  process.env.XDG_STATE_HOME = join(folder, 'state-home');
  try {
    for (const [name, run] of Object.entries(runs)) if (asked.includes(name)) await run(program, folder);
    process.stdout.write(`${notShown}OK\n`);
  } catch (error) {
    process.stdout.write(`NOT OK: ${error instanceof NotOk ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  } finally {
    if (keep) process.stdout.write(`kept: ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
