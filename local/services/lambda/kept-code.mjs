// @ts-check
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { constants, Script } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { crc32 } from 'node:zlib';

// The wrapper that Node puts around a CommonJS file.
const [head, tail] = ['(function (exports, require, module, __filename, __dirname) { ', '\n})'];

/** Bytes of the CRC-32 before the data. V8 trusts data that is not its own, and fails later. */
const checkBytes = 4;

/** Files that are kept: two versions of a project's functions, and some more. What was written longest ago goes first. */
const most = 32;

/**
 * Runs a CommonJS file with what V8 compiled of it in earlier runs, which is kept in `folder`; without one, nothing is kept.
 * Node's compile cache keeps a file as it is before it runs, without the functions that were compiled when they were first called: most
 * of them.
 * @param {string} file
 * @param {string | undefined} folder
 * @returns {{ exports: Record<string, unknown>, keep: () => void }} `keep` writes what is compiled by now, unless it is there already
 * @throws what the file throws; SyntaxError
 */
export function runKept(file, folder) {
  const source = readFileSync(file, 'utf8').replace(/^#!.*/, '');
  const name = `${cachedDataVersionTag().toString(16)}-${createHash('sha256').update(source).digest('hex')}`;
  const at = folder && join(folder, name);
  const cachedData = at && read(at);
  const script = new Script(head + source + tail, {
    filename: file,
    columnOffset: -head.length,
    ...(cachedData && { cachedData }),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const module = new Module(file);
  module.filename = file;
  const require = createRequire(file);
  require.cache[file] = module;
  script.runInThisContext().call(module.exports, module.exports, require, module, file, dirname(file));
  module.loaded = true;
  const kept = cachedData && script.cachedDataRejected === false;
  return { exports: module.exports, keep: () => !at || kept || write(at, script.createCachedData()) };
}

/** @param {string} at */
function read(at) {
  let bytes;
  try {
    bytes = readFileSync(at);
  } catch {
    // Not there, or another process has just deleted it: the file is compiled as if nothing were kept.
    return;
  }
  const isWhole = bytes.length > checkBytes && bytes.readUInt32LE() === crc32(bytes.subarray(checkBytes));
  return isWhole ? bytes.subarray(checkBytes) : undefined;
}

/**
 * @param {string} at
 * @param {Buffer} data
 */
function write(at, data) {
  const check = Buffer.alloc(checkBytes);
  check.writeUInt32LE(crc32(data));
  try {
    mkdirSync(dirname(at), { recursive: true });
    // Whole at once: others read it meanwhile.
    const begun = `${at}.${process.pid}-${threadId}`;
    writeFileSync(begun, Buffer.concat([check, data]));
    renameSync(begun, at);
    clear(dirname(at));
  } catch {
    // Where nothing can be written the next start compiles again; no answer depends on it.
  }
}

/** @param {string} folder */
function clear(folder) {
  const newestFirst = readdirSync(folder)
    .map(name => join(folder, name))
    .map(path => ({ path, time: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.time - a.time);
  for (const { path } of newestFirst.slice(most)) rmSync(path, { force: true });
}
