import manifest from '../../../package.json' with { type: 'json' };
import { customUserAgent } from '../../../steps/runtime/clients.ts';
import { version } from '../../../steps/runtime/version.ts';

test('the version is that of the package, and every client of a function says it', () => {
  expect(version).toBe(manifest.version);
  expect(customUserAgent).toEqual([['roletrail', manifest.version]]);
});
