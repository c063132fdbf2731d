import { setImmediate } from 'node:timers/promises';
import { correlate } from '../../../core/linking/correlate.ts';
import { MemorySessionStore } from '../../../core/linking/memory-store.ts';
import type { CredentialAnswers } from '../../../core/linking/session-answer.ts';
import { hop, key } from './chain.ts';

const chain = [0, 1, 2, 3].map(hop);
const last = key(3);
const [first, ...others] = chain as [ReturnType<typeof hop>, ...ReturnType<typeof hop>[]];

const inOrder = new MemorySessionStore();
beforeAll(() => correlate(chain, inOrder));

/** Runs another execution when the last hop is read, after all that is read beside it, and answers with what that one leaves. */
class Overtaken extends MemorySessionStore {
  #other: (() => Promise<unknown>) | undefined;

  by(other: () => Promise<unknown>): void {
    this.#other = other;
  }

  override async read(credential: string) {
    const other = credential === last ? this.#other : undefined;
    if (other) {
      this.#other = undefined;
      await setImmediate();
      await other();
    }
    return super.read(credential);
  }
}

test('what another execution derived from newer facts is not replaced by what older ones say', async () => {
  // Given: one that has read all but the last hop when the chain’s beginning arrives and is settled
  const store = new Overtaken();
  let began: unknown;
  store.by(async () => {
    await correlate([first], store);
    began = (await store.read(last)).answers[0]?.origin?.userName;
  });
  // When
  await correlate(others, store);
  // Then
  expect(began).toBe('dana');
  expect(store.all()).toEqual(inOrder.all());
});

/** Dies at the write of an answer with this number. */
class Dying extends MemorySessionStore {
  dies = Number.POSITIVE_INFINITY;
  #writes = 0;

  override async replace(credential: string, seen: CredentialAnswers, next: CredentialAnswers) {
    if (this.#writes === this.dies) throw new Error('the execution is gone');
    this.#writes += 1;
    return super.replace(credential, seen, next);
  }

  get writes(): number {
    return this.#writes;
  }
}

test('whichever write of an answer an execution dies at, the same delivery again ends in the whole answer', async () => {
  const counting = new Dying();
  await correlate(others, counting);
  const before = counting.writes;
  await correlate([first], counting);
  expect(counting.writes - before).toBe(chain.length);
  for (let at = before; at < counting.writes; at += 1) {
    // Given
    const store = new Dying();
    await correlate(others, store);
    store.dies = at;
    await expect(correlate([first], store)).rejects.toThrow('the execution is gone');
    // When
    store.dies = Number.POSITIVE_INFINITY;
    await correlate([first], store);
    // Then
    expect([at, store.all()]).toEqual([at, inOrder.all()]);
  }
});
