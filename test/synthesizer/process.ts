import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Asked } from './ask.ts';

/**
 * The process that synthesizes for all tests of a run: to load the CDK takes ten times as long as a synthesis by one that has
 * it. Listens on the socket that its first word names, and says so; a request is JSON, an answer the sentence that it failed
 * with, or nothing. It ends with whoever holds its standard input.
 */
const server = createServer({ allowHalfOpen: true }, async socket => {
  // A test that was ended meanwhile does not wait for its answer.
  socket.on('error', () => socket.destroy());
  try {
    await write(JSON.parse(await text(socket)) as Asked);
    socket.end();
  } catch (error) {
    socket.end((error instanceof Error && error.message) || 'it failed without a word');
  }
});
server.listen(process.argv[2], () => process.stdout.write('listening\n'));
process.stdin.resume().on('end', () => process.exit());

async function write({ kind, config, assembly, logNames }: Asked): Promise<void> {
  // Loaded when it is first asked for: a run of a few tests may need none.
  const [{ AssetStaging }, { Code }, { synthesize }, { writeAssembly }] = await Promise.all([
    import('aws-cdk-lib'),
    import('aws-cdk-lib/aws-lambda'),
    import('../../infra/synth.ts'),
    import('../../cli/deployment/write-assembly.ts'),
  ]);
  // What the CDK remembers of a folder that was deleted and written anew would be missing in the new assembly.
  AssetStaging.clearAssetHashCache();
  if (kind === 'whole') return writeAssembly(config, assembly, logNames);
  if (kind === 'theirs') {
    const { writeTheirs } = await import('../infra/roletrail-construct.ts');
    return writeTheirs(config, assembly);
  }
  const code = () => Code.fromInline('exports.handler = async () => {}');
  synthesize(config, assembly, { checks: false, logNames, code });
}
