import {
  GetUserIdCommand,
  type IdentitystoreClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-identitystore';
import type { AskIds } from './people.ts';
import { isUserId } from './people.ts';

/** What a person may be looked up by there: "the only valid paths are userName and emails.value" (Identity store API reference, GetUserId). */
const paths = ['userName', 'emails.value'];

/** Names and mails there have up to 128 and 1,024 characters (Identity store API reference, User, Email); what has a colon is an ARN or an id. */
const nameLike = /^[^:\s]{1,1024}$/;
const uniqueId = /^A[A-Z]{3}[A-Z0-9]{12,}$/;

/** Ids of users, of events, of keys and principals are not names: nobody is asked for them. */
function mayBeName(text: string): boolean {
  return nameLike.test(text) && !isUserId(text) && !uniqueId.test(text);
}

/**
 * Asks Identity Center's store for the users with a name or a mail (GetUserId, a permission beside DescribeUser's). `failed` takes what
 * it refuses with; then nobody is found.
 */
export function askUserIds(
  client: IdentitystoreClient,
  store: string,
  failed: (error: unknown) => void,
): AskIds {
  return async name => {
    if (!mayBeName(name)) return [];
    const ids = new Set<string>();
    for (const AttributePath of paths) {
      try {
        const UniqueAttribute = { AttributePath, AttributeValue: name };
        const found = await client.send(
          new GetUserIdCommand({ IdentityStoreId: store, AlternateIdentifier: { UniqueAttribute } }),
        );
        if (found.UserId) ids.add(found.UserId);
      } catch (error) {
        if (error instanceof ResourceNotFoundException && error.ResourceType !== 'IDENTITY_STORE') continue;
        failed(error);
        break;
      }
    }
    return [...ids];
  };
}
