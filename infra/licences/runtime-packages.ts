/** What is read of a lock file (version 3): a package's place -> what is installed there. */
export interface Lock {
  packages: Record<
    string,
    {
      version?: string;
      license?: string;
      dev?: boolean;
      integrity?: string;
      inBundle?: boolean;
      /** a workspace of the project's own */
      link?: boolean;
    }
  >;
}

export interface Installed {
  name: string;
  version: string;
  licence: string | null;
  /** it is part of another package's archive, whose hash stands for it */
  bundled: boolean;
  integrity: string | null;
}

/** The packages of a lock file that come from elsewhere and are not for development only, by name. */
export function runtimePackages({ packages }: Lock): Installed[] {
  return Object.entries(packages)
    .filter(([place, { dev, link }]) => place.includes('node_modules/') && !dev && !link)
    .map(([place, { version, license, integrity, inBundle }]) => ({
      name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: version ?? '',
      licence: license ?? null,
      bundled: inBundle ?? false,
      integrity: integrity ?? null,
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

// Permissive: they ask for a notice at most. SPDX identifiers.
const permissive = new Set([
  ...['Apache-2.0', 'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0'],
]);

/** Whether an SPDX expression leaves a permissive choice: one of an OR, all of an AND. None stated: no. */
export function isPermissive(expression: string | null): boolean {
  if (expression === null) return false;
  const words = expression.replaceAll(/[()]/g, ' ').trim().split(/\s+/);
  const mixed = words.includes('OR') && words.includes('AND');
  // No package has such an expression; a new one needs a decision.
  if (mixed) return false;
  const names = words.filter(word => word !== 'OR' && word !== 'AND');
  return words.includes('OR')
    ? names.some(name => permissive.has(name))
    : names.every(name => permissive.has(name));
}
