import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, KeptAssemblies } from '../../cli/deployment/kept-assemblies.ts';
import { compileCache } from '../../cli/project.ts';
import { parseConfig } from '../../infra/config.ts';
import example from '../../infra/roletrail.example.json' with { type: 'json' };
import type { RoletrailConfig } from '../../infra/roletrail-config.ts';
import type { Asked } from '../synthesizer/ask.ts';

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

const ending = '.template.json';

/** Templates of all stacks of a configuration, by stack name. The functions' code is a stand-in. */
export function templatesOf(change: Partial<RoletrailConfig> = {}): Record<string, Template> {
  return inFolder(folder => readTemplates(templatesOnly(configWith(change), join(folder, 'cdk.out'))));
}

/** The same of several configurations, by their names, in the time of one start. */
export function templatesOfAll(
  changes: Record<string, Partial<RoletrailConfig>>,
): Record<string, Record<string, Template>> {
  return inFolder(folder => {
    const apps = Object.entries(changes).map(([name, change], index) => ({
      name,
      config: configWith(change),
      assembly: join(folder, String(index)),
    }));
    synthesizeOnce(apps);
    return Object.fromEntries(apps.map(({ name, assembly }) => [name, readTemplates(assembly)]));
  });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'roletrail-infra-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readTemplates(assembly: string): Record<string, Template> {
  const names = readdirSync(assembly).filter(name => name.endsWith(ending));
  return Object.fromEntries(
    names.map(name => [
      name.slice(0, -ending.length),
      JSON.parse(readFileSync(join(assembly, name), 'utf8')),
    ]),
  );
}

/** Writes the app of a configuration to `assembly`, its functions without their code. */
export function templatesOnly(config: RoletrailConfig, assembly: string): string {
  synthesizeOnce([{ config, assembly }]);
  return assembly;
}

/** Once a run, and in the process that synthesizes for all of them, because the CDK keeps the process that loaded it from ending. */
function synthesizeOnce(apps: { config: RoletrailConfig; assembly: string }[]): void {
  const kept = new KeptAssemblies();
  for (const { config, assembly } of apps) {
    const fingerprint = `templates-${fingerprintOf(config, 'trail')}`;
    if (kept.take(fingerprint, assembly)) continue;
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, '../synthesizer/ask-and-wait.ts')],
      {
        input: JSON.stringify({ kind: 'templates', config, assembly, logNames: 'trail' } satisfies Asked),
        encoding: 'utf8',
        env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
      },
    );
    if (status !== 0) throw new Error(stderr);
    kept.keep(fingerprint, assembly);
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
