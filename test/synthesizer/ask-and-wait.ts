import { text } from 'node:stream/consumers';
import { type Asked, ask } from './ask.ts';

/** The process that waits for an assembly in place of a test that is evaluated at once, without promises. */
try {
  await ask(JSON.parse(await text(process.stdin)) as Asked);
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = 1;
}
