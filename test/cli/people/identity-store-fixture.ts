import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IdentityStore {
  /** ids that were asked for, with the store's and the region of the signature */
  asked: string[];
  close(): void;
}

/** An identity store as the SDK's client finds it, by its environment; `users`: names by id, or how it refuses. */
export async function identityStore(
  users: Record<string, string> | { refuses: string; resource?: string },
): Promise<IdentityStore> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', part => {
      body += part;
    });
    request.on('end', () => {
      const { IdentityStoreId, UserId: given, AlternateIdentifier } = JSON.parse(body);
      const wanted = AlternateIdentifier?.UniqueAttribute;
      // Names there are compared without regard to case.
      const ids = Object.entries(users).filter(
        ([, known]) =>
          wanted?.AttributePath === 'userName' && known.toLowerCase() === wanted.AttributeValue.toLowerCase(),
      );
      const UserId = wanted ? (ids[0]?.[0] ?? `${wanted.AttributePath}=${wanted.AttributeValue}`) : given;
      const [region] = /[a-z0-9-]+(?=\/identitystore)/.exec(request.headers.authorization ?? '') ?? [];
      asked.push(`${IdentityStoreId} ${UserId} ${region}`);
      const name = (users as Record<string, string>)[UserId];
      const error =
        'refuses' in users ? users.refuses : name === undefined ? 'ResourceNotFoundException' : null;
      response.statusCode = error ? 400 : 200;
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(
        JSON.stringify(
          error
            ? {
                __type: error,
                Message: 'it says no',
                ResourceType: 'resource' in users ? users.resource : 'USER',
              }
            : { IdentityStoreId, UserId, UserName: name },
        ),
      );
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_IDENTITYSTORE: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
  return {
    asked,
    close: () => {
      delete process.env.AWS_ENDPOINT_URL_IDENTITYSTORE;
      server.closeAllConnections();
      server.close();
    },
  };
}
