import { ServiceError } from '../contract.ts';

/** White space, brackets, wildcards, special and control characters. */
const forbidden = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;

/**
 * Holds an execution's name against AWS's rules: 1 to 80 characters, none of the forbidden ones.
 * @throws ServiceError InvalidName
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
export function checkExecutionName(name: string): void {
  if (name.length < 1 || name.length > 80 || forbidden.test(name)) {
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  }
}
