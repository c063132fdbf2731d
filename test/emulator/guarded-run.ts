import { join } from 'node:path';
import { Cdk } from './cdk.ts';
import { mustBeEqual, sampleConfig } from './common.ts';
import { Ministack } from './ministack.ts';
import { Permissions } from './permissions.ts';
import { count, DeployedPipeline, sampleLogs, toldEnd } from './pipeline.ts';
import { NotOk, step } from './step.ts';

/** With the emulator's evaluation of IAM, bucket, queue and topic policies, and then without a permission. */
export async function guardedRun(program: string, folder: string): Promise<void> {
  const own = join(folder, 'auth');
  const emulator = await step('ministack listens over TLS, permissions evaluated', () =>
    Ministack.start(program, own, true),
  );
  try {
    const cdk = new Cdk(emulator, own);
    const assembly = await step('cdk synth', () => cdk.synth(sampleConfig(), 'first'));
    await step('cdk bootstrap', () => cdk.bootstrap());
    await step("cdk deploy of the partners' stacks", () => cdk.deployPartners(assembly), String);
    await step('cdk deploy roletrail', () => cdk.deploy(assembly));
    const permissions = new Permissions(emulator);
    await permissions.mend();

    const pipeline = new DeployedPipeline(emulator, cdk.outputsFile);
    const logs = sampleLogs();
    await step(
      'the samples sent',
      async () => {
        for (const log of logs) await pipeline.putLog(log);
        await pipeline.settled(1);
        await pipeline.sendMessages();
        const end = await pipeline.succeeded(2);
        await permissions.runWatch();
        return end;
      },
      toldEnd,
    );
    await mustBeEqual(emulator, cdk.outputsFile, folder);
    await step('dynamodb:BatchGetItem taken from Persist: its execution fails', async () => {
      if (!(await permissions.take('Persist', 'dynamodb:BatchGetItem')))
        throw new NotOk('Persist has no dynamodb:BatchGetItem that could be taken');
      const [log] = logs.filter(({ file }) => file.includes('T0835Z'));
      if (!log) throw new NotOk('the samples have no log file of 08:35');
      const before = count(await pipeline.settled(1));
      await pipeline.putLog(log, log.file.replace(/_\w{16}\.json\.gz$/, '_AwakeAwakeAwake0.json.gz'));
      const after = await pipeline.settled(before + 1);
      if (!after.executions.FAILED) throw new NotOk('Persist did without it: no permission is enforced');
    });
    process.stdout.write(`          ministack with its functions: ${emulator.memory()} MB\n`);
  } finally {
    await emulator.close();
  }
}
