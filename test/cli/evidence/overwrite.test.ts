import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../cli/failure.ts';
import { buildProgram } from '../../../cli/program.ts';

test('a bundle is never written over a file, which is said before the work', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  const out = join(folder, 'case.zip');
  writeFileSync(out, 'the case of before');
  const context = { screen: {}, signal: new AbortController().signal } as never;
  const program = await buildProgram(
    async command => {
      await command(context);
    },
    () => {},
  );
  // The state folder is not there either: who begins the work says so first.
  const words = ['evidence', 'ASIAONE.00000000', '--out', out, '--state', join(folder, 'none')];
  const ended: unknown = await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(UsageError);
  expect(ended).toMatchObject({
    message: `${out} is there already, and evidence is never overwritten: give --out another name`,
  });
  expect(readFileSync(out, 'utf8')).toBe('the case of before');
});
