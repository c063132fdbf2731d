import { join, resolve } from 'node:path';
import { Unsupported } from '../contract.ts';
import { asArray, asObject, asString, type JsonObject, readJsonObject } from './json.ts';

/** One stack as `cdk synth` wrote it. */
export interface StackArtifact {
  name: string;
  account: string;
  region: string;
  template: JsonObject;
  /** object key in the bootstrap bucket -> the file or folder that would be uploaded there */
  assets: Map<string, string>;
}

const withoutStacks = new Set(['cdk:tree', 'cdk:feature-flag-report', 'cdk:asset-manifest']);

/**
 * The stacks of a cloud assembly (cdk.out).
 * @throws Unsupported for nested assemblies, docker images, and stacks without a concrete account and region.
 */
export function readAssembly(path: string): StackArtifact[] {
  // Functions load their packages from worker threads, which know nothing of a folder relative to this process.
  const folder = resolve(path);
  const manifest = readJsonObject(join(folder, 'manifest.json'));
  const artifacts = asObject(manifest.artifacts, 'the artifacts of manifest.json');
  const stacks: StackArtifact[] = [];
  for (const [id, entry] of Object.entries(artifacts)) {
    const artifact = asObject(entry, `artifact ${id}`);
    const type = asString(artifact.type, `the type of artifact ${id}`);
    if (withoutStacks.has(type)) continue;
    if (type !== 'aws:cloudformation:stack') throw new Unsupported(`artifact ${id} of type ${type}`);
    stacks.push(readStack(folder, id, artifact, artifacts));
  }
  if (stacks.length === 0) throw new Unsupported(`no stack in ${folder}`);
  return stacks;
}

function readStack(folder: string, id: string, artifact: JsonObject, artifacts: JsonObject): StackArtifact {
  const properties = asObject(artifact.properties, `the properties of stack ${id}`);
  const environment = asString(artifact.environment, `the environment of stack ${id}`);
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment) ?? [];
  if (!account || !region || region.startsWith('unknown')) {
    throw new Unsupported(`stack ${id} has no concrete account and region: ${environment}`);
  }
  const assets = new Map<string, string>();
  for (const dependency of asArray(artifact.dependencies ?? [], `the dependencies of stack ${id}`)) {
    const other = asObject(artifacts[asString(dependency, 'a dependency')], `artifact ${dependency}`);
    if (other.type !== 'cdk:asset-manifest') continue;
    const file = asString(asObject(other.properties, `artifact ${dependency}`).file, 'an asset manifest');
    for (const [key, path] of readAssets(folder, file)) assets.set(key, path);
  }
  return {
    name: properties.stackName === undefined ? id : asString(properties.stackName, 'stackName'),
    account,
    region,
    template: readJsonObject(join(folder, asString(properties.templateFile, `the template of stack ${id}`))),
    assets,
  };
}

function readAssets(folder: string, file: string): Map<string, string> {
  const manifest = readJsonObject(join(folder, file));
  if (Object.keys(asObject(manifest.dockerImages ?? {}, file)).length > 0) {
    throw new Unsupported(`docker images in ${file}`);
  }
  const paths = new Map<string, string>();
  for (const [hash, entry] of Object.entries(asObject(manifest.files ?? {}, file))) {
    const asset = asObject(entry, `asset ${hash}`);
    const source = asObject(asset.source, `the source of asset ${hash}`);
    for (const destination of Object.values(asObject(asset.destinations, `asset ${hash}`))) {
      const key = asString(asObject(destination, `asset ${hash}`).objectKey, `the key of asset ${hash}`);
      paths.set(key, join(folder, asString(source.path, `the path of asset ${hash}`)));
    }
  }
  return paths;
}
