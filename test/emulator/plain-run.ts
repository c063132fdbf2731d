import { join } from 'node:path';
import { compareAnswers } from './answers.ts';
import { Cdk } from './cdk.ts';
import { localReplay, mustBeEqual, sampleConfig } from './common.ts';
import { Ministack } from './ministack.ts';
import { Permissions } from './permissions.ts';
import { count, DeployedPipeline, sampleLogs, toldEnd } from './pipeline.ts';
import { NotOk, step } from './step.ts';

/** Without any permission: deploys, fails, repeats, runs, and is installed a second time. */
export async function plainRun(program: string, folder: string): Promise<void> {
  const own = join(folder, 'plain');
  const state = await localReplay(folder);
  const emulator = await step('ministack listens, permissions not evaluated', () =>
    Ministack.start(program, own, false),
  );
  try {
    const cdk = new Cdk(emulator, own);
    const assembly = await step('cdk synth', () => cdk.synth(sampleConfig(), 'first'));
    await step('cdk bootstrap', () => cdk.bootstrap());
    await step("cdk deploy of the partners' stacks", () => cdk.deployPartners(assembly), String);
    await step('a create whose last resource fails is rolled back', () => cdk.failDeploy(assembly));
    await step('cdk deploy roletrail, after it', () => cdk.deploy(assembly));
    await step(
      'and once more',
      () => cdk.deploy(assembly),
      ({ said }) => {
        if (!/no changes/.test(said)) throw new NotOk('a second deploy of the same changes something', said);
        return 'no changes';
      },
    );

    const pipeline = new DeployedPipeline(emulator, cdk.outputsFile);
    const logs = sampleLogs();
    const withheld = logs.find(({ file }) => file.includes('T0835Z'));
    if (!withheld) throw new NotOk('the samples have no log file of 08:35');
    await step(
      'the samples sent, but for one log file',
      async () => {
        for (const log of logs) if (log !== withheld) await pipeline.putLog(log);
        await pipeline.settled(1);
        await pipeline.sendMessages();
        return pipeline.succeeded(2);
      },
      toldEnd,
    );
    await step(
      'which shows: the answers differ',
      () => compareAnswers(emulator, cdk.outputsFile, state, ['sessions --json', 'who ASIAEXAMPLEDBMAINT01']),
      ({ different }) => {
        if (different.length === 0) throw new NotOk('a log file was withheld, and no answer differs');
        return `${different.length} different`;
      },
    );
    await step('the one that was withheld sent', async () => {
      const before = count(await pipeline.settled(1));
      await pipeline.putLog(withheld);
      await pipeline.succeeded(before + 1);
      await new Permissions(emulator).runWatch();
    });
    await mustBeEqual(emulator, cdk.outputsFile, folder);
    await reinstall(emulator, cdk, assembly, withheld);
    process.stdout.write(`          ministack with its functions: ${emulator.memory()} MB\n`);
  } finally {
    await emulator.close();
  }
}

/** Uninstalls, and installs again over the bucket that was retained. */
async function reinstall(
  emulator: Ministack,
  cdk: Cdk,
  assembly: string,
  log: { folder: string; file: string },
): Promise<void> {
  const keyArn = cdk.output('KeyArn');
  await step('cdk destroy roletrail', () => cdk.destroy(assembly));
  const { name } = sampleConfig().trailBucket;
  const kept = sampleConfig({ trailBucket: { name, keyArn } });
  const again = await step('cdk synth with the bucket that is there', () => cdk.synth(kept, 'again'));
  await step('cdk deploy roletrail, installed again', () => cdk.deploy(again));
  const pipeline = new DeployedPipeline(emulator, cdk.outputsFile);
  await step(
    'a log file in the retained bucket',
    async () => {
      const before = count(await pipeline.settled(0));
      await pipeline.putLog(log);
      return pipeline.succeeded(before + 1);
    },
    toldEnd,
  );
}
