import * as z from 'zod';
import { checkTogether } from './config-together.ts';
import { regionProblem } from './regions.ts';

// A sentence's second half; the field's name goes in front of it.
type Wrong = { code?: string; input?: unknown; keys?: string[] };

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function isNot(expected: string) {
  return ({ input }: Wrong) =>
    input === undefined ? `is missing; expected ${expected}` : `${show(input)} is not ${expected}`;
}

function text(pattern: RegExp, expected: string) {
  return z.string({ error: isNot(expected) }).regex(pattern, { error: isNot(expected) });
}

function integer(minimum: number, maximum: number, expected: string) {
  const error = isNot(`${expected} from ${minimum} to ${maximum}`);
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

function object<S extends z.core.$ZodLooseShape>(shape: S, expected: string) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue: Wrong) =>
      issue.code === 'unrecognized_keys'
        ? `unknown field ${(issue.keys ?? []).map(show).join(', ')}; known are ${known}`
        : isNot(expected)(issue),
  });
}

function list<T extends z.ZodType>(item: T, expected: string) {
  return z.array(item, { error: isNot(expected) });
}

const account = text(/^\d{12}$/, 'a 12-digit account id');
const trailAccount = text(/^(\d{12}|\*|unchecked)$/, "a 12-digit account id, '*' or 'unchecked'");
const aRegion = isNot('a region name like us-east-1');
const region = z.string({ error: aRegion }).refine(value => regionProblem(value) === null, {
  error: issue =>
    /^[a-z]{2,4}(-[a-z]+){1,2}-\d$/.test(String(issue.input))
      ? `${show(issue.input)} ${regionProblem(String(issue.input))}`
      : aRegion(issue),
});

/** Names and paths: IAM guide, IAM identifiers. */
const roleArn = /^arn:aws(-cn|-us-gov|-eusc)?:iam::\d{12}:role\/([!-.0-~]+\/)*[\w+=,.@-]{1,64}$/;
const roleName = /^[\w+=,.@-]{1,64}$/;
/** All roles of a permission set, whose names end otherwise in each account; a set's name has 32 characters at most. */
const setName = /^AWSReservedSSO_[\w+=,.@-]{1,32}_\*$/i;
const setArn =
  /^arn:aws(-cn|-us-gov|-eusc)?:iam::\d{12}:role\/([!-.0-~]+\/)*AWSReservedSSO_[\w+=,.@-]{1,32}_\*$/i;
const rolePatterns = [roleName, roleArn, setName, setArn];
const role = z
  .string({ error: isNot("a role ARN, a role name or '*'") })
  .refine(value => value === '*' || rolePatterns.some(pattern => pattern.test(value)), {
    error: ({ input }) => `${show(input)} is neither a role ARN, a role name, '*' nor AWSReservedSSO_NAME_*`,
  });

/** STS guide, AssumeRole: ExternalId. */
const externalId = text(/^[\w+=,.@:/-]{2,1224}$/, 'an external id (2 to 1,224 letters, digits, +=,.@:/-)');

/** S3 guide, general purpose bucket naming rules. */
const reservedBeginnings = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedEnds = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

function reservedPart(name: string): string | null {
  const beginning = reservedBeginnings.find(each => name.startsWith(each));
  if (beginning) return `names that begin with '${beginning}'`;
  const end = reservedEnds.find(each => name.endsWith(each));
  return end ? `names that end with '${end}'` : null;
}

const bucketName = text(
  /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'a bucket name (3 to 63 lower-case letters, digits, dots and hyphens)',
).refine(name => reservedPart(name) === null, {
  error: ({ input }) => `${show(input)} is not a bucket name: S3 reserves ${reservedPart(String(input))}`,
});

/** A partner's stack is `roletrail-NAME-partner-ACCOUNT-REGION`: names that begin with `partner` would be ambiguous. */
const deploymentName = text(
  /^(?!partner)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "a name of lower-case letters, digits and single hyphens that begins with a letter and not with 'partner'",
).max(20, { error: ({ input }) => `${show(input)} has more than 20 characters` });

const keyArn = text(
  /^arn:aws(-cn|-us-gov|-eusc)?:kms:[a-z0-9-]+:\d{12}:key\/[a-zA-Z0-9-]+$/,
  'the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID)',
);

/** The shape of a configuration; what single values may be here, what goes together in `config-together.ts`. */
export const configSchema = object(
  {
    $schema: z.string({ error: isNot('the address of a JSON Schema') }).exactOptional(),
    name: deploymentName.exactOptional(),
    production: object({ account, region }, 'an object {account, region}'),
    auditedRoles: list(role, "a list of role ARNs, role names, or ['*']").min(1, {
      error: () => 'is empty; name at least one role',
    }),
    partners: list(
      object(
        {
          account,
          regions: list(region, 'a list of regions').min(1, {
            error: () =>
              'is empty; name each region whose STS endpoint the partner uses, us-east-1 for the global one',
          }),
          externalIds: list(externalId, 'a list of external ids').exactOptional(),
        },
        'an object {account, regions, externalIds?}',
      ),
      'a list of partner accounts, which may be empty',
    ),
    trailBucket: object(
      {
        name: bucketName,
        create: z.boolean({ error: isNot('true or false') }).exactOptional(),
        keyArn: keyArn.exactOptional(),
      },
      'an object {name, create?, keyArn?}',
    ),
    trailAccounts: list(trailAccount, "a list of account ids, ['*'] or ['unchecked']").exactOptional(),
    batch: object(
      {
        size: integer(1, 10_000, 'a whole number of messages'),
        windowSeconds: integer(0, 300, 'a whole number of seconds'),
      },
      'an object {size, windowSeconds}',
    ),
    executionsAtOnce: integer(0, 1_000, 'a whole number of executions').exactOptional(),
    redelivered: z.enum(['skip', 'process'], { error: isNot("'skip' or 'process'") }).exactOptional(),
    graceMinutes: integer(0, 1_440, 'a whole number of minutes').exactOptional(),
    lookbackDays: integer(1, 36_500, 'a whole number of days').exactOptional(),
    quietMinutes: integer(0, 43_200, 'a whole number of minutes').exactOptional(),
    retentionDays: integer(90, 36_500, 'a whole number of days').exactOptional(),
    lockDays: integer(1, 36_500, 'a whole number of days').exactOptional(),
    alarmEmail: z.email({ error: isNot('an e-mail address') }).exactOptional(),
  },
  'a JSON object',
).superRefine(checkTogether);
