/** What a user agent says of the software behind a request. Its sender chooses it: it is shown, and proves nothing. */
export interface Client {
  kind: 'console' | 'browser' | 'cli' | 'sdk' | 'infrastructure as code' | 'service' | 'other';
  /** `AWS CLI`, `Terraform`, `AWS SDK for Go`, or the service that called: `rds.amazonaws.com` */
  name: string;
  version: string | null;
  /** `Linux`, `macOS`, `Windows (WSL2)` */
  system: string | null;
  /** where it ran, as the client itself knows it: `AWS Lambda`, `AWS CloudShell` */
  environment: string | null;
  /** what names itself beside the client: an application, a plug-in */
  app: string | null;
}

/**
 * Clients by the token that tells them, in this order: what stands on an SDK comes before it. Tokens: AWS SDKs and Tools
 * reference guide, "Application ID"; CLI user guide; Terraform's provider; each as logs show it.
 */
const clients: [RegExp, Client['kind'], string][] = [
  [/\bOpenTofu\/([\w.+-]+)/, 'infrastructure as code', 'OpenTofu'],
  [/\bTerraform\/([\w.+-]+)/, 'infrastructure as code', 'Terraform'],
  [/\bterraform-provider-aws\/([\w.+-]+)/, 'infrastructure as code', 'Terraform AWS provider'],
  [/\bPulumi\/([\w.+-]+)/i, 'infrastructure as code', 'Pulumi'],
  [/\baws-cdk(?:-lib)?\/([\w.+-]+)/, 'infrastructure as code', 'AWS CDK'],
  [/\baws-sam-cli\/([\w.+-]+)/, 'infrastructure as code', 'AWS SAM CLI'],
  [/\bAnsible\/([\w.+-]+)/i, 'infrastructure as code', 'Ansible'],
  [/\bCloudCustodian(?:\([^)]*\))?\/([\w.+-]+)/, 'other', 'Cloud Custodian'],
  [/\beksctl\/([\w.+-]+)/, 'cli', 'eksctl'],
  [/\bstratus-red-team_/, 'other', 'Stratus Red Team'],
  [/\bPacu\b(?:\/([\w.]+))?/, 'other', 'Pacu'],
  [/\bconfigure-aws-credentials-for-github-actions\b/, 'other', 'GitHub Actions (configure-aws-credentials)'],
  [/\bamazon-ssm-agent\b/, 'other', 'SSM Agent'],
  [/\bCredHelper\/([\w.]+)/, 'other', 'IAM Roles Anywhere credential helper'],
  [/\baws-cli(?:\/([\w.+-]+))?/, 'cli', 'AWS CLI'],
  [/\b(?:AWSPowerShell|AWS\.Tools)[\w.]*(?:\/([\w.]+))?/, 'cli', 'AWS Tools for PowerShell'],
  [/\bBoto3(?:\/([\w.+-]+))?/i, 'sdk', 'AWS SDK for Python (Boto3)'],
  [/\bBotocore(?:[/#]([\w.+-]+))?/i, 'sdk', 'AWS SDK for Python (Botocore)'],
  [/\baws-sdk-(?:js|nodejs)(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for JavaScript'],
  [/\baws-sdk-java(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Java'],
  [/\baws-sdk-go(?:-v2)?(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Go'],
  [/\baws-sdk-rust(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Rust'],
  [/\baws-sdk-ruby\d?(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Ruby'],
  [/\baws-sdk-php(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for PHP'],
  [/\baws-sdk-(?:dotnet|net)[\w-]*(?:\/([\w.+-]+))?/i, 'sdk', 'AWS SDK for .NET'],
  [/\baws-sdk-cpp(?:\/([\w.+-]+))?/i, 'sdk', 'AWS SDK for C++'],
  [/\baws-sdk-kotlin(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Kotlin'],
  [/\baws-sdk-swift(?:\/([\w.+-]+))?/, 'sdk', 'AWS SDK for Swift'],
];

/** Browsers name those they take after, too: the one that is meant comes first here. */
const browsers: [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\/([\d.]+)/, 'Edge'],
  [/\b(?:OPR|Opera)\/([\d.]+)/, 'Opera'],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, 'Firefox'],
  [/\b(?:Chrome|CriOS)\/([\d.]+)/, 'Chrome'],
  [/\bVersion\/([\d.]+).*\bSafari\b|\bSafari\b/, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/\bkali\b|-kali\d/i, 'Kali Linux'],
  [/\bparrot\b|\dparrot/i, 'Parrot Linux'],
  [/microsoft-standard|\bWSL2?\b/, 'Windows (WSL)'],
  [/\bamzn\d|\.amzn/, 'Amazon Linux'],
  [/\bAndroid\b/i, 'Android'],
  [/\bos\/ios\b|\biPhone\b|\biPad\b/i, 'iOS'],
  [/\bos\/macos\b|\bDarwin\b|\bMacintosh\b|\bMac OS X\b|\bMac_OS_X\b/i, 'macOS'],
  [/\bos\/windows\b|\bWindows\b/i, 'Windows'],
  [/\bLinux\b/i, 'Linux'],
];

/** The client that a user agent names; null for none. Of any text, however long or odd. */
export function clientOf(userAgent: string | null): Client | null {
  const agent = userAgent
    ?.slice(0, longest)
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  if (!agent) return null;
  return service(agent) ?? console(agent) ?? browser(agent) ?? software(agent);
}

/** Of what a header may carry; CloudTrail keeps 1 KB of it (record contents, `userAgent`). */
const longest = 1024;
const none = { version: null, system: null, environment: null, app: null };

/** A service that called for somebody stands in place of an agent (record contents, `userAgent`). */
function service(agent: string): Client | null {
  if (/^(?:console|signin)\.amazonaws\.com(?:\.cn)?$/.test(agent)) return null;
  const internal = /^AWS Internal\b/.test(agent) && !agent.includes(',');
  return internal || /^[\w.-]+\.amazonaws\.com(?:\.cn)?$/.test(agent)
    ? { ...none, kind: 'service', name: agent }
    : null;
}

/** Backends of the console: `S3Console/0.4, aws-internal/3 ...`, `AWS Signin, aws-internal/3 ...`; of old, its name alone. */
function console(agent: string): Client | null {
  const [, backend] = /^([\w ./-]+?)(?:\/[\d.]+)?, ?(?:aws-internal|aws-sdk-java)\//.exec(agent) ?? [];
  const known = /^(?:console|signin)\.amazonaws\.com|^(?:AWSConsole|AWS Console|S3Console)\b/.test(agent);
  if (!backend && !known) return null;
  return { ...none, kind: 'console', name: 'AWS Management Console', app: backend ?? null };
}

function browser(agent: string): Client | null {
  if (!agent.startsWith('Mozilla/')) return null;
  const found = firstOf(browsers, agent);
  const name = found?.row[1] ?? 'Browser';
  return { ...none, kind: 'browser', name, version: found?.version ?? null, system: systemOf(agent) };
}

function software(agent: string): Client {
  const found = firstOf(clients, agent);
  const [, name = agent, version = null] = /^([^\s/]+)(?:\/(\S+))?/.exec(agent) ?? [];
  const told = found
    ? { kind: found.row[1], name: found.row[2], version: found.version }
    : { kind: 'other' as const, name, version };
  return {
    ...told,
    system: systemOf(agent),
    environment: environmentOf(agent),
    app: found ? appOf(agent) : null,
  };
}

function firstOf<Row extends [RegExp, ...unknown[]]>(
  rows: readonly Row[],
  agent: string,
): { row: Row; version: string | null } | null {
  for (const row of rows) {
    const match = row[0].exec(agent);
    if (match) return { row, version: match[1] ?? null };
  }
  return null;
}

function systemOf(agent: string): string | null {
  return systems.find(([pattern]) => pattern.test(agent))?.[1] ?? null;
}

/** `exec-env` is what AWS's own environments set (AWS_EXECUTION_ENV). */
function environmentOf(agent: string): string | null {
  const [, said] = /\bexec-env\/(\S+)/.exec(agent) ?? [];
  if (!said) return null;
  if (said === 'CloudShell') return 'AWS CloudShell';
  if (said.startsWith('AWS_Lambda')) return 'AWS Lambda';
  return said.startsWith('AWS_ECS') ? 'Amazon ECS' : withoutId(said);
}

/** An application says its name as `app/NAME`, or as a word of its own at the end, where SDKs put what their users set. */
function appOf(agent: string): string | null {
  const [, said] = /\bapp\/(\S+)/.exec(agent) ?? [];
  if (said) return withoutId(said);
  const last = agent.slice(agent.lastIndexOf(' ') + 1);
  const plain = /^[A-Za-z][\w.-]*(?:\/[\w.]+)?$/.test(last) && !ofSdks.test(last) && agent.includes(' ');
  return plain ? withoutId(last) : null;
}

/** Some clients set another id each time: they are one client all the same. */
function withoutId(name: string): string {
  return name.replace(/[_-]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i, '') || name;
}

const ofSdks =
  /^(?:(?:md|ua|os|lang|api|m|cfg|ft|sso|exe|prompt|command|exec-env|vendor|java|exec|sc)[/#]|(?:Python|Linux|Darwin|Windows|Botocore|Boto3|Resource|Paginator|OpenJDK|promise|callback|terraform-provider-aws|Terraform|amazon-ssm-agent|aws-cli|aws-sdk-)\b)/i;

/** As a person would say it: `AWS CLI 2.24.19 on Linux, AWS CloudShell`. */
export function clientText({ name, version, system, environment, app }: Client): string {
  const software = [name, version].filter(part => part !== null).join(' ');
  const where = [app && `(${app})`, system && `on ${system}`].filter(part => part !== null).join(' ');
  return [[software, where].filter(part => part !== '').join(' '), environment]
    .filter(part => part)
    .join(', ');
}
