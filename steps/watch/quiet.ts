import { type Heard, heardName, type Patience, quietOf } from '../../core/coverage/quiet.ts';
import { shortHash } from '../../core/hash.ts';
import { inParallel } from '../../core/parallel.ts';
import { compactMillis, hourMillis, isoSeconds } from '../../core/records/times.ts';
import type { Announcement, Announcer } from '../runtime/announcer.ts';
import type { HeardTable } from '../store/heard-table.ts';
import type { LedgerTable } from '../store/ledger-table.ts';

export interface QuietDependencies extends Patience {
  ledger: Pick<LedgerTable, 'accounts' | 'lastHour'>;
  heard: Pick<HeardTable, 'partners' | 'told' | 'isQuiet' | 'isQuietNoMore'>;
  announcer: Pick<Announcer, 'tell'>;
}

const queriesAtOnce = 16;

/**
 * Tells once of each account of the trail and each partner from which nothing comes any more, and again when something does.
 * Returns how many are quiet. A Query for each account of the trail.
 */
export async function watchQuiet(deps: QuietDependencies, now: Date): Promise<number> {
  const { heard, announcer, quietMinutes } = deps;
  if (quietMinutes === 0) return 0;
  const all = [...(await heardByFiles(deps)), ...(await heard.partners())];
  const quiet = quietOf(all, now, deps);
  const told = await heard.told();
  for (const each of quiet) {
    // Old files that still arrive, for example from a backfill, do not end the silence.
    if (told.has(heardName(each))) continue;
    // Send first, then note: a run that ends in between sends it again under the same ID.
    await announcer.tell(quietAnnouncement(each, quietMinutes));
    await heard.isQuiet(each);
  }
  const still = new Set(quiet.map(heardName));
  for (const [name, until] of told) {
    if (still.has(name)) continue;
    const again = all.find(each => heardName(each) === name);
    // A silence that is forgotten ends without a message: its start was reported.
    if (again && again.until > until) await announcer.tell(heardAgain(again, until));
    await heard.isQuietNoMore(name);
  }
  return quiet.length;
}

async function heardByFiles({ ledger }: QuietDependencies): Promise<Heard[]> {
  const found = await inParallel(await ledger.accounts(), queriesAtOnce, async account => {
    const hour = await ledger.lastHour(account);
    return hour === null ? [] : [{ by: 'trail' as const, account, until: endOf(hour) }];
  });
  return found.flat();
}

/** `2016040520` -> `2016-04-05T21:00:00Z`: a file may have come until then. */
function endOf(hour: string): string {
  return isoSeconds(compactMillis(`${hour.slice(0, 8)}T${hour.slice(8)}00Z`) + hourMillis);
}

const whom = ({ by, account }: Heard) =>
  by === 'trail' ? `log files of account ${account}` : `events of partner ${account}`;

function quietAnnouncement(heard: Heard, quietMinutes: number): Announcement {
  const { by, account, until } = heard;
  return {
    detailType: 'Account quiet',
    detail: { id: idOf(heardName(heard), until), by, account, lastHeard: until, quietMinutes },
    subject: `roletrail: no ${whom(heard)} any more`,
    message: [
      `There are no ${whom(heard)} any more: the last is of before ${until}, more than ${quietMinutes} minutes ago.`,
      '',
      by === 'trail'
        ? 'Is its trail stopped, or its bucket policy changed? What happens there meanwhile is not audited.'
        : 'Is its rule disabled, or its topic gone? A partner that assumes no role is quiet, too.',
      'When something comes again, a second message says so.',
    ].join('\n'),
  };
}

function heardAgain(heard: Heard, since: string): Announcement {
  const { by, account, until } = heard;
  const quietId = idOf(heardName(heard), since);
  return {
    detailType: 'Account heard again',
    detail: { id: `${quietId}-again`, quietId, by, account, quietSince: since, lastHeard: until },
    subject: `roletrail: again ${whom(heard)}`,
    message: `There are ${whom(heard)} again: the last is of before ${until}. They were missing since ${since}.`,
  };
}

function idOf(name: string, until: string): string {
  return `quiet-${shortHash([name, until])}`;
}
