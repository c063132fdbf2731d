import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Changes an assembly so that a failure costs no waiting: the state machine retries as often as it does, at once, and
 * Persist has 4 s in place of 10 minutes, so that what a dead try holds is free after that; `tries`
 * is how often a function's SDK sends a request (1: each fault reaches the function).
 */
export function hurried(assembly: string, tries: number): void {
  const file = join(assembly, 'roletrail.template.json');
  const template = JSON.parse(readFileSync(file, 'utf8'));
  for (const { Type, Properties } of Object.values<{
    Type: string;
    Properties: { Environment?: { Variables: object }; Timeout?: number };
  }>(template.Resources)) {
    if (Type === 'AWS::Lambda::Function' && Properties.Environment) {
      Object.assign(Properties.Environment.Variables, { AWS_MAX_ATTEMPTS: `${tries}` });
      if ('IDEMPOTENCY_TABLE' in Properties.Environment.Variables) Properties.Timeout = 4;
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
