import { evaluate, noValue, resolve, type Scope } from '../../../local/template/intrinsics.ts';

const scope: Scope = {
  ref: name => (name === 'AWS::NoValue' ? noValue : `ref-${name}`),
  getAtt: (id, attribute) => `att-${id}-${attribute}`,
  condition: name => name === 'Yes',
  importValue: name => `import-${name}`,
};

describe('resolve', () => {
  test.each([
    ['Ref', { Ref: 'Queue' }, 'ref-Queue'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'att-Queue-Arn'],
    ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, 'att-Queue-Arn'],
    ['Fn::Join', { 'Fn::Join': [':', ['a', { Ref: 'B' }, 1]] }, 'a:ref-B:1'],
    ['Fn::Split and Fn::Select', { 'Fn::Select': [1, { 'Fn::Split': ['-', { Ref: 'B' }] }] }, 'B'],
    ['Fn::Sub', { 'Fn::Sub': `\${A}/\${A.Arn}/\${!A}` }, `ref-A/att-A-Arn/\${A}`],
    ['Fn::Sub with variables', { 'Fn::Sub': [`\${X}\${A}`, { X: { Ref: 'Y' } }] }, 'ref-Yref-A'],
    ['Fn::If, true', { 'Fn::If': ['Yes', 1, 2] }, 1],
    ['Fn::If, false', { 'Fn::If': ['No', 1, 2] }, 2],
    ['Fn::ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'x' } }, 'import-x'],
    ['AWS::NoValue', { a: { Ref: 'AWS::NoValue' }, b: [{ Ref: 'AWS::NoValue' }, 1] }, { b: [1] }],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  test.each([
    [{ 'Fn::Cidr': [] }, 'Fn::Cidr'],
    [{ 'Fn::GetAZs': '' }, 'Fn::GetAZs'],
    ['{{resolve:ssm:x}}', 'dynamic reference'],
    [{ Ref: 'A', Other: 1 }, 'beside other keys'],
    [{ 'Fn::Select': [3, ['a']] }, 'outside its list'],
  ])('refuses %j by name', (value, message) => {
    expect(() => resolve(value, scope)).toThrow(message);
  });
});

test.each([
  [{ 'Fn::Equals': ['a', 'a'] }, true],
  [{ 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { Condition: 'Yes' }] }, true],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] }, false],
  [{ 'Fn::Not': [{ Condition: 'No' }] }, true],
])('condition %j is %s', (condition, expected) => {
  expect(evaluate(condition, scope)).toBe(expected);
});
