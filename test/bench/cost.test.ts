import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costDocument, typical } from '../../bench/cost/document.ts';
import { articleBill, roletrailBill } from '../../bench/cost/model.ts';

test('docs/cost.md is what the model says', () => {
  const file = join(import.meta.dirname, '..', '..', 'docs', 'cost.md');
  expect(readFileSync(file, 'utf8')).toBe(costDocument(typical));
});

test('the article pays for 2.2 write units of each of 12 records a file', () => {
  const { parts } = articleBill(typical);
  expect(parts['DynamoDB: evidence']).toBeCloseTo(1e6 * 12 * 2.2 * 0.625e-6, 6);
});

test('a larger batch shares the states among more files', () => {
  const of = (batch: number) => roletrailBill({ ...typical, batch }).parts['Step Functions: states'] ?? 0;
  expect(of(1)).toBeCloseTo(100 * of(100), 6);
});

test('a bill is the sum of its parts', () => {
  const { parts, total } = roletrailBill(typical);
  expect(total).toBeCloseTo(
    Object.values(parts).reduce((sum, part) => sum + part, 0),
    6,
  );
});

test('batches of 100 cost no more than the article, of 250 at most 0.9 of it, look-ups included', () => {
  const ratio = (batch: number) => {
    const workload = { ...typical, batch };
    return roletrailBill(workload).total / articleBill(workload).total;
  };
  expect(ratio(100)).toBeLessThanOrEqual(1);
  expect(ratio(250)).toBeLessThanOrEqual(0.9);
});
