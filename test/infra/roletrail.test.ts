import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../synthesizer/ask.ts';
import { configWith, ofType, type Template, templatesOf, templatesOnly } from './assembly.ts';
import logicalIds from './logical-ids.json' with { type: 'json' };

const holding = ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::DynamoDB::Table'];

describe('the stacks of the app', () => {
  const templates = templatesOf();

  // CloudFormation replaces a resource whose logical id changes: an upgrade would begin with empty tables.
  test.each(Object.entries(logicalIds))('%s keeps the ids of what it holds', (stack, ids) => {
    const { Resources = {} } = templates[stack] ?? {};
    const types = new Set<string>(Object.values(ids));
    const there = Object.entries(Resources).filter(([, { Type }]) => types.has(Type));
    expect(Object.fromEntries(there.map(([id, { Type }]) => [id, Type]))).toEqual(ids);
  });

  // A stack that is protected cannot be deleted after its first creation failed.
  test('none is protected by the app: a command after the deployment does it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'roletrail-manifest-'));
    const assembly = templatesOnly(configWith(), join(folder, 'cdk.out'));
    const { artifacts } = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as {
      artifacts: Record<string, { type: string; properties?: { terminationProtection?: boolean } }>;
    };
    rmSync(folder, { recursive: true });
    const stacks = Object.values(artifacts).filter(({ type }) => type === 'aws:cloudformation:stack');
    expect(stacks.map(({ properties }) => properties?.terminationProtection ?? false)).toEqual([
      false,
      false,
    ]);
  });
});

describe('in a stack of somebody else’s', () => {
  let template: Template;
  beforeAll(async () => {
    template = await synthesizeTheirs();
  });

  test('the key and the bucket for access logs that are there already are used', () => {
    expect(ofType(template, 'AWS::KMS::Key')).toEqual({});
    for (const { Properties } of Object.values(ofType(template, 'AWS::DynamoDB::Table')))
      expect(JSON.stringify(Properties.SSESpecification)).toContain(':key/theirs');
    const buckets = Object.values(ofType(template, 'AWS::S3::Bucket'));
    expect(buckets.map(({ Properties }) => Properties.LoggingConfiguration)).toMatchObject([
      { DestinationBucketName: 'their-access-logs' },
      { DestinationBucketName: 'their-access-logs' },
    ]);
  });

  test('a trial leaves nothing behind', () => {
    const held = Object.values(template.Resources).filter(({ Type }) => holding.includes(Type));
    expect(held).toHaveLength(8);
    for (const { DeletionPolicy, UpdateReplacePolicy, Properties } of held) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Delete', 'Delete']);
      expect(Properties.DeletionProtectionEnabled).not.toBe(true);
    }
  });
});

async function synthesizeTheirs(): Promise<Template> {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-theirs-'));
  const file = join(folder, 'template.json');
  try {
    await ask({ kind: 'theirs', config: configWith(), assembly: file, logNames: 'trail' });
    return JSON.parse(readFileSync(file, 'utf8')) as Template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
