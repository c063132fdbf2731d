import { type Need, ServiceError } from '../../contract.ts';

// A name is quoted, or a plain word: only in quotes may it hold dots and dashes.
const name = String.raw`(?:"([^"]+)"|(\w+))`;
const forms: [action: string, form: RegExp][] = [
  ['PartiQLInsert', new RegExp(String.raw`^\s*INSERT\s+INTO\s+${name}`, 'i')],
  ['PartiQLUpdate', new RegExp(String.raw`^\s*UPDATE\s+${name}`, 'i')],
  ['PartiQLDelete', new RegExp(String.raw`^\s*DELETE\s+FROM\s+${name}`, 'i')],
  [
    'PartiQLSelect',
    new RegExp(String.raw`^\s*(?:EXISTS\s*\(\s*)?SELECT\s[^"']*?\sFROM\s+${name}(?:\.${name})?`, 'i'),
  ],
];

/**
 * What a PartiQL statement needs: its verb's action on its table, or on the index a SELECT reads (DynamoDB guide,
 * "IAM security policies with PartiQL"). Throws ValidationException for a statement that is none of the four verbs.
 */
export function partiqlNeed(statement: unknown, tableArn: (name: string) => string): Need {
  for (const [action, form] of forms) {
    const found = typeof statement === 'string' ? form.exec(statement) : null;
    const [, quoted, plain, quotedIndex, plainIndex] = found ?? [];
    const table = quoted ?? plain;
    const index = quotedIndex ?? plainIndex;
    if (table) {
      return {
        action: `dynamodb:${action}`,
        resource: `${tableArn(table)}${index ? `/index/${index}` : ''}`,
      };
    }
  }
  throw new ServiceError(
    'ValidationException',
    `Statement wasn't well formed, can't be processed: ${statement}`,
  );
}
