import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Changes an assembly so that a failure costs no waiting: the state machine retries as often as it does, at once. `tries`
 * is how often a function's SDK sends a request (1: each fault reaches the function). `seconds`: where functions are to die,
 * what Persist has in place of its 10 minutes, so that what a dead try holds is free after that. Where none is to die it has
 * them: on a busy machine any shorter time kills it.
 */
export function hurried(assembly: string, tries: number, seconds?: number): void {
  const file = join(assembly, 'roletrail.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  for (const { Type, Properties } of Object.values<{
    Type: string;
    Properties: { Environment?: { Variables: object }; Timeout?: number };
  }>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties.Environment) {
      Object.assign(Properties.Environment.Variables, { AWS_MAX_ATTEMPTS: `${tries}` });
      if (seconds && 'IDEMPOTENCY_TABLE' in Properties.Environment.Variables) Properties.Timeout = seconds;
    }
  }
  writeFileSync(file, JSON.stringify(template));
  let shortened = 0;
  for (const name of readdirSync(assembly).filter(each => each.startsWith('asset.'))) {
    if (!name.endsWith('.json')) continue;
    const asset = readFileSync(join(assembly, name), 'utf8');
    if (!asset.includes('"StartAt"')) continue;
    writeFileSync(
      join(assembly, name),
      asset.replaceAll(/"IntervalSeconds": *(\d+)/g, (_, seconds) =>
        // The wait for a try that died, as much shorter as that function's own time.
        seconds === '60' ? '"IntervalSeconds": 0.15' : '"IntervalSeconds": 0.01',
      ),
    );
    shortened += 1;
  }
  if (shortened !== 1) throw new Error(`${shortened} definitions in ${assembly}`);
}
