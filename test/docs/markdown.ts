import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const project = join(import.meta.dirname, '..', '..');

/** Paths of the project's markdown files, from its folder. */
export function markdownFiles(): string[] {
  return globSync(['*.md', '{.github,bench,docs,samples}/**/*.md'], { cwd: project }).sort();
}

export function textOf(file: string): string {
  return readFileSync(join(project, file), 'utf8');
}

/** Targets of a text's links and pictures that lead into the project, as written: `docs/a.md#part`. */
export function relativeLinks(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter(target => !/^[a-z]+:/.test(target));
}

/** Anchors of a text's headings, as GitHub makes them: `What is not known, and said` -> `what-is-not-known-and-said` */
export function anchorsOf(markdown: string): Set<string> {
  return new Set(
    [...withoutCode(markdown).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Command lines of `roletrail` in a text, in code blocks and spans: the words behind its name. */
export function roletrailCommands(markdown: string): string[][] {
  const spans = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  const blocks = [...markdown.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) =>
    code.split('\n'),
  );
  return [...spans, ...blocks]
    .map(line => /^(?:npx )?roletrail ([a-z].*)$/.exec(line.trim())?.[1])
    .filter(words => words !== undefined)
    .map(words => words.split(/\s+/));
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}
