import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { project } from './project.ts';

/** Compiles the project's files to JavaScript with types, below `outDir` as they lie below `root`. Throws for code that does not compile. */
export function compile(files: readonly string[], root: string, outDir: string): void {
  const config = join(dirname(outDir), 'tsconfig.json');
  const options = {
    extends: relative(dirname(config), join(project, 'tsconfig.json')),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      allowImportingTsExtensions: false,
      allowJs: false,
      types: ['node'],
      typeRoots: [join(project, 'node_modules', '@types')],
      rootDir: root,
      outDir,
    },
    files,
    include: [],
  };
  writeFileSync(config, JSON.stringify(options));
  const tsc = join(project, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', config], { encoding: 'utf8' });
  rmSync(config);
  if (status !== 0) throw new Error(`${files.join(', ')}: the code does not compile:\n${stdout}`);
}
