import {
  DescribeUserCommand,
  IdentitystoreClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-identitystore';
import { inParallel } from '../../core/parallel.ts';
import { bounded } from '../../steps/runtime/clients.ts';
import { sentence } from '../failure.ts';
import { keepNames, keptNames } from './kept-names.ts';
import type { AskIds, AskNames } from './people.ts';
import { isUserId } from './people.ts';
import { askUserIds } from './user-ids.ts';

export interface Asked {
  /** `d-1234567890` */
  store: string;
  region: string;
  /** the state folder: names are kept there, so that the next command does not ask again */
  state: string;
  /** takes the sentence that says why ids are shown */
  say: (text: string) => void;
}

/** The store answers 20 requests a second over all callers (Identity Center guide, quotas). */
const atOnce = 4;

/**
 * Asks Identity Center's store who its users are (DescribeUser). Once it has refused, or was not reached, nothing more is
 * asked. Why ids are shown is said once for each reason.
 */
export function askIdentityStore({ store, region, state, say }: Asked): AskNames {
  const client = new IdentitystoreClient({ ...bounded, region });
  let closed = false;
  let unknownSaid = false;
  const nameOf = async (userId: string): Promise<string | null> => {
    try {
      const user = await client.send(new DescribeUserCommand({ IdentityStoreId: store, UserId: userId }));
      return user.UserName ?? user.DisplayName ?? null;
    } catch (error) {
      if (error instanceof ResourceNotFoundException && error.ResourceType !== 'IDENTITY_STORE') return null;
      if (!closed)
        say(`users are shown by ID, because the identity store ${store} did not answer: ${sentence(error)}`);
      closed = true;
      return null;
    }
  };
  return async userIds => {
    const names = keptNames(state, store);
    // Others it would refuse, and logs may have anything there.
    const strangers = userIds.filter(id => isUserId(id) && !names.has(id));
    const learned = new Map<string, string>();
    await inParallel(strangers, atOnce, async id => {
      const name = closed ? null : await nameOf(id);
      if (name !== null) learned.set(id, name);
    });
    const unknown = strangers.find(id => !learned.has(id));
    if (unknown && !closed && !unknownSaid) {
      say(`the identity store ${store} does not know ${unknown}: these users are shown by ID`);
      unknownSaid = true;
    }
    if (learned.size > 0) keepNames(state, store, learned);
    return new Map([...names, ...learned]);
  };
}

/** Asks the same store for the ids of users by their name or mail, and says why it finds nobody where it refuses. */
export function askIdentityStoreForIds({ store, region, say }: Omit<Asked, 'state'>): AskIds {
  return askUserIds(new IdentitystoreClient({ ...bounded, region }), store, error =>
    say(
      `users are not looked up by name, because the identity store ${store} did not answer: ${sentence(error)}`,
    ),
  );
}
