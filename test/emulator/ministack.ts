import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { project } from './step.ts';

/** An AWS emulator of others (MIT, PyPI): what it makes of the templates and the functions, we have no part in. */
export const version = '1.5.33';

/** The program: `MINISTACK`, else one on PATH; null where there is none. */
export function findMinistack(): string | null {
  const { MINISTACK } = process.env;
  if (MINISTACK) return existsSync(MINISTACK) ? MINISTACK : null;
  const { status, stdout } = spawnSync('which', ['ministack'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

/** One running emulator. Its access keys are accounts: 12 digits. */
export class Ministack {
  readonly endpoint: string;
  /** whether it evaluates IAM, bucket, queue and topic policies */
  readonly auth: boolean;
  readonly #server: ChildProcess;
  readonly #certificate: string | null;

  private constructor(server: ChildProcess, endpoint: string, certificate: string | null) {
    this.#server = server;
    this.endpoint = endpoint;
    this.auth = certificate !== null;
    this.#certificate = certificate;
  }

  /**
   * Starts it in `folder`, which takes its state and its log. With `auth` over TLS: the buckets refuse what is not.
   * `concurrency`: how many functions run at once, over all; more are throttled.
   */
  static async start(
    program: string,
    folder: string,
    auth: boolean,
    concurrency?: number,
  ): Promise<Ministack> {
    const tmp = join(folder, 'tmp');
    for (const each of [folder, tmp]) mkdirSync(each, { recursive: true });
    // Its workers are CommonJS: a package.json further up must not make modules of them.
    writeFileSync(join(folder, 'package.json'), '{"type":"commonjs"}\n');
    const certificate = auth ? makeCertificate(folder) : null;
    // NODE_EXTRA_CA_CERTS holds for the processes it starts; for this one it comes too late.
    if (certificate)
      setDefaultCACertificates([...getCACertificates('default'), readFileSync(certificate, 'utf8')]);
    const port = await freePort();
    const log = openSync(join(folder, 'ministack.log'), 'w');
    const server = spawn(program, {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        // The functions run on the first node of PATH: the project's, which is the runtime's of Lambda.
        PATH: `${dirname(process.execPath)}:${dirname(program)}:${process.env.PATH}`,
        HOME: folder,
        TMPDIR: tmp,
        STATE_DIR: join(folder, 'state'),
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        MINISTACK_HOST: '127.0.0.1',
        MINISTACK_REGION: 'us-east-1',
        LAMBDA_EXECUTOR: 'local',
        ...(concurrency && { LAMBDA_ACCOUNT_CONCURRENCY: String(concurrency) }),
        IOT_MTLS_ENABLED: '0',
        SFTP_ENABLED: '0',
        ...(certificate && {
          AUTH: 'true',
          USE_SSL: '1',
          NODE_EXTRA_CA_CERTS: certificate,
          MINISTACK_SSL_CERT: certificate,
          MINISTACK_SSL_KEY: join(folder, 'key.pem'),
        }),
      },
    });
    closeSync(log);
    const scheme = certificate ? 'https' : 'http';
    const started = new Ministack(server, `${scheme}://127.0.0.1:${port}`, certificate);
    for (let tries = 0; tries < 240; tries += 1) {
      if (server.exitCode !== null) break;
      if (await started.#answers()) return started;
      await delay(250);
    }
    await started.close();
    throw new Error(
      `ministack does not start:\n${readFileSync(join(folder, 'ministack.log'), 'utf8').slice(-2_000)}`,
    );
  }

  /** What a process needs in its environment to speak to it as an account. Nothing of the user's own credentials is in it. */
  environment(account = '999999999999', region = 'us-east-1'): Record<string, string> {
    return {
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.TMPDIR ?? '/tmp',
      CI: '1',
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ENDPOINT_URL_S3: this.endpoint,
      AWS_ACCESS_KEY_ID: account,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...(this.#certificate && { NODE_EXTRA_CA_CERTS: this.#certificate, AWS_CA_BUNDLE: this.#certificate }),
    };
  }

  /** MB that it and its functions hold now. */
  memory(): number {
    const pid = String(this.#server.pid);
    const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', pid, '--ppid', pid], { encoding: 'utf8' });
    return Math.round(stdout.split('\n').reduce((sum, line) => sum + Number(line), 0) / 1024);
  }

  async close(): Promise<void> {
    if (this.#server.exitCode !== null) return;
    this.#server.kill('SIGTERM');
    await Promise.race([once(this.#server, 'exit'), delay(15_000, undefined, { ref: false })]);
    if (this.#server.exitCode === null) this.#server.kill('SIGKILL');
  }

  async #answers(): Promise<boolean> {
    const { status } = spawnSync('curl', ['-sk', '-o', '/dev/null', `${this.endpoint}/_ministack/health`]);
    return status === 0;
  }
}

function makeCertificate(folder: string): string {
  const certificate = join(folder, 'cert.pem');
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext ${names}`.split(' ');
  execFileSync('openssl', [...words, '-keyout', join(folder, 'key.pem'), '-out', certificate], {
    stdio: 'ignore',
    cwd: project,
  });
  return certificate;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
