import { People } from '../../../cli/people/people.ts';
import { answer, hop, jsmith } from '../fixtures.ts';

const user = (onBehalfOf: string) => ({ ...jsmith, onBehalfOf });

describe('people', () => {
  test('are asked for once each, where nothing named them, wherever an answer shows them', async () => {
    const asked: (readonly string[])[] = [];
    const people = new People(new Map([['known', 'kim.ortiz']]), async ids => {
      asked.push(ids);
      return new Map(ids.filter(id => id !== 'gone').map(id => [id, `name of ${id}`]));
    });
    const shown = answer({
      origin: user('one'),
      chain: [
        hop('A', ['i2'], '2025-03-11T09:00:00Z', user('two')),
        hop('B', ['i1'], '2025-03-11T09:00:00Z', user('one')),
      ],
    });
    await Promise.all([people.meet([shown]), people.meet([shown, answer({ origin: user('known') })])]);
    await people.meet([shown, answer({ origin: user('gone') }), answer({ origin: null })]);
    await people.meet([answer({ origin: user('gone') })]);
    expect(asked).toEqual([['one', 'two'], ['gone']]);
    expect(people.namesIn(shown)).toEqual({ one: 'name of one', two: 'name of two' });
    expect(people.nameOf('gone')).toBeNull();
  });
});
