import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { peopleOf } from '../../../cli/commands/names.ts';
import { clearState } from '../../../cli/deployment/local-cloud.ts';
import { UsageError } from '../../../cli/failure.ts';
import { askIdentityStore, askIdentityStoreForIds } from '../../../cli/people/identity-store.ts';
import { keepNames, keptNames } from '../../../cli/people/kept-names.ts';
import { People } from '../../../cli/people/people.ts';
import { Screen } from '../../../cli/views/text/screen.ts';
import { type IdentityStore, identityStore } from './identity-store-fixture.ts';

const kim = '94482488-3041-7033-8f2e-4c1e9a7b0d11';
const lee = '906715a2b3-1b2c3d4e-5f60-4718-92a3-b4c5d6e7f809';
const gone = '00000000-3041-7033-8f2e-4c1e9a7b0d11';
const store = 'd-1234567890';

let state: string;
let running: IdentityStore | undefined;
let said: string[];

beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  state = join(mkdtempSync(join(tmpdir(), 'roletrail-store-')), 'state');
  said = [];
});
afterEach(() => {
  running?.close();
  rmSync(join(state, '..'), { recursive: true });
});

const asking = () => askIdentityStore({ store, region: 'eu-west-1', state, say: text => said.push(text) });
const kept = () => join(state, `names-${store}.json`);

describe('an identity store', () => {
  test('says names, which are kept for this user alone, and is not asked for them again', async () => {
    running = await identityStore({ [kim]: 'kim.ortiz', [lee]: 'lee' });
    expect(await asking()([kim])).toEqual(new Map([[kim, 'kim.ortiz']]));
    expect(statSync(kept()).mode & 0o777).toBe(0o600);
    expect(await asking()([kim, lee])).toEqual(
      new Map([
        [kim, 'kim.ortiz'],
        [lee, 'lee'],
      ]),
    );
    expect(running.asked).toEqual([`${store} ${kim} eu-west-1`, `${store} ${lee} eu-west-1`]);
    expect(said).toEqual([]);
  });

  // Identity store API reference, GetUserId: "the only valid paths are userName and emails.value"
  test('says whose id a name is; an ARN, a key, and an id are asked for nowhere', async () => {
    running = await identityStore({ [kim]: 'kim.ortiz' });
    const people = new People(
      new Map(),
      null,
      askIdentityStoreForIds({ store, region: 'eu-west-1', say: text => said.push(text) }),
    );
    expect(await people.idsOf('Kim.Ortiz', 5)).toEqual([kim]);
    expect(await people.idsOf('nobody', 5)).toEqual([]);
    const asked = running.asked.length;
    for (const other of ['arn:aws:iam::111111111111:user/jsmith', lee, 'ASIAJJQOJ64OAM7C65AA'])
      expect(await people.idsOf(other, 5)).toEqual([]);
    expect(running.asked).toHaveLength(asked);
    expect(said).toEqual([]);
  });

  test('that refuses to say whose id a name is finds nobody, and why is said', async () => {
    running = await identityStore({ refuses: 'AccessDeniedException' });
    const ask = askIdentityStoreForIds({ store, region: 'eu-west-1', say: text => said.push(text) });
    expect(await ask('kim.ortiz')).toEqual([]);
    expect(said).toEqual([
      `users are not looked up by name, because the identity store ${store} did not answer: AccessDeniedException: it says no`,
    ]);
  });

  test('that does not know a user is asked on, and says so once', async () => {
    running = await identityStore({ [kim]: 'kim.ortiz' });
    const ask = asking();
    expect(await ask([gone, lee])).toEqual(new Map());
    expect(await ask([kim])).toEqual(new Map([[kim, 'kim.ortiz']]));
    expect(said).toEqual([`the identity store ${store} does not know ${gone}: these users are shown by ID`]);
  });

  test.each([
    ['AccessDeniedException', undefined],
    ['ResourceNotFoundException', 'IDENTITY_STORE'],
  ])('that answers %s is not asked again, and why is said once', async (refuses, resource) => {
    running = await identityStore({ refuses, ...(resource && { resource }) });
    const ask = asking();
    expect(await ask([kim])).toEqual(new Map());
    expect(await ask([lee, gone])).toEqual(new Map());
    expect(running.asked).toHaveLength(1);
    expect(said).toEqual([
      `users are shown by ID, because the identity store ${store} did not answer: ${refuses}: it says no`,
    ]);
  });

  test('is not asked for what is not a user id', async () => {
    running = await identityStore({});
    expect(await asking()(['HIDDEN_DUE_TO_SECURITY_REASONS', '__proto__'])).toEqual(new Map());
    expect(running.asked).toEqual([]);
  });
});

describe('kept names', () => {
  test('are forgotten after a week, and a broken file is none', () => {
    keepNames(state, store, new Map([[kim, 'kim.ortiz']]), new Date('2025-03-01T00:00:00Z'));
    keepNames(state, store, new Map([[lee, 'lee']]), new Date('2025-03-07T00:00:00Z'));
    expect(keptNames(state, store, new Date('2025-03-07T12:00:00Z')).size).toBe(2);
    expect(keptNames(state, store, new Date('2025-03-09T00:00:00Z'))).toEqual(new Map([[lee, 'lee']]));
    expect(keptNames(state, 'd-0000000000').size).toBe(0);
    writeFileSync(kept(), `{"${kim}": {"name": 7}, "`);
    expect(keptNames(state, store).size).toBe(0);
    writeFileSync(kept(), `{"${kim}": {"name": 7}, "${lee}": "lee"}`);
    expect(keptNames(state, store).size).toBe(0);
  });

  test('do not make a state folder somebody else’s, and a folder that cannot be written keeps none', () => {
    keepNames(state, store, new Map([[kim, 'kim.ortiz']]));
    expect(readFileSync(kept(), 'utf8')).toContain('kim.ortiz');
    keepNames(join(kept(), 'below'), store, new Map([[kim, 'kim.ortiz']]));
    expect(() => clearState(state)).not.toThrow();
  });
});

describe('asking', () => {
  const screen = new Screen({ write: () => true }, { write: () => true }, false);
  const asked = { askIdentityStore: { id: store, region: null } };

  test('goes with a deployed stack only', async () => {
    await expect(peopleOf({ ...asked, target: 'local', state, outputs: 'none' }, screen)).rejects.toThrow(
      UsageError,
    );
    await expect(peopleOf(asked, screen)).rejects.toThrow('--ask-identity-store needs --target aws');
  });
});
