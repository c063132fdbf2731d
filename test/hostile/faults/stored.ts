import type { Published } from '@roletrail/local';
import { evidenceOf } from '../../../steps/store/evidence-item.ts';
import { nameItems } from '../../../steps/store/name-item.ts';
import { answerOf, answerPrefix } from '../../../steps/store/session-item.ts';
import type { Item } from '../scan.ts';
import type { Stack } from '../stack.ts';

/**
 * When something was noted, and by which execution; what a digest was signed with; the earliest record of a file, which is looked
 * for in the first file of each place of a batch. Differs from run to run.
 */
const differs = ['at', 'execution', 'noticedAt', 'alertedAt', 'explainedAt', 'hash', 'signature', 'earliest'];

/**
 * All that is stored, but for which execution wrote it and when: a line each. Of the names, those that find an answer: which others an
 * answer was found by before it was known whole depends on the order that things came in, and is passed over by who asks.
 */
export async function storedIn(stack: Stack): Promise<string[]> {
  const [evidence = [], sessions = [], ledger = []] = await stack.items();
  const lines = [
    ...evidence.map(item => {
      const { record: _, ...others } = item as Item;
      // An event that came in a file and as a message is evidence from whichever was first.
      const {
        execution: __,
        source: ___,
        record: text,
        ...told
      } = evidenceOf(item as Parameters<typeof evidenceOf>[0]);
      const record: unknown = JSON.parse(text);
      return { ...others, told, record };
    }),
    ...[...withoutFormerNames(sessions as Item[]), ...ledger].map(item =>
      Object.fromEntries(
        Object.entries(item)
          .filter(([name]) => !differs.includes(name))
          .map(([name, value]) => [name, withoutHash(value)]),
      ),
    ),
  ];
  return lines.map(line => JSON.stringify(sorted(line))).sort();
}

function withoutFormerNames(sessions: readonly Item[]): Item[] {
  const answers = Map.groupBy(
    sessions.filter(({ item }) => item?.S?.startsWith(answerPrefix)),
    ({ credential }) => credential?.S ?? '',
  );
  const finding = [...answers].flatMap(([credential, items]) =>
    nameItems(credential, {
      answers: items.map(item => answerOf(item as Parameters<typeof answerOf>[0]).answer),
    }),
  );
  const nameOf = ({ credential, item }: Partial<Record<string, { S?: string | undefined }>>) =>
    `${credential?.S} ${item?.S}`;
  const names = new Set(finding.map(item => nameOf(item as Item)));
  const isName = ({ credential }: Item) => /^(?:name#|ids#|days$)/.test(credential?.S ?? '');
  return sessions.filter(item => !isName(item) || names.has(nameOf(item)));
}

/** The name of a digest's item without the hash of its signature and findings. */
function withoutHash(value: Item[string]): Item[string] {
  return value.S ? { S: value.S.replace(/^(\d{8}T\d{6}Z)#[0-9a-f]{16}$/, '$1') } : value;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** What was told over both ways, by the ids that consumers hold on to: how often each. */
export function toldIn(published: readonly Published[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of published) {
    const id =
      entry.service === 'events'
        ? String((entry.event.detail as { id?: unknown }).id)
        : (/^id: (.*)$/m.exec(entry.message)?.[1] ?? 'a message without an id');
    const told = `${entry.service} ${id}`;
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return counts;
}
