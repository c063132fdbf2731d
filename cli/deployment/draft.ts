import { ConfigError, parseConfig } from '../../infra/config.ts';
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { UsageError } from '../failure.ts';

/** What a person says of a deployment, as text: of flags or of answers. */
export interface Said {
  name?: string;
  account?: string;
  region?: string;
  /** ARNs or names */
  role: string[];
  /** `ACCOUNT=REGION,REGION` */
  partner: string[];
  /** `ACCOUNT=ID` */
  externalId: string[];
  trailAccount: string[];
  bucket?: string;
  createBucket?: boolean;
  keyArn?: string;
  batch?: string;
  alarmEmail?: string;
}

/** `10/20` or `100/60` */
const quiet = '10/20';

/** The configuration that was said, checked as `cdk synth` checks it. Throws UsageError with a sentence for each wrong value. */
export function draft(said: Said, file: string): RoletrailConfig {
  try {
    return parseConfig(unchecked(said), file);
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message, error) : error;
  }
}

/** What is wrong with one field of what was said so far, whatever is still missing. */
export function problemsWith(field: string, said: Said): readonly string[] {
  const whole = { account: '999999999999', region: 'us-east-1', bucket: 'a-bucket', ...said };
  if (whole.role.length === 0) whole.role = ['Role'];
  try {
    parseConfig(unchecked(whole));
    return [];
  } catch (error) {
    if (error instanceof UsageError) return [error.message];
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.filter(problem => problem.startsWith(field));
  }
}

function unchecked(said: Said): unknown {
  const { name, account, region, bucket, createBucket, keyArn, alarmEmail, trailAccount } = said;
  const [size = '', windowSeconds = ''] = (said.batch ?? quiet).split('/');
  return {
    ...(name && { name }),
    production: { account, region },
    auditedRoles: said.role,
    partners: partnersOf(said),
    trailBucket: { name: bucket, ...(createBucket && { create: true }), ...(keyArn && { keyArn }) },
    ...(trailAccount.length > 0 && { trailAccounts: trailAccount }),
    batch: { size: Number(size), windowSeconds: Number(windowSeconds) },
    ...(alarmEmail && { alarmEmail }),
  };
}

function partnersOf({ partner, externalId }: Said): RoletrailConfig['partners'] {
  const partners = partner.map(text => {
    const [account, regions] = pair('--partner', text, 'ACCOUNT=REGION,REGION');
    const externalIds = externalId
      .map(each => pair('--external-id', each, 'ACCOUNT=ID'))
      .filter(([of]) => of === account)
      .map(([, id]) => id);
    return { account, regions: regions.split(','), ...(externalIds.length > 0 && { externalIds }) };
  });
  const known = partners.map(({ account }) => account);
  const stray = externalId.find(text => !known.includes(text.split('=')[0] ?? ''));
  if (stray) throw new UsageError(`--external-id ${stray} names an account that no --partner names`);
  return partners;
}

function pair(option: string, text: string, expected: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(`${option} '${text}' is not ${expected}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
