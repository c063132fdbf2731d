import { problemsWith, type Said } from '../deployment/draft.ts';

/** Asks a person one question; answers the trimmed line. */
export type Ask = (question: string) => Promise<string>;

interface Question {
  /** the field of the configuration that the answer becomes */
  field: string;
  asked: (said: Said) => boolean;
  text: string;
  take: (said: Said, answer: string) => Said;
}

const words = (text: string) => text.split(/[\s,]+/).filter(word => word !== '');

const questions: Question[] = [
  {
    field: 'production.account',
    asked: said => said.account === undefined,
    text: 'Production account (12 digits): ',
    take: (said, account) => ({ ...said, account }),
  },
  {
    field: 'production.region',
    asked: said => said.region === undefined,
    text: 'Region of the pipeline and of the trail bucket: ',
    take: (said, region) => ({ ...said, region }),
  },
  {
    field: 'partners',
    asked: said => said.partner.length === 0,
    text: 'Partner accounts with the regions they use STS in, as 111111111111=us-east-1,eu-west-1 (empty: none): ',
    take: (said, answer) => ({ ...said, partner: answer.split(/\s+/).filter(word => word !== '') }),
  },
  {
    field: 'partners',
    asked: said => said.partner.length > 0 && said.externalId.length === 0,
    text: 'Their external ids, as 111111111111=3414 (empty: none): ',
    take: (said, answer) => ({ ...said, externalId: answer.split(/\s+/).filter(word => word !== '') }),
  },
  {
    field: 'auditedRoles',
    asked: said => said.role.length === 0,
    text: 'Roles to audit, ARNs or names: ',
    take: (said, answer) => ({ ...said, role: words(answer) }),
  },
  {
    field: 'trailBucket',
    asked: said => said.bucket === undefined,
    text: 'Bucket CloudTrail writes to: ',
    take: (said, bucket) => ({ ...said, bucket }),
  },
  {
    field: 'trailBucket',
    asked: said => said.createBucket === undefined && said.keyArn === undefined,
    text: 'Does the bucket exist (yes), or does the stack create it (no)? ',
    take: (said, answer) => ({ ...said, createBucket: /^n/i.test(answer) }),
  },
  {
    field: 'alarmEmail',
    asked: said => said.alarmEmail === undefined,
    text: 'E-mail address for alarms (empty: none): ',
    take: (said, answer) => (answer === '' ? said : { ...said, alarmEmail: answer }),
  },
];

/** Asks for what no option gave. A wrong answer gets one sentence, and the question again. */
export async function askForRest(said: Said, ask: Ask, tell: (sentence: string) => void): Promise<Said> {
  let known = said;
  for (const { field, asked, text, take } of questions) {
    if (!asked(known)) continue;
    for (;;) {
      const next = take(known, (await ask(text)).trim());
      const problems = problemsWith(field, next);
      if (problems.length === 0) {
        known = next;
        break;
      }
      for (const problem of problems) tell(problem);
    }
  }
  return known;
}
