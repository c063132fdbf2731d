import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningCloud } from '../../../local/state/announced.ts';
import { lockState } from '../../../local/state/lock.ts';
import { checkOwnFolder, ForeignFolder, makeOwnFolder } from '../../../local/state/own-folder.ts';

/** A user that is there on every system and is nobody's own: `nobody`. */
const somebodyElse = 65_534;
// Only root may give a folder to somebody else.
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const modeOf = (path: string) => statSync(path).mode & 0o777;

let folder: string;
let state: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roletrail-own-'));
  state = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder that is made is closed to all others, whatever the mask', () => {
  const mask = process.umask(0);
  try {
    makeOwnFolder(join(state, 'below'));
  } finally {
    process.umask(mask);
  }
  expect([modeOf(state), modeOf(join(state, 'below'))]).toEqual([0o700, 0o700]);
});

test('one that others could look into is closed to them', () => {
  mkdirSync(state, { mode: 0o755 });
  chmodSync(state, 0o755);

  lockState(state)();

  expect(modeOf(state)).toBe(0o700);
});

test.each([0o770, 0o707, 0o777, 0o720, 0o702, 0o1777])(
  'one of mode %d, which others may write, is refused',
  mode => {
    mkdirSync(state);
    chmodSync(state, mode);
    const why = `${state} may be written by other users (mode ${(mode & 0o777).toString(8)})`;

    for (const look of [checkOwnFolder, makeOwnFolder, lockState, runningCloud])
      expect(() => look(state)).toThrow(why);
    expect(modeOf(state)).toBe(mode & 0o777);
  },
);

asRoot('one that another user owns is refused (to be tried as root)', () => {
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(join(state, 'lock'), `${process.ppid}`);
  writeFileSync(join(state, 'running.json'), '{"endpoint":"http://127.0.0.1:1"}');
  chownSync(state, somebodyElse, somebodyElse);

  for (const look of [checkOwnFolder, makeOwnFolder, lockState, runningCloud])
    expect(() => look(state)).toThrow(`${state} belongs to user ${somebodyElse}, not to you`);
});

describe('a link', () => {
  const through = () => join(folder, 'link');

  test('that is one’s own is looked through', () => {
    mkdirSync(state, { mode: 0o700 });
    symlinkSync(state, through());
    checkOwnFolder(through());
    chmodSync(state, 0o777);

    expect(() => checkOwnFolder(through())).toThrow(`${through()} (${state}) may be written by other users`);
  });

  asRoot('to a folder of another user is refused (to be tried as root)', () => {
    mkdirSync(state, { mode: 0o700 });
    chownSync(state, somebodyElse, somebodyElse);
    symlinkSync(state, through());

    expect(() => checkOwnFolder(through())).toThrow(
      `${through()} (${state}) belongs to user ${somebodyElse}`,
    );
  });

  asRoot('that another user set is refused, whatever it leads to (to be tried as root)', () => {
    mkdirSync(state, { mode: 0o700 });
    symlinkSync(state, through());
    lchownSync(through(), somebodyElse, somebodyElse);

    expect(() => makeOwnFolder(through())).toThrow(ForeignFolder);
    expect(() => makeOwnFolder(through())).toThrow(
      `${through()} is a link that user ${somebodyElse} created`,
    );
  });
});

test('where there is no folder, nothing is wrong with it', () => {
  expect(() => checkOwnFolder(state)).not.toThrow();
  expect(runningCloud(state)).toBeNull();
});
