import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Concurrency } from '../../../../local/services/lambda/concurrency.ts';
import { functionEnvironment } from '../../../../local/services/lambda/environment.ts';
import { LambdaFunction } from '../../../../local/services/lambda/function.ts';
import { WarmPool } from '../../../../local/services/lambda/warm-pool.ts';
import { temporaryFolder } from '../../assembly-fixture.ts';

// To fill a sandbox's memory takes a second of the processor: a busy machine has other things to do as well.

const handlers = {
  echo: 'async (event, context) => ({ event, calls: ++calls, name: context.functionName, left: context.getRemainingTimeInMillis() })',
  environment: 'async () => ({ ...process.env })',
  fail: "async () => { const e = new Error('not now'); e.name = 'TransientError'; throw e; }",
  text: "async () => { throw 'a text'; }",
  exit: 'async event => process.exit(event.code)',
  hang: 'async () => new Promise(() => setInterval(() => {}, 1000))',
  spin: 'async () => { for (;;); }',
  forget:
    "async () => { Promise.reject(new Error('forgotten')); await new Promise(() => setInterval(() => {}, 1000)); }",
  log: "async () => { console.log('one'); console.error('two'); }",
  large: "async () => 'x'.repeat(7_000_000)",
  grow: 'async () => { const all = []; for (;;) all.push(new Array(10_000).fill(1).map(() => ({}))); }',
  nothing: 'async () => {}',
  traced:
    'async ({ stays = true }) => (stays ? process.env._X_AMZN_TRACE_ID : new Promise(() => setInterval(() => {}, 1000)))',
  callback: '(event, context, callback) => callback(null, 1)',
};

const folder = temporaryFolder();
const code = Object.entries(handlers).map(([name, text]) => `exports.${name} = ${text};`);
writeFileSync(join(folder, 'index.js'), `let calls = 0;\n${code.join('\n')}`);
writeFileSync(join(folder, 'broken.js'), "throw new RangeError('at load');");
writeFileSync(join(folder, 'syntax.js'), 'exports.handler = (;');
writeFileSync(join(folder, 'incomplete.js'), "require('not-bundled');");
writeFileSync(join(folder, 'module.mjs'), 'export const handler = async () => import.meta.url.length > 0;');

