import { CommanderError } from 'commander';
import { productionOutputs } from '../../cli/deployment/outputs.ts';
import { buildProgram } from '../../cli/program.ts';
import { timeIn } from '../../cli/queries/arguments.ts';

/** Parses a command line without running anything: what was said to the user, and how it ended. */
async function parse(...words: string[]): Promise<{ said: string; error: unknown; ran: number }> {
  let said = '';
  let ran = 0;
  const program = await buildProgram(
    async () => {
      ran += 1;
    },
    text => {
      said += text;
    },
  );
  const error = await program.parseAsync(words, { from: 'user' }).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { said: said.trim(), error, ran };
}

describe('wrong usage', () => {
  test.each([
    [['bogus'], "unknown command 'bogus'"],
    [['replay'], "missing required argument 'path'"],
    [['replay', 'x', '--bogus'], "unknown option '--bogus'"],
    [['replay', 'x', '--target', 'moon'], 'Allowed choices are local, aws'],
    [['replay', 'x', '--roles', ''], 'Expected the name or ARN of a role, or *.'],
    [['executions', '--limit', '0'], 'Expected a whole number from 1 to 10000.'],
    [['executions', '--limit', 'ten'], 'Expected a whole number from 1 to 10000.'],
    [['executions', '--status', 'BROKEN'], 'RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED'],
    [['sessions', '--since', 'yesterday'], 'Expected a date or a time, e.g. 2025-03-11'],
    [['who', 'x', '--ask-identity-store', 'mine'], 'Expected d-1234567890 or d-1234567890@eu-west-1'],
    [['who'], "missing required argument 'subject'"],
    [['who', 'one', 'two'], 'too many arguments'],
    [['inspect'], "missing required argument 'execution'"],
  ])('%j says what is wrong in one line and runs nothing', async (words, sentence) => {
    const { said, error, ran } = await parse(...words);
    expect(said).toContain(sentence);
    expect(error).toBeInstanceOf(CommanderError);
    expect(error).toMatchObject({ exitCode: 1 });
    expect(ran).toBe(0);
  });

  test.each([
    [['start']],
    [['replay', 'a', 'b', '--roles', '*', '--out', 'x', '--fresh']],
    [['executions', '--status', 'failed', '--limit', '3', '--json']],
    [['inspect', 'name', '--full', '--target', 'aws', '--outputs', 'o.json']],
    [['who', 'ASIA', '--state', 's', '--names', 'users.csv']],
    [['console', '--target', 'aws', '--ask-identity-store', 'd-1234567890@us-gov-west-1']],
    [['sessions', '--unlinked', '--since', '2025-03-11']],
  ])('%j is understood', async words => {
    expect(await parse(...words)).toEqual({ said: '', error: null, ran: 1 });
  });

  test('every command shows examples with --help', async () => {
    for (const command of [
      'start',
      'replay',
      'executions',
      'inspect',
      'who',
      'sessions',
      'refused',
      'console',
      'evidence',
      'init',
    ]) {
      const written: string[] = [];
      const write = jest
        .spyOn(process.stdout, 'write')
        .mockImplementation(text => written.push(String(text)) > 0);
      const { error } = await parse(command, '--help');
      write.mockRestore();
      expect(error).toMatchObject({ exitCode: 0 });
      expect(written.join('')).toMatch(/Examples:\n {2}\$ /);
    }
  });
});

describe('times', () => {
  test.each([
    ['2025-03-11', '2025-03-11T00:00:00Z'],
    ['2025-03-11T09:30', '2025-03-11T09:30:00Z'],
    ['2025-03-11 09:30:05', '2025-03-11T09:30:05Z'],
    ['2025-03-11T09:30:05Z', '2025-03-11T09:30:05Z'],
  ])('%s is UTC', (text, time) => {
    expect(timeIn(text)).toBe(time);
  });

  test('a day that does not exist is refused', () => {
    expect(() => timeIn('2025-13-11')).toThrow('Expected a date or a time');
  });
});

describe("the stack's outputs", () => {
  const whole = {
    StateMachineArn: 'arn:aws:states:us-east-1:999999999999:stateMachine:x',
    TrailBucketName: 'trail',
    WorkBucketName: 'work',
    EvidenceTableName: 'e',
    SessionsTableName: 's',
    LookupsTableName: 'u',
    LedgerTableName: 'l',
    GraceMinutes: '60',
    RetentionDays: 'unlimited',
    TrailQueueUrl: 'https://sqs.us-east-1.amazonaws.com/999999999999/trail',
    PartnerQueueUrl: 'https://sqs.us-east-1.amazonaws.com/999999999999/partner',
    PartnerTopicName: 'roletrail-assume-role',
    AuditedRoles: '["Deploy"]',
    TrailAccounts: '["999999999999"]',
  };

  test('are those of the one stack with a state machine', () => {
    expect(productionOutputs({ partner: { TopicArn: 't' }, roletrail: whole }, 'outputs.json')).toEqual(
      whole,
    );
  });

  test('a missing one is named', () => {
    const { WorkBucketName: _, ...rest } = whole;
    expect(() => productionOutputs({ roletrail: rest }, 'outputs.json')).toThrow(
      'outputs.json lacks the outputs WorkBucketName',
    );
    const { GraceMinutes: __, ...older } = whole;
    expect(() => productionOutputs({ roletrail: older }, 'outputs.json')).toThrow(
      'outputs.json lacks the outputs GraceMinutes: deploy this version',
    );
    expect(() => productionOutputs({ roletrail: { ...whole, GraceMinutes: '1h' } }, 'outputs.json')).toThrow(
      'the output GraceMinutes is not a number of minutes: 1h',
    );
    expect(() => productionOutputs({ roletrail: { ...whole, RetentionDays: '' } }, 'outputs.json')).toThrow(
      'the output RetentionDays is neither a number of days nor "unlimited"',
    );
    expect(() => productionOutputs({ partner: {} }, 'outputs.json')).toThrow(
      'no stack with the output StateMachineArn',
    );
    expect(() => productionOutputs({ a: whole, b: whole }, 'outputs.json')).toThrow('has 2 stacks');
  });
});
