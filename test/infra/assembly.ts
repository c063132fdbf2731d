import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { parseConfig } from '../../infra/config.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import { synthesize } from '../../infra/synth.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
  Metadata?: unknown;
}

export interface Template {
  Resources: Record<string, Resource>;
  Outputs?: Record<string, { Value: unknown }>;
  [section: string]: unknown;
}

/** The example configuration, some fields changed. */
export function configWith(change: Partial<RoletrailConfig> = {}): RoletrailConfig {
  return parseConfig({ ...example, ...change });
}

/** Templates of all stacks of a configuration, by stack name. The functions' code is of no importance. */
export function templatesOf(change: Partial<RoletrailConfig> = {}): Record<string, Template> {
  const outdir = mkdtempSync(join(tmpdir(), 'roletrail-infra-'));
  try {
    const { templates } = synthesize(configWith(change), outdir, {
      checks: false,
      code: () => Code.fromInline('exports.handler = async () => {}'),
    });
    return Object.fromEntries(
      Object.entries(templates).map(([name, file]) => [name, JSON.parse(readFileSync(file, 'utf8'))]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export function productionTemplate(change: Partial<RoletrailConfig> = {}): Template {
  const { roletrail } = templatesOf(change);
  if (!roletrail) throw new Error('there is no stack named roletrail');
  return roletrail;
}

/** Resources of a type, by logical id. */
export function ofType(template: Template, type: string): Record<string, Resource> {
  return Object.fromEntries(Object.entries(template.Resources).filter(([, { Type }]) => Type === type));
}

/** The one resource of a type whose logical id begins so. */
export function one(template: Template, type: string, prefix = ''): [id: string, resource: Resource] {
  const found = Object.entries(ofType(template, type)).filter(([id]) => id.startsWith(prefix));
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${found.length} resources ${type} ${prefix}*`);
  return only;
}

/** A template value as text a person can compare: `Fn::GetAtt` and `Ref` as `<LogicalId.Arn>` and `<LogicalId>`, ids without their hash. */
export function readable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': getAtt, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${withoutHash(Ref)}>`;
  if (Array.isArray(getAtt)) return `<${withoutHash(String(getAtt[0]))}.${getAtt[1]}>`;
  if (Array.isArray(join)) return (readable(join[1]) as string[]).join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, readable(item)]));
}

export function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