const open: LambdaFunction[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

function deploy(
  handler: string,
  options: { timeout?: number; concurrency?: number; folder?: string; compiled?: string } = {},
  pool?: WarmPool,
  account?: Concurrency,
) {
  const lines: string[] = [];
  const spec = {
    name: 'Step',
    arn: 'arn:aws:lambda:eu-west-1:111122223333:function:Step',
    roleArn: 'arn:aws:iam::111122223333:role/Step',
    folder,
    handler,
    memoryMegabytes: 128,
    timeout: 20,
    environment: { ONE: '1' },
    concurrency: 2,
    ...options,
  };
  const deployed = new LambdaFunction(spec, line => lines.push(line), pool, account);
  open.push(deployed);
  const invoke = async (event: unknown = {}) => {
    const result = await deployed.invoke(JSON.stringify(event));
    return { ...result, answer: JSON.parse(result.payload) };
  };
  return { deployed, invoke, lines };
}

test('an account that runs all it may throttles every function, until one has ended', async () => {
  const account = new Concurrency(1);
  const first = deploy('index.hang', {}, undefined, account);
  const second = deploy('index.echo', {}, undefined, account);
  const running = first.invoke();
  await expect(second.invoke()).rejects.toMatchObject({ code: 'TooManyRequestsException', status: 429 });
  first.deployed.kill('memory');
  await running;
  expect((await second.invoke({ n: 1 })).answer.event).toEqual({ n: 1 });
  expect(account.throttled).toBe(1);
});

test('answers with what the handler returns, from a sandbox that stays warm', async () => {
  const { invoke } = deploy('index.echo');

  const first = await invoke({ a: 1 });
  const second = await invoke({ a: 2 });

  expect(first.functionError).toBeUndefined();
  expect(first.answer).toMatchObject({ event: { a: 1 }, calls: 1, name: 'Step' });
  expect(first.answer.left).toBeGreaterThan(0);
  expect(second.answer).toMatchObject({ event: { a: 2 }, calls: 2 });
});

test('what is loaded ahead serves the first invocation, also one that comes while it loads', async () => {
  const began = join(temporaryFolder(), 'began');
  mkdirSync(began);
  // Each load leaves a file.
  const text = `require('node:fs').mkdtempSync(${JSON.stringify(join(began, 'one-'))}); exports.handler = async () => 'loaded';`;
  writeFileSync(join(folder, 'counted.js'), text);
  const { deployed, invoke } = deploy('counted.handler');
  const loading = deployed.load();
  expect((await invoke()).answer).toBe('loaded');
  await loading;
  await deployed.load();
  expect((await invoke()).answer).toBe('loaded');
  expect(readdirSync(began)).toHaveLength(1);
});

test('what cannot be loaded ahead says so when it is invoked', async () => {
  const { deployed, invoke } = deploy('broken.handler');
  await deployed.load();
  expect((await invoke()).answer).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' });
});

test('two invocations at once share a sandbox that is soon free, and do not wait for one that is not', async () => {
  const quick = deploy('index.echo');
  const both = await Promise.all([quick.invoke(), quick.invoke()]);
  expect(both.map(({ answer }) => answer.calls)).toEqual([1, 2]);

  const slow = deploy('index.traced');
  const hanging = slow.invoke({ stays: false });
  const { answer } = await slow.invoke();
  expect(answer).toContain('Root=');
  slow.deployed.kill('memory');
  expect((await hanging).functionError).toBe('Unhandled');
});

test('a handler that returns nothing answers null; an ES module is loaded as one', async () => {
  expect((await deploy('index.nothing').invoke()).payload).toBe('null');
  expect((await deploy('module.handler').invoke()).answer).toBe(true);
});

test('what V8 compiled of a function is found by its next start, and no other function’s is', async () => {
  const [packages, compiled] = [temporaryFolder(), join(temporaryFolder(), 'compiled')];
  const kept = () =>
    readdirSync(compiled).map(name => ({ name, text: readFileSync(join(compiled, name), 'latin1') }));
  const invoke = async (asset: string) => {
    const { deployed, invoke } = deploy('index.handler', { folder: join(packages, asset), compiled });
    const { answer } = await invoke();
    // It is written after the first answer.
    await deployed.close();
    return answer;
  };
  const write = (asset: string, returned: string) => {
    mkdirSync(join(packages, asset));
    const text = `exports.handler = async () => later();\nfunction later() { return '${returned}'; }`;
    writeFileSync(join(packages, asset, 'index.js'), text);
  };
  write('asset.1', 'from one');
  expect(await invoke('asset.1')).toBe('from one');
  const [first, ...others] = kept();
  expect(others).toEqual([]);
  // With what was compiled only when it was first called.
  expect(first?.text).toContain('from one');
  expect(await invoke('asset.1')).toBe('from one');
  expect(kept()).toEqual([first]);

  // Another package of the same length has its own, which V8 alone would not tell apart.
  write('asset.2', 'from two');
  expect(await invoke('asset.2')).toBe('from two');
  expect(kept()).toHaveLength(2);

  // What is damaged is not run, and is written again.
  const at = join(compiled, `${first?.name}`);
  const damaged = readFileSync(at);
  damaged.writeUInt8(damaged.readUInt8(damaged.length >> 1) ^ 1, damaged.length >> 1);
  for (const bytes of [damaged, damaged.subarray(0, 1000), Buffer.alloc(0)]) {
    writeFileSync(at, bytes);
    expect(await invoke('asset.1')).toBe('from one');
    expect(readFileSync(at).equals(bytes)).toBe(false);
  }

  // Versions that are gone do not fill the disk.
  for (let n = 0; n < 40; n += 1) writeFileSync(join(compiled, `old-${n}`), 'old');
  write('asset.3', 'from six');
  expect(await invoke('asset.3')).toBe('from six');
  expect(kept()).toHaveLength(32);
  expect(kept().some(({ text }) => text.includes('from six'))).toBe(true);
});

test('where nothing can be kept of what V8 compiled, functions run all the same', async () => {
  const compiled = join(folder, 'index.js');
  const { deployed, invoke } = deploy('index.echo', { compiled });
  expect((await invoke({ n: 1 })).answer).toMatchObject({ calls: 1 });
  await deployed.close();
  expect(readFileSync(compiled, 'utf8')).toContain('exports.echo');
});

test('a package is CommonJS unless it says otherwise, whatever lies above it', async () => {
  const above = temporaryFolder();
  writeFileSync(join(above, 'package.json'), '{"type": "module"}');
  const inside = join(above, 'asset.1');
  mkdirSync(inside);
  writeFileSync(join(inside, 'index.js'), 'exports.handler = async () => typeof module;');

  const invoke = () => deploy('index.handler', { folder: inside }).invoke();
  expect((await invoke()).answer).toBe('object');

  writeFileSync(join(inside, 'package.json'), '{"type": "module"}');
  writeFileSync(join(inside, 'index.js'), 'export const handler = async () => typeof module;');
  expect((await invoke()).answer).toBe('undefined');
});

test('sees its own environment only', async () => {
  process.env.AWS_PROFILE = 'someone';

  const { answer } = await deploy('index.environment').invoke();

  delete process.env.AWS_PROFILE;
  expect(Object.keys(answer).sort()).toEqual(['ONE', '_X_AMZN_TRACE_ID']);
});

test('the environment is what Lambda gives beside the function’s own variables', () => {
  const environment = functionEnvironment({
    functionName: 'Step',
    handler: 'index.handler',
    memoryMegabytes: 256,
    folder: '/package',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:4566',
    credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' },
    runtime: 'nodejs24.x',
    variables: { WORK_BUCKET: 'work', AWS_REGION: 'elsewhere' },
  });

  expect(environment).toMatchObject({
    WORK_BUCKET: 'work',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE',
    AWS_SESSION_TOKEN: 'token',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    _HANDLER: 'index.handler',
  });
});

test.each([
  ['index.fail', 'TransientError', 'not now'],
  ['index.text', 'string', 'a text'],
  ['index.forget', 'Runtime.UnhandledPromiseRejection', 'forgotten'],
  ['index.large', 'Function.ResponseSizeTooLarge', 'maximum allowed payload size'],
  ['index.grow', 'Runtime.OutOfMemory', 'signal: killed'],
  ['index.callback', 'Runtime.CallbackHandlerDeprecated', 'Callback'],
  ['index.absent', 'Runtime.HandlerNotFound', 'index.absent is undefined or not exported'],
  ['absent.handler', 'Runtime.ImportModuleError', "Cannot find module 'absent'"],
  ['broken.handler', 'RangeError', 'at load'],
  ['syntax.handler', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
  ['incomplete.handler', 'Runtime.ImportModuleError', "Cannot find module 'not-bundled'"],
])('%s fails as %s', async (handler, errorType, message) => {
  const { invoke, lines } = deploy(handler);

  const { functionError, answer } = await invoke();

  expect(functionError).toBe('Unhandled');
  expect(answer.errorType).toBe(errorType);
  expect(answer.errorMessage).toContain(message);
  expect(lines.join()).toContain(errorType);
});

test.each([
  ['index.exit', { code: 3 }, 'Runtime exited with error: exit status 3'],
  ['index.exit', { code: 0 }, 'Runtime exited without providing a reason'],
])('%s(%j): the worker is gone, the next invocation gets a new one', async (handler, event, message) => {
  const { invoke } = deploy(handler);

  const first = await invoke(event);
  const second = await invoke(event);

  for (const { answer } of [first, second]) {
    expect(answer.errorType).toBe('Runtime.ExitError');
    expect(answer.errorMessage).toContain(message);
  }
});

test.each(['index.hang', 'index.spin'])('%s is ended when its time is over', async handler => {
  const { invoke } = deploy(handler, { timeout: 1 });

  const { answer } = await invoke();

  expect(answer.errorType).toBe('Sandbox.Timedout');
  expect(answer.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/);
});

test('no more invocations run at once than the concurrency says; the others wait', async () => {
  const { deployed, invoke } = deploy('index.echo', { concurrency: 1 });

  const all = [invoke(), invoke(), invoke()];
  const waiting = deployed.active;
  const answers = await Promise.all(all);

  expect(waiting).toBe(3);
  expect(answers.map(({ answer }) => answer.calls)).toEqual([1, 2, 3]);
  expect(deployed.active).toBe(0);
});

test('every line the function writes is heard', async () => {
  const { deployed, invoke, lines } = deploy('index.log');

  await invoke();
  await deployed.close();

  expect(lines.sort()).toEqual(['one', 'two']);
});

test('of two invocations the one that is meant is ended', async () => {
  const { deployed } = deploy('index.traced');
  const [one, two] = [deployed.invoke('{"stays": false}', 'Root=1'), deployed.invoke('{}', 'Root=2')];
  await new Promise(setImmediate);

  deployed.kill('memory', 'Root=1');

  expect(JSON.parse((await one).payload)).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(JSON.parse((await two).payload)).toBe('Root=2');
});

test('where the host of an invocation is lost, Lambda answers 500, and the function can be invoked again', async () => {
  const { deployed, invoke } = deploy('index.traced');
  const lost = deployed.invoke('{"stays": false}', 'Root=1');
  await new Promise(setImmediate);

  deployed.kill('killed', 'Root=1');

  await expect(lost).rejects.toMatchObject({ code: 'ServiceException', status: 500 });
  expect((await invoke()).functionError).toBeUndefined();
});

test('an event above 6 MB is not accepted', async () => {
  const { deployed } = deploy('index.echo');

  await expect(deployed.invoke(JSON.stringify('x'.repeat(6_291_456)))).rejects.toMatchObject({
    code: 'RequestTooLargeException',
    status: 413,
  });
});

test('over all functions together, only so many sandboxes stay warm: those used last', async () => {
  // Given
  const pool = new WarmPool(2);
  const [one, two, three] = [
    deploy('index.echo', {}, pool),
    deploy('index.echo', {}, pool),
    deploy('index.echo', {}, pool),
  ];
  // When
  for (const each of [one, two, three]) await each.invoke();
  // Then: the first had to make room, the others count on
  expect((await two.invoke()).answer.calls).toBe(2);
  expect((await three.invoke()).answer.calls).toBe(2);
  expect((await one.invoke()).answer.calls).toBe(1);
});
