import { digestLocation } from '../../core/digests/digest-key.ts';
import { logKeyParts } from '../../core/records/log-key.ts';
import { trailAccounts } from '../../infra/names.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { baseConfig } from '../deployment/base-config.ts';
import { fetchedAhead } from '../inputs/ahead.ts';
import { type Input, type Inputs, isReadForKind, readKind } from '../inputs/inputs.ts';
import type { Kind } from '../inputs/kind.ts';
import { refusedInput } from '../inputs/refused.ts';
import { everyCredential, needsOf, replayConfig } from '../replay/config.ts';

/** An input and what it is. */
export interface Planned {
  input: Input;
  kind: Kind;
  /** whether the earliest time of its records says how far back the logs of its account and Region reach */
  first: boolean;
}

/** What is to be read, and as which deployment would read it. */
export interface Plan {
  config: RoletrailConfig;
  accounts: string[];
  bucket: string;
  /** in the order of delivery */
  inputs: Planned[];
}

/** `base`: the configuration that roles and accounts are asked of. Throws UsageError for roles or accounts that are none. */
export async function planOf(
  inputs: Inputs,
  asked: { roles: readonly string[]; accounts: readonly string[]; base?: RoletrailConfig },
): Promise<Plan> {
  const base = asked.base ?? baseConfig();
  const kinds: Kind[] = [];
  const whole = inputs.deliver.filter(isReadForKind);
  const ahead = new Map(fetchedAhead(whole).map((input, index) => [whole[index], input]));
  for (const input of inputs.deliver) kinds.push(await kindOf(ahead.get(input) ?? input));
  const roles = asked.roles.length > 0 ? asked.roles : everyCredential;
  const config = replayConfig(base, roles, needsOf(kinds), asked.accounts);
  const firsts = firstOfPlaces(inputs.deliver);
  return {
    config,
    accounts: trailAccounts(config),
    bucket: config.trailBucket.name,
    inputs: inputs.deliver.map((input, index) => ({
      input,
      kind: kinds[index] ?? { kind: 'log' },
      first: firsts.has(input),
    })),
  };
}

async function kindOf(input: Input): Promise<Kind> {
  try {
    return await readKind(input);
  } catch (error) {
    // What cannot be read is told when it is its turn.
    refusedInput(input.file, error);
    return { kind: 'log' };
  }
}

/** The earliest log files of each account and Region, by the time in their names. */
function firstOfPlaces(inputs: readonly Input[]): Set<Input> {
  const first = new Map<string, { time: string; inputs: Input[] }>();
  for (const input of inputs) {
    const parts = digestLocation(input.key) ? null : logKeyParts(input.key);
    if (!parts) continue;
    const place = `${parts.account}#${parts.region}`;
    const known = first.get(place);
    if (!known || parts.time < known.time) first.set(place, { time: parts.time, inputs: [input] });
    else if (parts.time === known.time) known.inputs.push(input);
  }
  return new Set([...first.values()].flatMap(each => each.inputs));
}
